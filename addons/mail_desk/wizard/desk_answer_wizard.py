from odoo import api, fields, models

from odoo.addons.gov_base.lib import given


class DeskAnswerWizard(models.TransientModel):
    """Asks for the words of an opinion, on a letter or on a draft."""

    _name = "desk.answer.wizard"
    _description = "Give an opinion"

    letter_id = fields.Many2one("registry.letter", readonly=True)
    outgoing_id = fields.Many2one("desk.outgoing", readonly=True)
    # The digest of the draft that was on the screen: an opinion is about those words.
    base = fields.Char(readonly=True, default=lambda self: self._default_base())
    question = fields.Text(compute="_compute_question")
    opinion = fields.Text(required=True)

    def _default_base(self):
        outgoing = self.env["desk.outgoing"].browse(
            given.record_id(self.env.context.get("default_outgoing_id"))
        )
        known = outgoing.exists()._filtered_access("read")
        return known._circuit_base() if known else False

    @api.depends("letter_id", "outgoing_id")
    def _compute_question(self):
        for wizard in self:
            if wizard.outgoing_id:
                rows = wizard.outgoing_id._asked_of_me()
            else:
                rows = wizard.letter_id._desk_asked()
            wizard.question = "\n".join(
                question for question in rows.step_id.mapped("question") if question
            )

    def action_confirm(self):
        """Give the opinion.

        :return: action that closes the form
        """
        self.ensure_one()
        if self.outgoing_id:
            self.outgoing_id.action_give_opinion(self.opinion, base=self.base or "")
        else:
            self.letter_id.action_give_opinion(self.opinion)
        return {"type": "ir.actions.act_window_close"}
