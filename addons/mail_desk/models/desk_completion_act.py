import base64
import binascii

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.exceptions import IntakeRefused
from odoo.addons.gov_base.lib import given, text

ANSWER_MAX = 20000


class DeskCompletion(models.Model):
    """What happens to a request: answered by the sender or noted by the desk, or not waited for any more."""

    _inherit = "desk.completion"

    def action_note_answer(self, answer=None, received_on=None, files=None):
        """Note the sender's answer that came by post, e-mail or at the counter.

        :param str answer: what came, in words; without it, open the form that asks
        :param received_on: day it came (date or ISO text), not before the request; today by default
        :param files: list of (file name, base64 content), through the checks of every file
        :return: True, or the window action of the form
        :raise UserError: answered already, letter closed, no words, odd day, refused file
        :raise AccessError: the user does not treat the letter
        """
        self._pass_gate("answered")
        if answer is None:
            return self._open_wizard("note", self.env._("Note the answer"))
        answer = text.clean_block(answer, ANSWER_MAX)
        day = self._answer_day(received_on)
        contents = self._decoded(files)
        if not answer and not contents:
            raise UserError(
                self.env._("Say in a few words what came. Nothing was noted.")
            )
        self._take_files(contents, "scan")
        self._answered(answer, day, "desk")
        return True

    def action_withdraw(self, reason=None):
        """Go on without the answer: the legal clock starts again today.

        An answer that comes later is still kept.

        :param str reason: why; without it, open the form that asks
        :return: True, or the window action of the form
        :raise UserError: not waited for, no reason
        :raise AccessError: the user does not treat the letter
        """
        self._pass_gate("withdrawn")
        if reason is None:
            return self._open_wizard("withdraw", self.env._("Go on without the answer"))
        reason = text.clean_line(reason, 500)
        if not reason:
            raise UserError(
                self.env._("Say why, in one line: the next person reads it.")
            )
        self._set(state="withdrawn", closing_reason=reason)
        self._resume_clock(None)
        self._log("completion_withdrawn", {"reason": reason}, journal={})
        return True

    def _answer_online(self, answer, uploads):
        """Take the sender's answer given online: once.

        :param str answer: what he wrote
        :param uploads: list of (file name, bytes)
        :raise UserError: answered already, letter closed, nothing given
        :raise IntakeRefused: a file may not come in: nothing is kept
        """
        self._pass_gate("answered", "sender")
        answer = text.clean_block(answer, ANSWER_MAX)
        if not answer and not uploads:
            raise UserError(
                self.env._("Write your answer or add a file: nothing was sent.")
            )
        self._take_files(uploads, "portal")
        self._answered(answer, self.company_id._gov_today(), "sender")

    def _answered(self, answer, day, who):
        waited = self.state == "asked"
        late = bool(self.due_date and day > self.due_date)
        # The letter's sender is named in the answer; who notes it may not read the letter.
        letter_sudo = self.sudo().letter_id
        self._set(
            state="answered",
            answer=answer or False,
            answered_at=fields.Datetime.now(),
            answered_on=day,
            answered_by=who,
            answered_by_name=letter_sudo.sender_name
            if who == "sender"
            else self.sudo().env.user.name,
            is_late_answer=late,
            send_state="none" if self.send_state == "pending" else self.send_state,
        )
        if waited:
            self._resume_clock(day)
        self._log(
            "completion_late" if late else "completion_answered",
            {"kind": who, "due": self.due_date if late else None},
            journal={"late": late, "by": who},
        )
        letter_sudo._desk_remind(
            letter_sudo._desk_responsible(),
            lambda env: env._("The sender answered: go on with the letter"),
            letter_sudo.desk_deadline,
        )
        letter_sudo._desk_completion_answered(self)

    def _fail(self):
        """The request never reached the sender: the clock was never stopped."""
        self._pass_gate("failed", "platform")
        self._set(state="failed")
        stop_sudo = self._clock_sudo().stop_ids.filtered(lambda stop: not stop.date_to)
        self._resume_clock(stop_sudo[:1].date_from)
        self._log("completion_failed", {}, journal={})
        # The gateway reports; the letter belongs to whoever works on it.
        letter_sudo = self.sudo().letter_id
        letter_sudo._desk_remind(
            letter_sudo._desk_responsible(),
            lambda env: env._("The request did not reach the sender: ask another way"),
            None,
        )

    def _drop(self, reason):
        """The letter was closed or cancelled: nothing is waited for."""
        self._pass_gate("dropped", "platform")
        self._set(state="dropped", closing_reason=reason)

    # ------------------------------------------------------------------
    # Clock
    # ------------------------------------------------------------------
    def _clock_sudo(self):
        # The clock follows what happens to the request.
        letter_sudo = self.sudo().letter_id
        return letter_sudo.clock_run_id

    def _stop_clock(self):
        """Stop the legal clock with this request; one that ran out is not stopped any more."""
        run = self._clock_sudo().with_env(self.env)
        # Whether the clock can stop is asked, nothing shown.
        if self.is_exception or not run or run.sudo()._refusal("suspend"):
            return
        run._suspend(
            self.env._("Request for completion no. %(number)s", number=self.number)
        )
        self._set(stops_clock=True)

    def _resume_clock(self, day):
        run = self._clock_sudo().with_env(self.env)
        # Whether the clock stands still is asked, nothing shown.
        if self.stops_clock and run.sudo().state == "suspended":
            run._resume(
                day,
                self.env._("Request for completion no. %(number)s", number=self.number),
            )

    # ------------------------------------------------------------------
    # What is given
    # ------------------------------------------------------------------
    def _answer_day(self, received_on):
        today = self.company_id._gov_today()
        try:
            day = given.day(received_on) or today
        except ValueError as error:
            raise UserError(
                self.env._(
                    "This is no date: write it like 2026-12-31. Nothing was noted."
                )
            ) from error
        if not self.company_id._gov_day(self.asked_at) <= day <= today:
            raise UserError(
                self.env._(
                    "An answer comes between the day of the request and today. Nothing "
                    "was noted."
                )
            )
        return day

    def _decoded(self, files):
        problem = UserError(
            self.env._(
                "A file did not arrive whole: choose it again. Nothing was noted."
            )
        )
        if files in (None, False, [], ()):
            return []
        if not isinstance(files, list | tuple):
            raise problem
        contents = []
        for file in files:
            if not isinstance(file, list | tuple) or len(file) != 2:
                raise problem
            name, content = file
            try:
                raw = base64.b64decode(content or b"", validate=True)
            except (TypeError, ValueError, binascii.Error) as error:
                raise problem from error
            contents.append((text.clean_line(name, 200) or self.env._("file"), raw))
        return contents

    def _take_files(self, uploads, origin):
        """Keep files with this request: all of them, or none.

        :raise UserError: for a person of the desk, naming the file and why
        :raise IntakeRefused: for the sender, whose page shows it
        """
        # Nobody writes requests: who may answer this one gives its files.
        intake_sudo = self.env["gov.intake"].sudo()
        owner_sudo = self.sudo()
        documents_sudo = self.env["gov.document"].sudo()
        with self.env.cr.savepoint():
            intake_sudo._check_batch([len(content) for _name, content in uploads])
            for name, content in uploads:
                try:
                    documents_sudo._ingest(
                        content,
                        name,
                        company=owner_sudo.company_id,
                        owner=owner_sudo,
                        origin=origin,
                    )
                except IntakeRefused as refusal:
                    sentence = self.env._(
                        "%(file)s: %(reason)s",
                        file=text.clean_line(name, 80),
                        reason=refusal.sentence,
                    )
                    raise IntakeRefused(refusal.code, sentence) from refusal

    def _log(self, kind, args, *, journal=None):
        # Nobody writes events by himself: the gate of the request was passed.
        letter_sudo = self.sudo().letter_id
        facts = None if journal is None else {"request": self.number, **journal}
        letter_sudo._desk_log(kind, {"number": self.number, **args}, journal=facts)

    def _open_wizard(self, act, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "desk.completion.answer.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_completion_id": self.id, "default_act": act},
        }
