from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import OfficeCase


@tagged("post_install", "-at_install", "alone")
class TestDepartment(OfficeCase):
    """Unit (B1): codes, head and deputies, and who may describe it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.unit = cls.env["hr.department"].create(
            {"name": "Town planning", "company_id": cls.agdal.id, "gov_code": "URB"}
        )
        employees = cls.env["hr.employee"].create(
            [
                {
                    "name": "Idrissi",
                    "company_id": cls.agdal.id,
                    "department_id": cls.unit.id,
                },
                {
                    "name": "Tazi",
                    "company_id": cls.agdal.id,
                    "department_id": cls.unit.id,
                },
                {"name": "Alami", "company_id": cls.souissi.id},
            ]
        )
        cls.idrissi, cls.tazi, cls.alami = employees

    def test_code_is_unique_in_an_administration(self):
        self.env["hr.department"].create(
            {
                "name": "Same code elsewhere",
                "company_id": self.souissi.id,
                "gov_code": "URB",
            }
        )
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env["hr.department"].create(
                {"name": "Twice", "company_id": self.agdal.id, "gov_code": " URB\u200e"}
            )
            self.env.flush_all()

    def test_functional_admin_adds_and_changes_units(self):
        departments = self.env["hr.department"].with_user(self.admin)
        with Form(departments, view="gov_base.hr_department_view_gov_form") as form:
            form.name = "Civil status"
            form.gov_code = "EC"
            form.gov_phone = "0537 00 00 00"
            form.manager_id = self.idrissi.with_user(self.admin)
            form.gov_deputy_ids.add(self.tazi.with_user(self.admin))
        unit = self.env["hr.department"].search(
            [("gov_code", "=", "EC"), ("company_id", "=", self.agdal.id)]
        )
        self.assertEqual(unit.company_id, self.agdal)
        self.assertEqual(unit.manager_id, self.idrissi)
        self.assertEqual(unit.gov_deputy_ids, self.tazi)
        unit.with_user(self.admin).update_field_translations(
            "name", {"ar_MA": "الحالة المدنية"}
        )
        self.assertEqual(unit.with_context(lang="ar_MA").name, "الحالة المدنية")

    def test_head_becomes_the_superior_of_the_people_of_the_unit(self):
        self.unit.with_user(self.admin).manager_id = self.idrissi.id
        self.assertEqual(self.tazi.parent_id, self.idrissi)

    def test_functional_admin_sees_no_personnel_file(self):
        with self.assertRaises(AccessError):
            self.tazi.with_user(self.admin).read(["private_phone"])
        with self.assertRaises(AccessError):
            self.tazi.with_user(self.admin).write({"name": "x"})

    def test_functional_admin_stays_at_home(self):
        departments = self.env["hr.department"].with_user(self.admin)
        other = self.env["hr.department"].create(
            {"name": "Theirs", "company_id": self.souissi.id}
        )
        shared = self.env["hr.department"].create(
            {"name": "Of nobody", "company_id": False}
        )
        for unit in (other, shared):
            with self.subTest(unit=unit.name), self.assertRaises(AccessError):
                unit.with_user(self.admin).write({"gov_code": "X"})
        for company in (self.souissi.id, False):
            with self.subTest(company=company), self.assertRaises(AccessError):
                departments.create({"name": "New", "company_id": company})
        with self.assertRaises(AccessError):
            self.unit.with_user(self.admin).company_id = self.souissi.id
        with self.assertRaises(AccessError):
            self.unit.with_user(self.admin).unlink()

    def test_agent_reads_only(self):
        self.assertEqual(self.unit.with_user(self.agent).gov_code, "URB")
        with self.assertRaises(AccessError):
            self.unit.with_user(self.agent).write({"gov_code": "X"})
        with self.assertRaises(AccessError):
            self.unit.with_user(self.agent).manager_id = self.tazi.id
        self.assertFalse(self.unit.manager_id)

    def test_head_and_deputies_work_for_the_same_administration(self):
        with self.refused(ValidationError, "Alami"):
            self.unit.with_user(self.admin).manager_id = self.alami.id
        with self.refused(ValidationError, "Alami"):
            self.unit.gov_deputy_ids = self.alami
        with self.refused(ValidationError, "Alami"):
            self.unit.with_user(self.admin).write(
                {"gov_deputy_ids": [(4, self.alami.id)]}
            )
        self.unit.gov_deputy_ids = self.tazi
        self.assertEqual(self.unit.gov_deputy_ids, self.tazi)

    def test_hr_officer_keeps_the_rights_of_hr(self):
        officer = new_test_user(
            self.env,
            "both_roles",
            groups="hr.group_hr_user,gov_base.group_gov_base_admin",
            company_id=self.agdal.id,
        )
        shared = self.env["hr.department"].create(
            {"name": "Of nobody", "company_id": False}
        )
        shared.with_user(officer).gov_code = "S"
        self.assertEqual(shared.gov_code, "S")
