from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_clock import DeskClockCase


@tagged("post_install", "-at_install")
class TestClock(DeskClockCase):
    """The legal clock of a letter, from its registration to its answer."""

    def test_starts_at_the_registration(self):
        letter = self._clocked()
        run = letter.clock_run_id
        self.assertEqual((run.state, run.clock_id), ("running", self.rule))
        self.assertEqual(letter.desk_legal_date, self._day(30))
        self.assertIn("The administration has until", letter.clock_sentence)
        self.assertIn("Law 1-26", run.reference)
        self.assertIn("clock_started", self._kinds(letter))
        plain = self._arrived()
        self.assertFalse(plain.clock_run_id)
        deposit = self._deposit()
        self.assertFalse(deposit.clock_run_id)

    def test_category_heading_nature_and_late_registration(self):
        heading = self.env["registry.category"].create(
            {"name": "Town", "company_id": self.company.id, "clock_id": self.rule.id}
        )
        below = self.env["registry.category"].create(
            {"name": "Trees", "company_id": self.company.id, "parent_id": heading.id}
        )
        letter = self._arrived(category_id=below.id, arrival_date=self._day(-3))
        self.assertEqual(letter.clock_run_id.due_date, self._day(27))
        nature = self.env["registry.nature"].create(
            {"name": "Petition", "company_id": self.company.id}
        )
        nature.clock_id = self.rule
        letter = self._arrived(nature_id=nature.id)
        self.assertEqual(letter.clock_run_id.due_date, self._day(30))
        other = self._rule(name="Other", length=10)
        nature.clock_id = other
        letter.with_user(self.registrar).nature_id = False
        self.assertEqual(letter.clock_run_id.state, "stopped")
        letter.with_user(self.registrar).nature_id = nature
        self.assertEqual(letter.desk_legal_date, self._day(10))
        foreign = self.env["gov.clock"].create(
            {"name": "F", "length": 1, "company_id": self.other_company.id}
        )
        with self.refused(UserError, "."):
            nature.clock_id = foreign

    def test_deposit_counts_from_its_own_day(self):
        subject = self.env["registry.subject"].create(
            {
                "name": "Permit",
                "category_id": self.category.id,
                "company_id": self.company.id,
            }
        )
        letter = self._deposit(subject_type_id=subject.id)
        self.assertEqual(letter.clock_run_id.due_date, self._day(30))
        self.assertEqual(letter.desk_deadline, self._day(30))

    def test_nobody_writes_dates(self):
        letter = self._clocked()
        for vals in (
            {"desk_legal_date": "2030-01-01"},
            {"desk_deadline": "2030-01-01"},
            {"clock_run_id": False},
        ):
            for user in (self.registrar, self.supervisor, self.au):
                with self.refused(AccessError, "."):
                    letter.with_user(user).write(vals)

    def test_warned_then_silence_is_an_event(self):
        letter = self._clocked()
        with self._in(27):
            self._clocks()
        self.assertIn("working days", self._activities(letter)[self.au])
        with self._in(31):
            self._clocks()
            self._clocks()
        kinds = self._kinds(letter)
        self.assertEqual(kinds.count("clock_warned"), 1)
        self.assertEqual(kinds.count("clock_expired"), 1)
        told = self._activities(letter)
        self.assertIn(self.au, told)
        self.assertIn(self.hu, told)
        self.assertEqual(letter.clock_run_id.state, "expired")
        self.assertEqual(letter.desk_state, "assigned", "silence closes nothing")
        sentences = self._sentences(letter, self.au)
        self.assertTrue(any("ran out without an answer" in s for s in sentences))

    def test_effect_of_silence_is_said_by_a_person(self):
        rule = self._rule(name="Accepting", length=5, silence_effect="accept")
        self.category.clock_id = rule
        letter = self._clocked()
        with self.refused(UserError, "did not run out"):
            letter.with_user(self.hu).action_qualify_silence()
        with self._in(6):
            self._clocks()
            for user in (self.au, self.al, self.desk_auditor):
                with self.refused(AccessError, "."):
                    letter.with_user(user).clock_run_id.action_qualify("accept", "I")
            action = letter.with_user(self.hu).action_qualify_silence()
            self.assertEqual(action["res_model"], "gov.clock.dialog")
            with self.refused(UserError, "no such effect"):
                letter.with_user(self.hu).clock_run_id.action_qualify("refuse", "No")
            dialog = (
                self.env["gov.clock.dialog"]
                .with_user(self.hu)
                .with_context(**action["context"])
                .create({"effect": "accept", "reason": "The file was complete"})
            )
            dialog.action_confirm()
        self.assertIn("silence_qualified", self._kinds(letter))
        self.assertIn("accepts", self._sentences(letter, self.au)[0])

    def test_extension(self):
        letter = self._clocked()
        with self.refused(AccessError, "extends its legal length"):
            letter.with_user(self.au).action_extend_clock(5, "Mine")
        head = letter.with_user(self.hu)
        self.assertTrue(head.desk_can_extend)
        self.assertEqual(head.action_extend_clock()["res_model"], "desk.clock.wizard")
        for length in (11, 0, "5", None):
            reason = "Consultation" if length is not None else " "
            with self.refused(UserError, "at most|Say why"):
                head.action_extend_clock(length, reason)
        head.action_extend_clock(10, "Consultation of the agency")
        self.assertEqual(letter.desk_legal_date, self._day(40))
        self.assertIn("clock_extended", self._kinds(letter))
        with self.refused(UserError, "as often as the law allows"):
            head.action_extend_clock(1, "More")
        self.assertFalse(head.desk_can_extend)

    def test_closed_reopened_cancelled(self):
        letter = self._clocked()
        letter.with_user(self.hu).action_close("Not for us", "no_reply")
        self.assertEqual(letter.clock_run_id.state, "stopped")
        self.assertFalse(letter.desk_legal_date)
        letter.with_user(self.hu).action_reopen("It is for us")
        self.assertEqual(letter.clock_run_id.state, "running")
        self.assertEqual(letter.desk_legal_date, self._day(30))
        letter.with_user(self.head).action_cancel("Twice", "Decision 1")
        self.assertEqual(letter.clock_run_id.state, "stopped")
        with self._in(40):
            self._clocks()
        self.assertNotIn("clock_expired", self._kinds(letter))

    def test_joined_letters(self):
        lead, letter = self._clocked(), self._clocked()
        letter.with_user(self.hu).action_join(lead.id, "Same request")
        self.assertEqual(letter.desk_state, "closed")
        self.assertEqual(letter.clock_run_id.state, "running", "its sender still waits")
        lead.with_user(self.hu).action_close("By telephone", "no_reply")
        self.assertEqual(letter.clock_run_id.state, "stopped")
        lead.with_user(self.hu).action_reopen("Not yet")
        self.assertEqual(letter.clock_run_id.state, "running")

    def test_holiday_changed_under_a_running_clock(self):
        self.category.clock_id = self._rule(
            name="Working", unit="working_days", length=10
        )
        letter = self._clocked()
        before = letter.desk_legal_date
        self.env["gov.holiday"].create(
            {
                "name": "Announced",
                "date_from": before,
                "company_id": self.company.id,
            }
        )
        self.assertGreater(letter.desk_legal_date, before)
        self.assertIn("clock_moved", self._kinds(letter))
        change = letter.clock_change_ids.sorted("id")[-1]
        self.assertEqual(
            (change.before, change.after), (before, letter.desk_legal_date)
        )

    def test_rule_changed_while_running(self):
        letter = self._clocked()
        self.rule.length = 5
        self.assertEqual(letter.desk_legal_date, self._day(30))
        self.assertTrue(letter.clock_run_id.confirmed)
        self.assertFalse(self.rule.confirmed)

    def test_receipt_says_a_confirmed_clock_alone(self):
        letter = self._clocked()
        receipt = letter.sudo().receipt_ids[:1]
        clock = receipt._snapshot_clock()
        self.assertTrue(clock["confirmed"])
        self.assertEqual(clock["expected_silence_date"], self._day(30).isoformat())
        self.assertEqual(clock["effect_of_silence"], "none")
        self.category.clock_id = self._rule(confirmed=False, name="Not", length=9)
        other = self._clocked().sudo().receipt_ids[:1]
        self.assertFalse(other._snapshot_clock()["confirmed"])

    def test_stage_in_working_days(self):
        self.action.days = 5
        letter = self._assigned(instruction_id=self.action.id)
        expected = self.env["gov.holiday"]._working_days_after(
            self.company, self.today, 5
        )
        self.assertEqual(self._row(letter).due_date, expected)
