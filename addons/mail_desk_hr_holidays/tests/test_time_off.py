from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.mail_desk.tests.common_absence import AbsenceDeskCase


@tagged("post_install", "-at_install", "alone")
class TestTimeOff(AbsenceDeskCase):
    """An approved time off proposes an absence, and the absence follows it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env["hr.leave.type"].create(
            {
                "name": "Congé de test",
                "requires_allocation": False,
                "leave_validation_type": "hr",
                "company_id": cls.company.id,
                "request_unit": "day",
            }
        )
        # Every day counts here, whatever the day on which the tests run.
        cls.people["au"].resource_calendar_id = False

    def _leave(self, first=1, last=9, approved=True, **vals):
        leave = self.env["hr.leave"].create(
            {
                "employee_id": self.people["au"].id,
                "holiday_status_id": self.kind.id,
                "request_date_from": self.day(first),
                "request_date_to": self.day(last),
                **vals,
            }
        )
        if approved:
            leave.action_approve()
        return leave

    def _absence(self, leave):
        return self.env["gov.absence"].search([("leave_id", "=", leave.id)])

    def test_approved_it_proposes(self):
        leave = self._leave(approved=False)
        self.assertFalse(self._absence(leave))
        leave.action_approve()
        absence = self._absence(leave)
        self.assertEqual(
            (absence.user_id, absence.state, absence.origin, absence.company_id),
            (self.au, "proposed", "time_off", self.company),
        )
        self.assertEqual(
            (absence.date_from, absence.date_to), (self.day(1), self.day(9))
        )
        self.assertEqual(absence.activity_ids.user_id, self.au)
        absence.with_user(self.au).action_confirm(substitute_id=self.al.id)
        self.assertEqual(absence.substitute_id, self.al)
        self.assertFalse(absence.activity_ids)
        with self.assertRaises(AccessError):
            absence.with_user(self.al).read(["leave_id"])

    def test_refused_or_moved_it_follows(self):
        leave = self._leave(first=0)
        absence = self._absence(leave)
        absence.with_user(self.au).action_confirm(substitute_id=self.al.id)
        letter = self._assigned()
        self.assertTrue(self._reads(self.al, letter))
        # As Time Off does it itself when the hours of somebody change.
        moved = leave.with_context(leave_skip_state_check=True)
        moved.write({"request_date_from": self.day(2)})
        self.assertEqual(absence.date_from, self.day(2))
        self.assertEqual(absence.substitute_id, self.al)
        self.assertFalse(self._reads(self.al, letter))
        leave.action_refuse()
        self.assertEqual(absence.state, "cancelled")

    def test_hours_and_past_days_propose_nothing(self):
        self.assertFalse(self._absence(self._leave(first=-9, last=-5)))
        people = self.people["au"].with_context(active_test=False)
        people.user_id = False
        self.assertFalse(self._absence(self._leave(first=20, last=22)))

    def test_once(self):
        leave = self._leave()
        leave._gov_follow()
        leave.message_post(body="x")
        self.assertEqual(len(self._absence(leave)), 1)
