from odoo import fields, models


class GovDelegationRevoke(models.TransientModel):
    """Asks why a delegation is revoked; it decides nothing itself."""

    _name = "gov.delegation.revoke"
    _description = "Revoke a delegation"

    delegation_ids = fields.Many2many("gov.delegation", required=True)
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Revoke these delegations.

        :return: True
        :raise AccessError, UserError: see ``gov.delegation.action_revoke``
        """
        self.ensure_one()
        return self.delegation_ids.action_revoke(reason=self.reason or "")
