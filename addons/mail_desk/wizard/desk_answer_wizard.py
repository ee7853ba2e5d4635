from odoo import api, fields, models


class DeskAnswerWizard(models.TransientModel):
    """Asks for the words of an opinion."""

    _name = "desk.answer.wizard"
    _description = "Give an opinion"

    letter_id = fields.Many2one("registry.letter", required=True, readonly=True)
    question = fields.Text(compute="_compute_question")
    opinion = fields.Text(required=True)

    @api.depends("letter_id")
    def _compute_question(self):
        for wizard in self:
            rows = wizard.letter_id._desk_asked()
            wizard.question = "\n".join(
                question for question in rows.step_id.mapped("question") if question
            )

    def action_confirm(self):
        """Give the opinion.

        :return: action that closes the form
        """
        self.ensure_one()
        self.letter_id.action_give_opinion(self.opinion)
        return {"type": "ir.actions.act_window_close"}
