from odoo import fields, models


class GovPersonClose(models.TransientModel):
    """Asks why somebody's account is closed; ``gov.person`` decides and does it."""

    _name = "gov.person.close"
    _description = "Somebody leaves"

    person_id = fields.Many2one("gov.person", required=True, readonly=True)
    reason = fields.Char(required=True)

    def action_close(self):
        """Close the account.

        :return: action that closes the dialog
        :raise AccessError, UserError: what ``gov.person`` refuses
        """
        self.ensure_one()
        self.person_id._close(self.reason)
        return {"type": "ir.actions.act_window_close"}
