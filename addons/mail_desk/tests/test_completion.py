import base64
from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.digital_registry.tests.common import pdf_file

from .common_clock import DeskClockCase
from .common_smtp import SmtpCase


@tagged("post_install", "-at_install")
class TestCompletion(SmtpCase, DeskClockCase):
    """Asking the sender for what is missing; the clock stops and starts."""

    def test_ask_and_answer(self):
        letter = self._clocked()
        request = self._ask(letter, due_date=self._day(10))
        self.assertEqual(letter.clock_run_id.state, "suspended")
        self.assertFalse(letter.desk_legal_date)
        self.assertTrue(request.stops_clock)
        self.assertIn("completion_asked", self._kinds(letter))
        mine = letter.with_user(self.au)
        self.assertEqual(mine.desk_next, "complete")
        self.assertIn("The sender was asked", mine.desk_todo)
        with self._in(6):
            self.assertFalse(mine.desk_is_late)
            with self.refused(UserError, "waits for the sender"):
                self._ask(letter)
            request.with_user(self.au).action_note_answer("The title came by post")
            sentence = letter.clock_run_id._public_sentence()
        self.assertEqual(request.state, "answered")
        self.assertFalse(request.is_late_answer)
        self.assertEqual(letter.clock_run_id.state, "running")
        self.assertEqual(letter.desk_legal_date, self._day(36))
        self.assertIn("the 6 days you took to answer are not counted", sentence)
        self.assertIn(self.au, self._activities(letter))
        with self.refused(UserError, "an answer is given once"):
            request.with_user(self.au).action_note_answer("Again")

    def test_answered_late(self):
        letter = self._clocked()
        request = self._ask(letter, due_date=self._day(5))
        with self._in(6):
            self.env["desk.completion"]._process_completions()
            self.env["desk.completion"]._process_completions()
        self.assertEqual(self._kinds(letter).count("completion_overdue"), 1)
        self.assertEqual(letter.clock_run_id.state, "suspended")
        with self._in(9):
            request.with_user(self.au).action_note_answer(
                "Came late", received_on=self._day(8)
            )
        self.assertTrue(request.is_late_answer)
        self.assertEqual(letter.desk_legal_date, self._day(38))
        self.assertIn("completion_late", self._kinds(letter))

    def test_gone_on_then_answered(self):
        letter = self._clocked()
        request = self._ask(letter)
        with self._in(4):
            with self.refused(UserError, "Say why"):
                request.with_user(self.au).action_withdraw(" ")
            request.with_user(self.au).action_withdraw("We found it ourselves")
            self.assertEqual(letter.desk_legal_date, self._day(34))
        with self._in(9):
            request.with_user(self.au).action_note_answer("Came after all")
        self.assertEqual(request.state, "answered")
        self.assertEqual(letter.desk_legal_date, self._day(34), "the clock ran already")

    def test_second_request_is_an_exception(self):
        letter = self._clocked()
        request = self._ask(letter)
        request.with_user(self.au).action_note_answer("Came")
        due = letter.desk_legal_date
        for user in (self.au, self.hu):
            with self.refused(AccessError, "one request only"):
                self._ask(letter, user, exception_reason="Please")
        with self.refused(UserError, "with its reason"):
            self._ask(letter, self.supervisor, exception_reason=" \u200b")
        second = self._ask(
            letter, self.supervisor, exception_reason="The title was of another plot"
        )
        self.assertEqual((second.number, second.is_exception), (2, True))
        self.assertFalse(second.stops_clock)
        self.assertEqual(letter.clock_run_id.state, "running")
        self.assertEqual(letter.desk_legal_date, due)
        event = letter.sudo().desk_event_ids.filtered(
            lambda e: e.kind == "completion_asked"
        )[0]
        self.assertIn("another plot", event.sentence)
        free = self._rule(name="Free", length=30)
        self.category.clock_id = free
        letter = self._clocked()
        for number in (1, 2, 3):
            self.assertEqual(self._ask(letter).number, number)
            letter.with_user(self.au).completion_id.action_withdraw("Go on")

    def test_who_may_and_when(self):
        letter = self._clocked()
        for user in (self.au2, self.al, self.stranger, self.desk_auditor):
            with self.refused(AccessError, "."):
                self._ask(letter, user)
        for question in ("", " \u200b ", "\u202e"):
            with self.refused(UserError, "Say what is missing"):
                self._ask(letter, question=question)
        for due in ("soon", 7, ["2030-01-01"], {}):
            if due:
                with self.refused(UserError, "no date"):
                    self._ask(letter, due_date=due)
        with self.refused(UserError, "is past"):
            self._ask(letter, due_date=self._day(-1))
        for channel in ("pigeon", 3, ["post"]):
            with self.refused(UserError, "not reached this way"):
                self._ask(letter, channel=channel)
        with self.refused(UserError, "no e-mail address"):
            self._ask(letter, channel="email")
        letter.with_user(self.hu).action_close("Done", "no_reply")
        with self.refused(UserError, "answered or closed"):
            self._ask(letter)
        for vals in ({"state": "answered"}, {"letter_id": 1}, {"answer": "x"}):
            with self.refused(AccessError, "."):
                self._ask(self._clocked()).with_user(self.supervisor).write(vals)

    def test_odd_answers(self):
        request = self._ask(self._clocked())
        mine = request.with_user(self.au)
        for day in (self._day(-1), self._day(1), date(1900, 1, 1)):
            with self.refused(UserError, "between the day"):
                mine.action_note_answer("x", received_on=day)
        for day in ("soon", 5):
            with self.refused(UserError, "no date"):
                mine.action_note_answer("x", received_on=day)
        for files in ("x", [1], [("a",)], [("a", 5)], [("a.pdf", "%%%")], {"a": 1}):
            with self.refused(UserError, "did not arrive whole"):
                mine.action_note_answer("x", files=files)
        with self.refused(UserError, "in a few words"):
            mine.action_note_answer(" ")
        bad = base64.b64encode(b"MZ\x90 not a document").decode()
        with self.refused(UserError, "odd.exe"):
            mine.action_note_answer("x", files=[("odd.exe", bad)])
        self.assertFalse(request.gov_document_ids)
        good = base64.b64encode(pdf_file("Title")).decode()
        mine.action_note_answer("Title", files=[("title.pdf", good)])
        documents = request.gov_document_ids
        self.assertEqual(documents.mapped("filename"), ["title.pdf"])
        self.assertTrue(documents.with_user(self.au).has_access("read"))
        self.assertFalse(documents.with_user(self.stranger).has_access("read"))
        self.assertFalse(
            self.env["desk.completion"].with_user(self.stranger).search_count([])
        )
        with self.refused(UserError, "cannot be deleted"):
            documents.unlink()

    def test_closed_reopened_and_cancelled_while_suspended(self):
        letter = self._clocked()
        request = self._ask(letter)
        with self._in(4):
            letter.with_user(self.hu).action_close("Answered by telephone", "no_reply")
            self.assertEqual(
                (request.state, letter.clock_run_id.state), ("dropped", "stopped")
            )
            with self.refused(UserError, "not waited for any more"):
                request.with_user(self.au).action_note_answer("Late")
        with self._in(10):
            letter.with_user(self.hu).action_reopen("Too early")
        self.assertEqual(letter.clock_run_id.state, "running")
        self.assertEqual(letter.desk_legal_date, self._day(34))
        letter = self._clocked()
        request = self._ask(letter)
        letter.with_user(self.head).action_cancel("Twice", "Decision 1")
        self.assertEqual(
            (request.state, letter.clock_run_id.state), ("dropped", "stopped")
        )

    def test_asked_after_the_time_ran_out(self):
        letter = self._clocked()
        with self._in(31):
            request = self._ask(letter)
            self.assertFalse(request.stops_clock)
            self._clocks()
            self.assertEqual(letter.clock_run_id.state, "expired")
            request.with_user(self.au).action_note_answer("Came")
        self.assertEqual(letter.clock_run_id.state, "expired")
        plain = self._assigned()
        self.assertFalse(self._ask(plain).stops_clock, "no clock, still asked")

    def test_sent_by_email(self):
        letter = self._clocked(sender_email="m.benallal@example.ma", language="fr")
        request = self._ask(letter, question="Titre foncier\n<b>original</b>")
        self.assertEqual((request.channel, request.send_state), ("email", "pending"))
        _controller, received, _answers = self._smtp()
        self.env["desk.completion"]._process_completions()
        self.env["desk.completion"]._process_completions()
        self.assertEqual(request.send_state, "sent", request.error)
        [(_from, to, message)] = received
        self.assertEqual(to, ["m.benallal@example.ma"])
        self.assertNotIn("permis", message["Subject"])
        body = message.get_body(("html",)).get_content()
        self.assertIn("Titre foncier<br", body)
        self.assertIn("&lt;b&gt;original&lt;/b&gt;", body)
        self.assertIn(letter.number, body)

    @mute_logger("odoo.addons.gov_base.models.mail_mail")
    def test_what_never_reached_the_sender_stopped_nothing(self):
        letter = self._clocked(sender_email="m.benallal@example.ma")
        request = self._ask(letter)
        self.assertEqual(letter.clock_run_id.state, "suspended")
        for day in range(1, 9):
            with self._in(day):
                self.env["desk.completion"]._process_completions()
        self.assertEqual(request.state, "failed")
        self.assertEqual(letter.clock_run_id.state, "running")
        self.assertEqual(letter.desk_legal_date, self._day(30))
        self.assertIn("completion_failed", self._kinds(letter))
        with self._in(9):
            again = self._ask(letter, channel="post")
        self.assertFalse(again.is_exception, "the first one does not count")
        self.assertTrue(again.stops_clock)

    def test_printed_once(self):
        letter = self._clocked(language="fr")
        request = self._ask(letter, question="Titre foncier\nPlan", channel="post")
        first = request.with_user(self.au).action_print()
        self.assertEqual(request.with_user(self.au).action_print(), first)
        version = request.gov_document_ids.current_version_id
        self.assertTrue(version._read_content().startswith(b"%PDF"))
        with self.refused(AccessError, "."):
            request.with_user(self.stranger).action_print()

    def test_at_the_same_second(self):
        letter = self._clocked()
        request = self._ask(letter)
        with patch.object(
            type(self.env["desk.completion"]),
            "lock_for_update",
            side_effect=LockError("busy"),
        ):
            for act in (
                lambda: request.with_user(self.au).action_note_answer("Mine"),
                lambda: request.with_user(self.hu).action_withdraw("Mine"),
                lambda: request.sudo()._answer_online("Mine", []),
            ):
                with self.refused(UserError, "at this very moment"):
                    act()
        other = self._clocked()
        with (
            patch.object(
                type(self.env["desk.assignment"]),
                "lock_for_update",
                side_effect=LockError("busy"),
            ),
            self.refused(UserError, "at this very moment"),
        ):
            self._ask(other)
        self.assertFalse(other.sudo().completion_ids)
        self.assertEqual(other.clock_run_id.state, "running")

    def test_forms(self):
        letter = self._clocked()
        action = letter.with_user(self.au).action_ask_completion()
        self.assertEqual(action["res_model"], "desk.completion.wizard")
        wizard = (
            self.env["desk.completion.wizard"]
            .with_user(self.au)
            .with_context(**action["context"])
            .create({"question": "A plan"})
        )
        self.assertEqual(wizard.channel, "post")
        self.assertIn("stops today", wizard.effect)
        wizard.action_confirm()
        letter.invalidate_recordset()
        action = letter.with_user(self.au).action_note_completion()
        self.env["desk.completion.answer.wizard"].with_user(self.au).with_context(
            **action["context"]
        ).create({"answer": "The plan"}).action_confirm()
        self.assertEqual(letter.sudo().completion_ids.state, "answered")
        with self.refused(UserError, "Nothing was asked"):
            letter.with_user(self.au).action_withdraw_completion()
