from odoo import fields, models
from odoo.exceptions import UserError


class GovKeyRotateWizard(models.TransientModel):
    """Says what a new key changes, and asks why it is made."""

    _name = "gov.key.rotate.wizard"
    _description = "Give a key a successor"

    key_id = fields.Many2one("gov.key", required=True, readonly=True)
    key_name = fields.Char(related="key_id.display_name", string="Key in words")
    purpose = fields.Selection(related="key_id.purpose")
    reason = fields.Text(required=True, help="For example: it ends in a month.")
    understood = fields.Boolean(string="I have read this and want a new key")

    def action_confirm(self):
        """Make the successor and show it.

        :return: the window of the new key
        :rtype: dict
        """
        self.ensure_one()
        if not self.understood:
            raise UserError(
                self.env._(
                    "Tick the box to say that you want a new key. Nothing was done."
                )
            )
        made = self.key_id.action_rotate(self.reason)
        return {
            "type": "ir.actions.act_window",
            "res_model": "gov.key",
            "res_id": made.id,
            "views": [(False, "form")],
            "target": "current",
        }
