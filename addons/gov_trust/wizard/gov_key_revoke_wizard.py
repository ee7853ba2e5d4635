from odoo import fields, models


class GovKeyRevokeWizard(models.TransientModel):
    """Asks why the key of a person is revoked."""

    _name = "gov.key.revoke.wizard"
    _description = "Revoke a key"

    key_id = fields.Many2one("gov.key", required=True, readonly=True)
    holder_name = fields.Char(related="key_id.holder_name")
    reason = fields.Text(
        required=True, help="For example: PIN told to somebody, left the service."
    )

    def action_confirm(self):
        """Revoke the key with this reason.

        :return: True
        """
        self.ensure_one()
        self.key_id.action_revoke(self.reason)
        return True
