from datetime import date, datetime
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..models import gov_clock_run_date
from .common_clock import ClockCase


@tagged("post_install", "-at_install")
class TestClockDays(ClockCase):
    """Holidays, working week and zone of an administration under its clocks."""

    def working(self, length=10, **vals):
        return self._rule(name="W", unit="working_days", length=length, **vals)

    def test_holiday_changed_under_a_running_clock(self):
        run = self.running(self.working())
        self.assertEqual(run.due_date, date(2026, 1, 16))
        feast = self.holiday("2026-01-14", name="Feast of the Throne")
        self.assertEqual(run.due_date, date(2026, 1, 19))
        change = run.change_ids.sorted("id")[-1]
        self.assertEqual(change.kind, "holidays")
        self.assertEqual(
            (change.before, change.after), (date(2026, 1, 16), date(2026, 1, 19))
        )
        self.assertIn("Feast of the Throne", change.sentence)
        feast.date_to = "2026-01-15"
        self.assertEqual(run.due_date, date(2026, 1, 20))
        feast.unlink()
        self.assertEqual(run.due_date, date(2026, 1, 16))
        self.assertEqual(self.history(run), ["started", *["holidays"] * 3])
        self.assertEqual(self.heard(run), ["started", *["holidays"] * 3])

    def test_what_a_holiday_does_not_touch(self):
        run, calendar = self.running(self.working()), self.running()
        other = self.running(
            self._rule(self.souissi, name="S", unit="working_days", length=10),
            self.subject(self.souissi),
        )
        self.holiday("2026-01-14")
        self.holiday("2026-01-17")  # a Saturday
        self.holiday("2026-03-14")
        self.assertEqual(run.due_date, date(2026, 1, 19))
        self.assertEqual(calendar.due_date, date(2026, 2, 1))
        self.assertEqual(other.due_date, date(2026, 1, 16))
        self.assertEqual(self.history(calendar), ["started"])

    def test_lunar_holiday_provisional_then_confirmed(self):
        feast = self.env["gov.holiday"].create(
            {
                "name": "Lunar feast",
                "date_from": "2026-01-14",
                "date_to": "2026-01-14",
                "kind": "lunar",
                "state": "provisional",
                "company_id": False,
            }
        )
        run = self.running(self.working())
        self.assertEqual(run.due_date, date(2026, 1, 19))
        self.assertIn("not confirmed (Lunar feast)", run.explanation)
        shared = feast.with_user(self.admin).with_company(self.agdal)
        with self.refused(AccessError, "."):
            shared.write({"date_from": "2026-01-15"})
        with self.refused(AccessError, "."):
            feast.with_user(self.clerk).with_company(self.agdal).action_confirm()
        for odd in ("soon", "2026-13-01", 5, ["2026-01-15"]):
            with self.refused(UserError, "no date"):
                shared.action_confirm(odd)
        action = shared.action_confirm("2026-01-15", "2026-01-16")
        mine = self.env["gov.holiday"].browse(action["res_id"])
        self.assertEqual((mine.company_id, mine.origin_id), (self.agdal, feast))
        self.assertEqual(run.due_date, date(2026, 1, 20))
        self.assertNotIn("not confirmed", run.explanation)
        self.assertEqual(feast.state, "provisional", "others decide for themselves")
        shared.action_drop()
        self.assertEqual(mine.state, "dropped")
        self.assertEqual(run.due_date, date(2026, 1, 16))

    def test_a_day_off_announced_late_takes_the_expiry_back(self):
        run = self.running(self.working())
        with self.at("2026-01-17"):
            self.process()
            self.assertEqual(run.state, "expired")
            self.holiday("2026-01-16", name="Announced last night")
            self.assertEqual((run.state, run.due_date), ("running", date(2026, 1, 19)))
        self.assertEqual(self.history(run)[-1], "unexpired")
        with self.at("2026-01-20"):
            self.process()
            run.with_user(self.admin).action_qualify("none", "No effect in the law")
            self.holiday("2026-01-19", "2026-01-20")
        self.assertEqual(run.state, "expired", "what a person said stands")

    def test_many_clocks_are_finished_by_the_task(self):
        runs = [self.running(self.working()) for _number in range(3)]
        with patch.object(gov_clock_run_date, "AT_ONCE", 1):
            self.holiday("2026-01-14")
        moved = [run.due_date for run in runs]
        self.assertEqual(moved.count(date(2026, 1, 19)), 1)
        self.process()
        self.assertEqual([run.due_date for run in runs], [date(2026, 1, 19)] * 3)
        self.assertEqual(self.history(runs[2]), ["started", "holidays"])

    def test_working_week(self):
        run = self.running(self.working())
        self.agdal.with_user(self.admin).gov_week = "01236"
        # Friday and Saturday are closed now, Sunday is worked.
        self.assertEqual(run.due_date, date(2026, 1, 15))
        self.assertEqual(self.history(run), ["started", "week"])
        after = self.env["gov.holiday"]._working_days_after
        self.assertEqual(after(self.agdal, date(2026, 1, 1), 1), date(2026, 1, 4))
        self.assertEqual(after(self.agdal, None, 0), date(2026, 1, 2))

    def test_bounds_of_a_holiday(self):
        with self.refused(ValidationError, "more than 31 days"):
            self.holiday("2026-01-01", "2026-12-31")
        shared = self.holiday("2026-05-01")
        shared.company_id = False
        own = self.holiday("2026-05-02", origin_id=shared.id)
        with self.refused(ValidationError, "own"):
            own.company_id = False

    def test_zone_of_casablanca_and_its_ramadan_offset(self):
        """UTC+1 all year, but UTC+0 during Ramadan (19 February to 21 March 2026 about)."""
        day = self.agdal._gov_day
        late = "23:30:00"
        for month, moment, expected in (
            ("January", datetime(2026, 1, 10, 23, 30), date(2026, 1, 11)),
            ("Ramadan", datetime(2026, 3, 1, 23, 30), date(2026, 3, 1)),
            ("June", datetime(2026, 6, 10, 23, 30), date(2026, 6, 11)),
        ):
            with self.subTest(month=month):
                self.assertEqual(day(moment), expected)
        run = self.running(self._rule(name="R", length=58))
        self.assertEqual(run.due_date, date(2026, 3, 1))
        with self.at("2026-03-01", late):
            self.process()
            self.assertEqual(run.state, "running", "it is still the 1st there")
        with self.at("2026-03-02", "00:10:00"):
            self.process()
            self.assertEqual(run.state, "expired")
        run = self.running(self._rule(name="J", length=8))
        with self.at("2026-01-10", late):
            self.process()
            self.assertEqual(run.state, "expired", "it is the 11th there")

    def test_days_are_said_as_the_language_says_them(self):
        run = self.running()
        with self.at("2026-01-05"):
            run._suspend("Piece")
        with self.at("2026-01-11"):
            run._resume()
            self.assertEqual(run.with_context(lang="ar_MA")._days(6), "6 أيام")
            self.assertEqual(
                run.with_context(lang="fr_FR")._days(1), "1\N{NO-BREAK SPACE}jour"
            )
            self.assertTrue(run.with_context(lang="zgh")._days(6))
