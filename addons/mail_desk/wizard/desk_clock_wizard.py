from odoo import api, fields, models


class DeskClockWizard(models.TransientModel):
    """Asks by how much the legal length of a letter is extended, and why."""

    _name = "desk.clock.wizard"
    _description = "Extend the legal length"

    letter_id = fields.Many2one("registry.letter", required=True, readonly=True)
    act = fields.Selection(
        [("extend", "Extend the legal length")], required=True, readonly=True
    )
    sentence = fields.Char(related="letter_id.clock_sentence")
    unit = fields.Selection(related="letter_id.clock_run_id.unit")
    length = fields.Integer(
        string="Extend by", compute="_compute_length", readonly=False, required=True
    )
    reason = fields.Char(size=500)

    @api.depends("letter_id")
    def _compute_length(self):
        for wizard in self:
            wizard.length = wizard.letter_id.clock_run_id.extension_length

    def action_confirm(self):
        """Extend the legal length.

        :return: action that closes the form
        """
        self.ensure_one()
        self.letter_id.action_extend_clock(self.length, self.reason or "")
        return {"type": "ir.actions.act_window_close"}
