from odoo import fields, models
from odoo.exceptions import UserError


class RegistryExchangeWizard(models.TransientModel):
    """Asks to which office of another administration a letter goes."""

    _name = "registry.exchange.wizard"
    _description = "Send a letter to another administration"

    letter_id = fields.Many2one("registry.letter", required=True, readonly=True)
    office_name = fields.Char(
        string="Office", help="Part of its name, of its code or of its administration."
    )
    office_ref = fields.Integer(string="Office number")
    note = fields.Text(
        string="A word to the registrar", help="Read by whoever accepts the letter."
    )

    def action_confirm(self):
        """Send the letter there.

        :return: window action on the exchange
        :raise UserError: no office was chosen
        """
        self.ensure_one()
        if not self.office_ref:
            raise UserError(
                self.env._("Choose the office in the list that opens while you type.")
            )
        return self.letter_id.action_exchange(
            office_id=self.office_ref, note=self.note or ""
        )
