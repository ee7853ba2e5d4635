from odoo import fields, models


class DeskCompletionAnswerWizard(models.TransientModel):
    """Asks what came from the sender, or why the desk goes on without it."""

    _name = "desk.completion.answer.wizard"
    _description = "Answer to a request for completion"

    completion_id = fields.Many2one("desk.completion", required=True, readonly=True)
    act = fields.Selection(
        [("note", "Note the answer"), ("withdraw", "Go on without it")],
        required=True,
        readonly=True,
    )
    question = fields.Text(related="completion_id.question")
    answer = fields.Text(string="What came")
    received_on = fields.Date(string="Came on", default=fields.Date.context_today)
    file = fields.Binary(string="Scan", attachment=False)
    filename = fields.Char()
    reason = fields.Char(size=500)

    def action_confirm(self):
        """Note the answer, or go on without it.

        :return: action that closes the form
        """
        self.ensure_one()
        if self.act == "withdraw":
            self.completion_id.action_withdraw(self.reason or "")
        else:
            files = [(self.filename or "", self.file)] if self.file else None
            self.completion_id.action_note_answer(
                self.answer or "", self.received_on, files
            )
        return {"type": "ir.actions.act_window_close"}
