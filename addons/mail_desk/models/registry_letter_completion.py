from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import given, text

from .desk_role_mixin import READERS

QUESTION_MAX = 4000


class RegistryLetter(models.Model):
    """Asking the sender for what is missing: one request where the law says so."""

    _inherit = "registry.letter"

    completion_ids = fields.One2many(
        "desk.completion",
        "letter_id",
        string="Requests for completion",
        readonly=True,
        groups=READERS,
    )
    completion_id = fields.Many2one(
        "desk.completion",
        string="Waits for the sender",
        compute="_compute_completion_id",
        compute_sudo=True,
    )
    desk_can_ask_completion = fields.Boolean(compute="_compute_desk_can_ask_completion")
    desk_completion_is_exception = fields.Boolean(
        compute="_compute_desk_can_ask_completion"
    )

    @api.depends("completion_ids.state")
    def _compute_completion_id(self):
        for letter in self:
            letter.completion_id = letter.completion_ids.filtered(
                lambda completion: completion.state == "asked"
            )[:1]

    @api.depends("desk_state", "completion_ids.state")
    @api.depends_context("uid")
    def _compute_desk_can_ask_completion(self):
        for letter in self:
            exception = letter._completion_single_spent()
            letter.desk_completion_is_exception = exception
            letter.desk_can_ask_completion = not letter._completion_refusal(
                "." if exception else ""
            )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------
    def action_ask_completion(
        self, question=None, due_date=None, channel=None, exception_reason=None
    ):
        """Ask the sender of this letter for what is missing; the legal clock stops until the answer.

        Law 55-19 allows one request only: whether a rule says so is data of its legal length
        (``gov.clock.single_completion``). A second one is an exception: by a supervisor, with its reason,
        logged, without effect on the clock.

        :param str question: what is missing, as the sender reads it; without it, open the form
        :param due_date: day to answer by (date or ISO text); none by default
        :param str channel: "email", "post", "other" (telephone, counter) or one that a bridge adds
            ("portal"); the first possible one by default
        :param str exception_reason: why the law's single request is not enough
        :return: True, or the window action of the form
        :raise UserError: not registered, answered, closed, a request waits already, no words, odd day or way
        :raise AccessError: the user does not treat the letter, or makes no exception
        """
        self.ensure_one()
        reason = text.clean_line(exception_reason, 500)
        if question is None:
            exception = "." if self._completion_single_spent() else ""
            self._desk_check(lambda letter: letter._completion_refusal(exception))
            return self._desk_open_completion()
        self._desk_check(lambda letter: letter._completion_refusal(reason))
        question = text.clean_block(question, QUESTION_MAX)
        if not question:
            raise UserError(
                self.env._(
                    "Say what is missing: the sender reads it. Nothing was asked."
                )
            )
        channel = channel or self._completion_channels()[0]
        if refusal := self._completion_channel_refusal(channel):
            raise refusal
        self._completion_create(
            question=question,
            due_date=self._completion_day(due_date),
            channel=channel,
            is_exception=self._completion_single_spent(),
            exception_reason=reason or False,
        )
        return True

    def _completion_channels(self):
        """Return the codes of the ways this sender can be reached, best first."""
        self.ensure_one()
        ways = ["post", "other"]
        # Only whether there is an address is told.
        return ["email", *ways] if self.sudo().sender_email else ways

    def _completion_channel_refusal(self, channel):
        if channel in self._completion_channels():
            if channel != "email":
                return None
            # Only whether the address can be written to is told.
            address = self.sudo().sender_email
            return self.env["desk.outgoing"]._address_refusal(address)
        if channel == "email":
            return UserError(
                self.env._(
                    "The sender gave no e-mail address: ask by post or by telephone."
                )
            )
        return UserError(
            self.env._("The sender is not reached this way: choose one of the list.")
        )

    def _completion_day(self, due_date):
        try:
            day = given.day(due_date)
        except ValueError as error:
            raise UserError(
                self.env._(
                    "This is no date: write it like 2026-12-31. Nothing was asked."
                )
            ) from error
        if day and day < self.company_id._gov_today():
            raise UserError(
                self.env._("The day to answer by is past: choose a later one.")
            )
        return day or False

    def _completion_create(self, **vals):
        # Nobody writes requests: the gate was passed.
        completions_sudo = self.env["desk.completion"].sudo()._desk_gated()
        send_state = self._completion_send_state(vals["channel"])
        completion = completions_sudo.create(
            {
                **vals,
                "letter_id": self.id,
                "company_id": self.company_id.id,
                "number": max(self._completions_sudo().mapped("number"), default=0) + 1,
                "address": send_state == "pending" and self.sudo().sender_email,
                "asked_by_id": self.env.uid,
                "asked_by_name": self.env["desk.event"]._actor()["actor_name"],
                "send_state": send_state,
            }
        ).with_env(self.env)
        completion._stop_clock()
        self._desk_log(
            "completion_asked",
            {
                "number": completion.number,
                "due": vals["due_date"],
                "reason": vals["exception_reason"],
                "question": vals["question"][:300],
            },
            journal={
                "request": completion.number,
                "channel": vals["channel"],
                "exception": vals["is_exception"],
            },
        )
        if completion.send_state == "pending":
            self.env.ref("mail_desk.ir_cron_desk_process_completions")._trigger()
        return completion

    def _completion_send_state(self, channel):
        """Return "pending" when something leaves by e-mail for this way."""
        return "pending" if channel == "email" else "none"

    def _desk_open_completion(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask the sender"),
            "res_model": "desk.completion.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_letter_id": self.id},
        }

    def action_note_completion(self):
        """Open the form that notes the sender's answer.

        :return: window action
        :raise UserError: nothing waits for the sender
        """
        return self._completion_waiting().action_note_answer()

    def action_withdraw_completion(self):
        """Open the form that goes on without the sender's answer.

        :return: window action
        :raise UserError: nothing waits for the sender
        """
        return self._completion_waiting().action_withdraw()

    def _completion_waiting(self):
        self.ensure_one()
        self.check_access("read")
        waiting = self.completion_id.with_env(self.env)
        if not waiting:
            raise UserError(
                self.env._(
                    "Nothing was asked of the sender of %(letter)s that still waits.",
                    letter=self.display_name,
                )
            )
        return waiting

    # ------------------------------------------------------------------
    # Follows the letter
    # ------------------------------------------------------------------
    def _desk_clock_follow(self):
        """A letter that is answered, closed or cancelled waits for nothing any more."""
        self.ensure_one()
        if self._desk_is_over():
            # Who closes or cancels the letter may not read its requests.
            letter_sudo = self.sudo()
            if letter_sudo.completion_id:
                letter_sudo.completion_id._drop(self._desk_end_reason())
        return super()._desk_clock_follow()

    def _desk_completion_answered(self, completion):
        """The sender answered, or his answer was noted. Hook of rules and bridges."""
