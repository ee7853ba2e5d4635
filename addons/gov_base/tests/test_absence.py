from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_absence import AbsenceCase


@tagged("post_install", "-at_install", "gov_base")
class TestAbsence(AbsenceCase):
    # ------------------------------------------------------------------
    # Reach
    # ------------------------------------------------------------------
    def test_the_substitute_reaches_what_the_absent_person_reaches(self):
        self.assertEqual(self.reach(self.treasurer), {"FINANCE"})
        absence = self.away(self.head, self.treasurer)
        self.assertEqual(self.reach(self.treasurer), {"FINANCE", "PERMITS", "COUNTER"})
        units = self.env["gov.access"]._units(self.treasurer, ["head"])
        self.assertEqual(units, self.permits | self.counter)
        self.assertFalse(
            self.env["gov.access"]._units(self.treasurer, ["head"], own=True)
        )
        # He is no head: nobody is validated by him because of it.
        self.assertEqual(self.env["gov.access"]._heads(self.permits), self.head)
        self.assertNotIn(self.treasurer, self.env["gov.access"]._members(self.permits))
        absence.with_user(self.head).action_cancel()
        self.assertEqual(self.reach(self.treasurer), {"FINANCE"})

    def test_it_begins_and_ends_by_itself(self):
        self.away(self.head, self.treasurer, first=1, last=2)
        midnight = datetime.combine(self.day(1), datetime.min.time())
        for moment, reached in (
            (midnight - timedelta(hours=12), False),
            (midnight + timedelta(hours=12), True),
            (midnight + timedelta(hours=36), True),
            (midnight + timedelta(hours=60), False),
        ):
            with freeze_time(moment):
                self.env.invalidate_all()
                self.assertEqual(
                    "PERMITS" in self.reach(self.treasurer), reached, moment
                )
                self.assertEqual(
                    self.absences._replaced_by(self.treasurer, self.agdal),
                    self.head if reached else self.env["res.users"],
                )

    def test_days_are_those_of_the_administration(self):
        self.agdal.gov_tz = "Africa/Casablanca"
        absence = self.away(self.head, self.treasurer, first=3, last=3)
        row = self.env["gov.substitute"].sudo()
        with freeze_time(
            datetime.combine(self.day(3), datetime.min.time()).replace(hour=12)
        ):
            row = row.search([("absence_id", "=", absence.id)])
            self.assertEqual(row.ends_at - row.starts_at, timedelta(days=1))
            # UTC+1 but in Ramadan: the day begins an hour before that of UTC, or with it.
            self.assertIn(row.starts_at.hour, (23, 0))

    def test_rights_follow_the_staff_files_meanwhile(self):
        self.away(self.clerk, self.treasurer)
        self.assertEqual(self.reach(self.treasurer), {"FINANCE", "PERMITS"})
        self.staff[self.clerk].department_id = self.counter
        self.assertEqual(self.reach(self.treasurer), {"FINANCE", "COUNTER"})
        self.treasurer.active = False
        self.assertEqual(self.reach(self.treasurer), set())

    def test_only_for_a_unit(self):
        self.away(self.director, self.treasurer, unit_id=self.counter.id)
        self.assertEqual(self.reach(self.treasurer), {"FINANCE", "COUNTER"})
        row = self.treasurer.gov_replaces_ids
        self.assertFalse(row.for_circuits)

    def test_only_circuits(self):
        self.away(self.head, self.treasurer, nature="circuits")
        self.assertEqual(self.reach(self.treasurer), {"FINANCE"})
        self.assertEqual(
            self.absences._replaced_by(self.treasurer, self.agdal, "circuits"),
            self.head,
        )
        self.assertFalse(self.absences._replaced_by(self.treasurer, self.agdal, "work"))

    # ------------------------------------------------------------------
    # Chains
    # ------------------------------------------------------------------
    def test_the_substitute_is_away_too(self):
        self.away(self.head, self.clerk, last=9)
        self.away(self.clerk, self.treasurer, first=0, last=2)
        found, why = self.absences._substitute(self.head, company=self.agdal)
        self.assertEqual(found, self.treasurer)
        self.assertIn("gov_clerk", why)
        self.assertIn("gov_treasurer", why)
        self.assertEqual(self.reach(self.treasurer), {"FINANCE", "PERMITS", "COUNTER"})
        after, _why = self.absences._substitute(
            self.head, on=self.day(4), company=self.agdal
        )
        self.assertEqual(after, self.clerk)

    def test_each_names_the_other(self):
        self.away(self.head, self.clerk)
        self.away(self.clerk, self.head)
        found, why = self.absences._substitute(self.head, company=self.agdal)
        self.assertEqual(found, self.director)
        self.assertIn("above, stands in", why)
        self.assertIn(self.head, self.absences._replaced_by(self.director, self.agdal))

    def test_nobody_is_named(self):
        self.away(self.clerk)
        found, why = self.absences._substitute(self.clerk, company=self.agdal)
        self.assertEqual(found, self.head)
        self.assertIn("no named substitute can act: gov_head", why)

    def test_the_named_one_left(self):
        self.away(self.clerk, self.other)
        self.other.active = False
        found, _why = self.absences._substitute(self.clerk, company=self.agdal)
        self.assertEqual(found, self.head)
        self.assertEqual(self.absences._replaced_by(self.head, self.agdal), self.clerk)

    def test_everybody_is_away(self):
        self.away(self.clerk)
        self.away(self.head)
        self.away(self.director)
        self.away(self.deputy)
        found, why = self.absences._substitute(self.clerk, company=self.agdal)
        self.assertFalse(found)
        self.assertIn("nobody stands in: name a substitute", why)

    def test_who_is_there_does_it(self):
        found = self.absences._substitute(self.clerk, company=self.agdal)
        self.assertEqual(found, (self.clerk, ""))

    def test_absent_until_is_one_query(self):
        self.away(self.clerk, last=4)
        self.away(self.head, first=2)
        users = self.clerk | self.head | self.other
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(__system__=3):
            until = self.absences._absent_until(users, self.agdal)
        self.assertEqual(until, {self.clerk.id: self.day(4)})

    # ------------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------------
    def test_who_sets_it(self):
        self.away(self.clerk, self.other, by=self.head)
        self.away(self.other, self.treasurer, by=self.director)
        self.away(self.treasurer, self.other, by=self.admin)
        for by in (self.other, self.treasurer, self.stranger):
            with self.assertRaises(AccessError):
                self.away(self.director, self.clerk, by=by)

    def test_nobody_names_himself_for_the_director(self):
        for by in (self.deputy, self.head, self.clerk, self.admin):
            with self.subTest(by=by.login), self.assertRaises(AccessError):
                with self.env.cr.savepoint():
                    self.away(self.director, by, by=by)
        # Somebody above may take the work over himself.
        self.away(self.clerk, self.head, by=self.head)

    def test_a_substitute_is_not_above_those_people(self):
        self.away(self.director, self.treasurer)
        with self.refused(AccessError, "Only the person who is away"):
            self.away(self.head, self.treasurer, by=self.treasurer)

    def test_a_substitute_does_not_prolong_himself(self):
        absence = self.away(self.director, self.clerk)
        for method, args in (
            ("write", ({"date_to": self.day(90)},)),
            ("write", ({"substitute_id": self.other.id},)),
            ("action_cancel", ()),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                getattr(absence.with_user(self.clerk), method)(*args)

    def test_other_administrations(self):
        with self.refused(UserError, "active person"):
            self.away(self.clerk, self.stranger)
        with self.assertRaises(AccessError):
            self.away(self.clerk, self.other, by=self.stranger)
        absence = self.away(self.clerk, self.other)
        with self.assertRaises(AccessError):
            absence.with_user(self.stranger).read(["date_to"])
        with self.assertRaises(AccessError):
            self.absences.with_user(self.stranger).create(
                {
                    "user_id": self.clerk.id,
                    "company_id": self.souissi.id,
                    "date_to": self.day(2),
                }
            )

    def test_by_rpc(self):
        absence = self.away(self.clerk, self.other)
        mine = absence.with_user(self.clerk)
        for vals in (
            {"state": "proposed"},
            {"origin": "admin"},
            {"user_id": self.head.id},
            {"company_id": self.souissi.id},
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                mine.with_context(absence_gate=True).write(vals)
        forged = self.absences.with_user(self.clerk).with_context(
            default_state="proposed", default_origin="admin"
        )
        made = forged.create(
            {
                "company_id": self.agdal.id,
                "date_from": self.day(20),
                "date_to": self.day(21),
            }
        )
        self.assertEqual((made.state, made.origin), ("confirmed", "person"))
        with self.assertRaises(UserError):
            mine.sudo(False).unlink()
        for model in ("gov.substitute", "gov.access"):
            with (
                self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models.ir_model"),
            ):
                self.env[model].with_user(self.clerk).create({})

    def test_proposed_and_confirmed(self):
        absence = self.absences._propose(
            self.clerk, self.agdal, self.day(0), self.day(3)
        )
        self.assertEqual(absence.sudo().state, "proposed")
        self.assertFalse(self.absences._replaced_by(self.head, self.agdal))
        self.assertIn(
            self.clerk.id, self.absences._absent_until(self.clerk, self.agdal)
        )
        for hostile in ("7", [1], {"a": 1}, -5, 2**40, True):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                absence.with_user(self.clerk).action_confirm(substitute_id=hostile)
        with self.assertRaises(AccessError):
            absence.with_user(self.other).action_confirm(substitute_id=self.other.id)
        absence.with_user(self.clerk).action_confirm(substitute_id=self.other.id)
        self.assertEqual(self.reach(self.other), {"PERMITS"})
        with self.refused(UserError, "confirmed already"):
            absence.with_user(self.clerk).action_confirm()

    def test_dates(self):
        with self.refused(UserError, "is past"):
            self.away(self.clerk, first=-9, last=-2)
        with self.refused(ValidationError, "more than two years"):
            self.away(self.clerk, last=900)
        self.away(self.clerk, last=5)
        with self.refused(ValidationError, "There is an absence at that time"):
            self.away(self.clerk, first=5, last=8)

    def test_back_before_the_day(self):
        absence = self.away(self.clerk, self.treasurer, first=-3, last=5)
        self.assertIn("PERMITS", self.reach(self.treasurer))
        absence.with_user(self.clerk).action_come_back()
        self.assertEqual(absence.date_to, self.day(-1))
        self.assertEqual(absence.situation, "over")
        self.assertEqual(self.reach(self.treasurer), {"FINANCE"})
        with self.refused(UserError, "is over"):
            absence.with_user(self.clerk).write({"date_to": self.day(9)})

    def test_it_is_written_down(self):
        absence = self.away(self.clerk, self.other)
        event = self.env["gov.journal.event"].search(
            [("kind", "=", "absence.set")], order="id desc", limit=1
        )
        self.assertEqual(event.subject_id, absence.id)
        self.assertNotIn("gov_other", str(event.body))
        told = self.env["mail.message"].search(
            [("model", "=", "gov.absence"), ("res_id", "=", absence.id)]
        )
        self.assertIn(self.other.partner_id, told.notified_partner_ids)
