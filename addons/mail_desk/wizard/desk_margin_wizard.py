from odoo import fields, models


class DeskMarginWizard(models.TransientModel):
    """Asks for an instruction and the page beside which it stands."""

    _name = "desk.margin.wizard"
    _description = "Instruction in the margin"

    letter_id = fields.Many2one("registry.letter", required=True, readonly=True)
    words = fields.Text(string="Instruction", required=True)
    page = fields.Integer(default=1, required=True)

    def action_confirm(self):
        """Write the instruction.

        :return: action that closes the form
        """
        self.ensure_one()
        self.letter_id.action_write_margin(self.words, page=self.page)
        return {"type": "ir.actions.act_window_close"}
