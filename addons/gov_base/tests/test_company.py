import base64
import io

from PIL import Image
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import OfficeCase


@tagged("post_install", "-at_install", "alone")
class TestCompany(OfficeCase):
    """Administration (B1): who may describe it, and what receipts say of it."""

    def test_code_is_unique_when_set(self):
        self.env["res.company"].create(
            [{"name": "No code 1"}, {"name": "No code 2", "gov_code": " "}]
        )
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.souissi.gov_code = "T01"
            self.env.flush_all()

    def test_invisible_signs_do_not_make_another_code(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.souissi.gov_code = " T\u200b01 "
            self.env.flush_all()

    def test_time_zone(self):
        company = (
            self.env["res.company"]
            .with_context(tz="Africa/Casablanca")
            .create({"name": "Z1"})
        )
        self.assertEqual(company.gov_tz, "Africa/Casablanca")
        with self.refused(ValidationError, "Mars/Olympus"):
            company.gov_tz = "Mars/Olympus"

    def test_emblem_that_documents_cannot_print(self):
        svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
        with self.refused(ValidationError, "PNG or a JPEG"):
            self.agdal.gov_emblem = base64.b64encode(svg)
        picture = io.BytesIO()
        Image.new("RGB", (4, 4)).save(picture, "GIF")
        with self.refused(ValidationError, "PNG or a JPEG"):
            self.agdal.gov_emblem = base64.b64encode(picture.getvalue())
        self.assertEqual(self.agdal._gov_emblem_uri(), "")

    def test_functional_admin_describes_his_administration(self):
        agdal = self.agdal.with_user(self.admin)
        view = "gov_base.res_company_view_gov_form"
        with Form(agdal, view=view) as form:
            form.gov_name = "Commune d'Agdal-Ryad"
            form.gov_code = "T.01.421.01"
            form.gov_hours = "8:30 - 16:30"
            form.gov_recourse = "Tribunal administratif"
            form.gov_tz = "Africa/Casablanca"
        self.assertEqual(self.agdal.gov_name, "Commune d'Agdal-Ryad")
        self.assertEqual(self.agdal.gov_code, "T.01.421.01")
        agdal.update_field_translations("gov_name", {"ar_MA": "جماعة أكدال"})
        self.assertEqual(self.agdal.with_context(lang="ar_MA").gov_name, "جماعة أكدال")

    def test_functional_admin_changes_nothing_else(self):
        agdal = self.agdal.with_user(self.admin)
        for vals in (
            {"name": "Mine"},
            {"gov_name": "x", "currency_id": self.env.ref("base.USD").id},
            {"user_ids": [(4, self.env.ref("base.user_admin").id)]},
            {"parent_id": self.souissi.id},
            {"report_footer": "<p>x</p>"},
            {"active": False},
            {"email": "x@example.com"},
        ):
            with (
                self.subTest(vals=vals),
                self.refused(AccessError, "system administrator"),
            ):
                agdal.write(vals)
        with self.assertRaises(AccessError):
            agdal.update_field_translations("report_footer", {"fr_FR": {"a": "b"}})
        with self.assertRaises(AccessError):
            agdal.web_save({"primary_color": "#ff0000"}, {})
        with self.assertRaises(AccessError):
            agdal.action_archive()
        with self.assertRaises(AccessError):
            self.env["res.company"].with_user(self.admin).create({"name": "New one"})
        with self.assertRaises(AccessError):
            agdal.unlink()
        self.assertNotEqual(self.agdal.name, "Mine")

    def test_functional_admin_of_another_administration(self):
        with self.assertRaises(AccessError):
            self.souissi.with_user(self.admin).write({"gov_name": "x"})
        with self.assertRaises(AccessError):
            self.souissi.with_user(self.admin).read(["gov_name"])
        found = self.env["res.company"].with_user(self.admin).search([])
        self.assertEqual(found, self.agdal)

    def test_agent_describes_nothing(self):
        with self.assertRaises(AccessError):
            self.agdal.with_user(self.agent).write({"gov_name": "x"})
        self.assertEqual(self.agdal.with_user(self.agent).gov_name, "Commune d'Agdal")

    def test_system_administrator_is_not_bounded(self):
        self.env.ref("base.user_admin").company_ids += self.agdal
        self.agdal.with_user(self.env.ref("base.user_admin")).write(
            {"name": "Renamed T01"}
        )
        self.assertEqual(self.agdal.name, "Renamed T01")

    def test_identity_has_only_the_languages_that_were_filled_in(self):
        self.agdal.update_field_translations(
            "gov_name", {"ar_MA": "جماعة أكدال", "fr_FR": "Commune d'Agdal"}
        )
        self.agdal.gov_kind_id = self.env["gov.body.kind"].create(
            {"name": "Commune", "code": "t-com"}
        )
        identity = self.agdal.with_user(self.agent)._gov_identity()
        self.assertEqual(
            identity["name"], {"ar": "جماعة أكدال", "fr": "Commune d'Agdal"}
        )
        self.assertEqual(identity["code"], "T01")
        self.assertEqual(identity["kind"], "t-com")
        self.assertEqual(identity["hours"], {})
        self.assertEqual(
            self.souissi._gov_identity()["name"], {"en": "Commune de Souissi"}
        )

    def test_identity_without_official_name_says_the_technical_one(self):
        self.souissi.gov_name = " \u200b "
        self.assertEqual(
            self.souissi._gov_identity()["name"], {"en": "Test commune T02"}
        )

    def test_identity_costs_one_query(self):
        self.agdal._gov_identity()
        with self.assertQueryCount(1):
            self.agdal._gov_identity()
        with self.assertRaises(AccessError):
            self.souissi.with_user(self.agent)._gov_identity()
