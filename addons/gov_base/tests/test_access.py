from odoo.exceptions import AccessError
from odoo.fields import Command, Domain
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_units import UnitCase


@tagged("alone", "standard", "at_install")
class TestAccess(UnitCase):
    """Who works where follows the staff files and the units at once."""

    def rows(self, user):
        self.env["gov.access"].flush_model()
        found = self.env["gov.access"].search([("user_id", "=", user.id)])
        return {(row.unit_id.gov_code, row.role, row.inherited) for row in found}

    def test_member_has_his_unit_alone(self):
        self.assertEqual(self.rows(self.clerk), {("PERMITS", "member", False)})

    def test_head_reaches_what_is_below(self):
        self.assertEqual(
            self.rows(self.director),
            {
                ("TOWN", "member", False),
                ("TOWN", "head", False),
                ("PERMITS", "head", True),
                ("COUNTER", "head", True),
            },
        )

    def test_head_of_two_levels_is_direct_where_he_is(self):
        self.permits.manager_id = self.staff[self.director]
        self.assertIn(("PERMITS", "head", False), self.rows(self.director))
        self.assertNotIn(("PERMITS", "head", True), self.rows(self.director))

    def test_moving_changes_rights_at_once(self):
        self.staff[self.clerk].department_id = self.finance
        self.assertEqual(self.rows(self.clerk), {("FINANCE", "member", False)})
        self.staff[self.clerk].department_id = False
        self.assertFalse(self.rows(self.clerk))

    def test_moving_by_a_version_of_the_staff_file(self):
        self.staff[self.clerk].current_version_id.department_id = self.finance
        self.assertEqual(self.rows(self.clerk), {("FINANCE", "member", False)})

    def test_a_version_that_starts_today(self):
        self.staff[self.clerk].create_version(
            {"department_id": self.finance.id, "date_version": "2020-01-01"}
        )
        self.staff[self.clerk].create_version(
            {"department_id": self.finance.id, "date_version": "2999-01-01"}
        )
        self.env["hr.employee"]._cron_update_current_version_id()
        self.assertEqual(self.rows(self.clerk), {("PERMITS", "member", False)})

    def test_new_head_and_deputy(self):
        self.finance.manager_id = self.staff[self.clerk]
        self.assertIn(("FINANCE", "head", False), self.rows(self.clerk))
        self.finance.manager_id = False
        self.assertNotIn(("FINANCE", "head", False), self.rows(self.clerk))
        self.town.gov_deputy_ids = self.staff[self.clerk]
        self.assertIn(("TOWN", "deputy", False), self.rows(self.clerk))
        self.assertIn(("COUNTER", "deputy", True), self.rows(self.clerk))
        self.town.gov_deputy_ids = [Command.clear()]
        self.assertEqual(self.rows(self.clerk), {("PERMITS", "member", False)})

    def test_new_place_of_a_unit(self):
        self.counter.parent_id = self.finance
        self.assertNotIn(("COUNTER", "head", True), self.rows(self.director))
        self.permits.parent_id = False
        self.assertNotIn(("PERMITS", "head", True), self.rows(self.director))

    def test_new_unit_below_a_head(self):
        self.unit("NEW", self.permits)
        self.assertIn(("NEW", "head", True), self.rows(self.director))

    def test_deleted_unit(self):
        unit = self.unit("GONE", self.permits)
        unit.unlink()
        self.assertNotIn("GONE", {code for code, _role, _by in self.rows(self.head)})

    def test_archived_unit_stays_with_those_above(self):
        self.permits.active = False
        self.assertFalse(self.rows(self.clerk))
        self.assertIn(("PERMITS", "head", True), self.rows(self.director))

    def test_archived_staff_file_and_closed_account(self):
        self.staff[self.clerk].active = False
        self.assertFalse(self.rows(self.clerk))
        self.staff[self.clerk].active = True
        self.assertTrue(self.rows(self.clerk))
        self.clerk.active = False
        self.assertFalse(self.rows(self.clerk))

    def test_account_given_to_another_staff_file(self):
        self.staff[self.clerk].user_id = False
        self.assertFalse(self.rows(self.clerk))

    def test_person_of_another_administration_is_not_counted(self):
        self.assertFalse(self.env["gov.access"]._members(self.town) & self.stranger)
        self.staff[self.stranger].company_id = self.agdal
        self.staff[self.stranger].department_id = self.finance
        # His account may not work in this administration.
        self.assertFalse(self.rows(self.stranger))

    def test_deleted_staff_file(self):
        self.staff[self.clerk].unlink()
        self.assertFalse(self.rows(self.clerk))

    def test_heads(self):
        access = self.env["gov.access"]
        self.assertEqual(access._heads(self.permits), self.head)
        self.permits.gov_deputy_ids = self.staff[self.clerk]
        self.permits.manager_id = False
        self.assertEqual(access._heads(self.permits), self.clerk)
        self.permits.gov_deputy_ids = [Command.clear()]
        self.assertEqual(access._heads(self.permits), self.director)
        self.assertFalse(access._heads(self.finance))

    def test_manager(self):
        access = self.env["gov.access"].with_company(self.agdal)
        self.assertEqual(access._manager(self.clerk), self.head)
        self.assertEqual(access._manager(self.head), self.director)
        self.assertFalse(access._manager(self.director))
        self.staff[self.clerk].parent_id = self.staff[self.director]
        self.assertEqual(access._manager(self.clerk), self.director)
        # A manager whose account is closed is none: the head of the unit is.
        self.director.active = False
        self.assertEqual(access._manager(self.clerk), self.head)

    def test_units_and_members(self):
        access = self.env["gov.access"]
        self.assertEqual(
            access._units(self.director, ["head"]),
            self.town | self.permits | self.counter,
        )
        self.assertEqual(access._members(self.permits), self.clerk | self.head)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.models")
    def test_nobody_writes_rows(self):
        row = self.env["gov.access"].search([("user_id", "=", self.clerk.id)])
        for user in (self.clerk, self.admin, self.env.ref("base.user_admin")):
            with self.subTest(user.login):
                own = row.with_user(user)
                with self.assertRaises(AccessError):
                    own.write({"role": "head"})
                with self.assertRaises(AccessError):
                    own.unlink()
                with self.assertRaises(AccessError):
                    own.create(
                        {
                            "user_id": user.id,
                            "unit_id": self.finance.id,
                            "company_id": self.agdal.id,
                            "role": "head",
                        }
                    )

    def test_other_administration_reads_nothing(self):
        found = self.env["gov.access"].with_user(self.stranger).search(Domain.TRUE)
        self.assertEqual(found.company_id, self.souissi)

    def test_a_rule_can_join_the_rows(self):
        units = self.env["hr.department"].search(
            [("gov_access_ids.user_id", "in", [self.director.id])]
        )
        self.assertEqual(units, self.town | self.permits | self.counter)

    def test_statements_do_not_grow_with_the_staff(self):
        self.env["gov.access"]._refresh(companies=self.agdal)

        def statements():
            before = self.env.cr.sql_log_count
            self.env["gov.access"]._refresh(companies=self.agdal)
            return self.env.cr.sql_log_count - before

        few = statements()
        for number in range(10):
            self.person(f"gov_more_{number}", self.permits)
        self.env.flush_all()
        self.assertEqual(statements(), few)
        self.assertLessEqual(few, 2)
