from odoo import api, fields, models


class DeskCompletionWizard(models.TransientModel):
    """Asks what is missing, by when the sender answers and by which way he is asked."""

    _name = "desk.completion.wizard"
    _description = "Ask the sender"

    letter_id = fields.Many2one("registry.letter", required=True, readonly=True)
    question = fields.Text(string="What is missing", required=True)
    due_date = fields.Date(string="To answer by")
    channel = fields.Selection(
        "_selection_channel", string="By", compute="_compute_channel", readonly=False
    )
    is_exception = fields.Boolean(compute="_compute_effect")
    exception_reason = fields.Char(string="Why a second request", size=500)
    effect = fields.Char(compute="_compute_effect")

    @api.model
    def _selection_channel(self):
        return list(self.env["desk.completion"]._channels().items())

    @api.depends("letter_id")
    def _compute_channel(self):
        for wizard in self:
            wizard.channel = wizard.letter_id._completion_channels()[0]

    @api.depends("letter_id")
    def _compute_effect(self):
        for wizard in self:
            letter = wizard.letter_id
            wizard.is_exception = letter._completion_single_spent()
            # Whether the clock would stop is told to whoever asks.
            run_sudo = letter.sudo().clock_run_id
            if wizard.is_exception:
                wizard.effect = self.env._(
                    "The law allows one request, which was made: this one does not stop "
                    "the legal clock."
                )
            elif run_sudo and not run_sudo._refusal("suspend"):
                wizard.effect = self.env._(
                    "The legal clock stops today and goes on with the answer."
                )
            else:
                wizard.effect = self.env._("No legal clock runs on this letter.")

    def action_confirm(self):
        """Ask the sender.

        :return: action that closes the form
        """
        self.ensure_one()
        self.letter_id.action_ask_completion(
            self.question or "",
            self.due_date,
            self.channel,
            self.exception_reason,
        )
        return {"type": "ir.actions.act_window_close"}
