from odoo import api, fields, models

from ..models.gov_key_end import REVOCATION_CODES


class GovKeyRevokeWizard(models.TransientModel):
    """Asks why a key is revoked."""

    _name = "gov.key.revoke.wizard"
    _description = "Revoke a key"

    key_id = fields.Many2one("gov.key", required=True, readonly=True)
    holder_name = fields.Char(related="key_id.display_name", string="Key in words")
    purpose = fields.Selection(related="key_id.purpose")
    key_state = fields.Selection(related="key_id.state")
    from_outside = fields.Boolean(compute="_compute_from_outside")
    code = fields.Selection(
        REVOCATION_CODES, string="Why", required=True, help="On the revocation list."
    )
    reason = fields.Text(
        string="In words",
        required=True,
        help="For example: PIN told to somebody, left the service.",
    )

    @api.depends("key_id")
    def _compute_from_outside(self):
        for wizard in self:
            wizard.from_outside = not wizard.key_id.certificate_ids.issuer_id

    def action_confirm(self):
        """Revoke the key with this reason.

        :return: a notification
        :rtype: dict
        """
        self.ensure_one()
        key = self.key_id
        key.action_revoke(self.reason, self.code)
        if self.from_outside:
            kind, message = (
                "warning",
                self.env._(
                    "The key signs nothing here any more. Ask the authority that issued "
                    "its certificate to revoke it: only its own list says so to others."
                ),
            )
        elif key._is_published():
            kind, message = (
                "success",
                self.env._("The key is revoked and the new revocation list is out."),
            )
        else:
            kind, message = (
                "warning",
                self.env._(
                    "The key is revoked and signs nothing any more. The revocation list "
                    "will say so when the master key of this server is back: until "
                    "then the last list stays served."
                ),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": message,
                "sticky": kind == "warning",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
