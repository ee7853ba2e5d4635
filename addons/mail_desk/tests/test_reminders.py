from odoo.tests import tagged

from .common_clock import DeskClockCase


@tagged("post_install", "-at_install")
class TestReminders(DeskClockCase):
    """Two reminders and the superior, on working days."""

    def _working(self, count):
        """Working days from today, or back."""
        calendar = self.company._gov_calendar()
        start = calendar.next_working(self.today)
        return calendar.after(start, count)

    def _due(self, count=10):
        letter = self._arrived()
        self._row(letter, self.hu).action_dispatch(
            user_id=self.au.id, due_date=self._working(count)
        )
        return letter

    def _remind(self, day):
        with self._in((day - self.today).days):
            self.env["desk.assignment"]._process_reminders()

    def test_two_reminders_then_the_superior(self):
        letter = self._due()
        for count, expected in (
            (7, []),
            (8, ["reminded"]),
            (9, ["reminded"]),
            (10, ["reminded"]),
            (11, ["reminded"] * 2),
            (12, ["reminded"] * 2),
            (13, ["reminded", "reminded", "escalated"]),
            (20, ["reminded", "reminded", "escalated"]),
        ):
            self._remind(self._working(count))
            found = [k for k in self._kinds(letter) if k in ("reminded", "escalated")]
            with self.subTest(count=count):
                self.assertEqual(found, expected)
        told = self._activities(letter)
        self.assertIn("Late since", told[self.au])
        self.assertIn(self.hu, told)
        self.assertEqual(self._row(letter).remind_level, 3)

    def test_who_is_above_a_head(self):
        letter = self._arrived()
        row = self._row(letter)
        row.sudo()._desk_gated().due_date = self._working(1)
        self._remind(self._working(6))
        self.assertIn(self.dg, self._activities(letter), "the N+1 of the head is told")

    def test_another_agent_is_reminded_anew(self):
        letter = self._due()
        self._remind(self._working(8))
        self._row(letter, self.au).action_return("Not mine")
        self._row(letter, self.hu).action_dispatch(
            user_id=self.au2.id, due_date=self._working(10)
        )
        self._remind(self._working(9))
        self.assertIn(self.au2, self._activities(letter))

    def test_nobody_is_told_on_a_day_off(self):
        letter = self._due()
        day = self._working(8)
        self.env["gov.holiday"].create(
            {"name": "Off", "date_from": day, "company_id": self.company.id}
        )
        self._remind(day)
        self.assertNotIn("reminded", self._kinds(letter))

    def test_waiting_for_the_sender_is_not_late(self):
        letter = self._due()
        self._ask(letter)
        self._remind(self._working(11))
        self.assertNotIn("reminded", self._kinds(letter))

    def test_closed_letters_are_left_alone(self):
        letter = self._due()
        letter.with_user(self.hu).action_close("Done", "no_reply")
        self._remind(self._working(13))
        self.assertNotIn("reminded", self._kinds(letter))
        self.office.write({"desk_remind_before": 0, "desk_escalate_after": 0})
        letter = self._due()
        self._remind(self._working(9))
        self.assertNotIn("reminded", self._kinds(letter))
        self._remind(self._working(13))
        self.assertEqual(self._kinds(letter).count("reminded"), 1)
        self.assertNotIn("escalated", self._kinds(letter))
