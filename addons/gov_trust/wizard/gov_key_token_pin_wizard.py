from odoo import fields, models


class GovKeyTokenPinWizard(models.TransientModel):
    """Asks for the PIN of a token, when the token refuses the one that is kept."""

    _name = "gov.key.token.pin.wizard"
    _inherit = "gov.typed.wizard"
    _description = "PIN of a token"

    key_id = fields.Many2one("gov.key", required=True, readonly=True)
    token_label = fields.Char(related="key_id.token_label")
    token_pin = fields.Char(string="PIN of the token", store=False)

    def _typed_names(self):
        return ("token_pin",)

    def action_confirm(self):
        """Show the key (``create`` took the PIN).

        :return: the form of the key
        :rtype: dict
        """
        return self._show_key()

    def _apply(self, token_pin):
        self.key_id.check_access("read")
        self.key_id._change_token_pin(token_pin or "")
