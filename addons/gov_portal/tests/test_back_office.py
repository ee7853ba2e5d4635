from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import ANSWERS, PortalCase, make_pdf


@tagged("post_install", "-at_install")
class TestBackOffice(PortalCase):
    def _age(self, **kwargs):
        past = fields.Datetime.now() - timedelta(**kwargs)
        self.env.cr.execute("UPDATE gov_deposit SET write_date = %s", [past])
        self.env.cr.execute("UPDATE gov_deposit_file SET create_date = %s", [past])
        self.env.invalidate_all()

    def test_sweep(self):
        page = self.send(
            self.to_letter(),
            files=[("plan.pdf", make_pdf(), "application/pdf")],
            action="upload",
            **ANSWERS["letter"],
        )
        draft = self.drafts()
        document = draft.file_ids.version_id.document_id
        self.env["gov.deposit"]._sweep_drafts()
        self.assertTrue(draft.file_ids, "a fresh draft is left alone")
        self._age(hours=25)
        self.env["gov.deposit"]._sweep_drafts()
        self.assertFalse(draft.file_ids)
        self.assertFalse(document.exists())
        self.assertEqual(draft.draft_values["letter"]["subject"], "طلب رخصة")
        self._age(days=91)
        self.env["gov.deposit"]._sweep_drafts()
        self.assertFalse(draft.exists())
        self.assertEqual(self.get(page.url).status, 404)

    def test_sweep_keeps_what_was_sent(self):
        self.deposit(files=[("plan.pdf", make_pdf(), "application/pdf")])
        self._age(days=400)
        self.env["gov.deposit"]._sweep_drafts()
        self.assertEqual(len(self.drafts()), 1)
        self.assertEqual(len(self.letters().document_ids), 1)

    def test_rights(self):
        self.deposit()
        deposit = self.drafts()
        registrar = new_test_user(
            self.env,
            "gp_registrar",
            groups="digital_registry.group_digital_registry_registrar",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        stranger = new_test_user(
            self.env,
            "gp_stranger",
            groups="digital_registry.group_digital_registry_registrar",
        )
        plain = new_test_user(self.env, "gp_plain", groups="base.group_user")
        mine = deposit.with_user(registrar)
        self.assertEqual(mine.public_id, deposit.public_id)
        for secret in (
            "token_digest",
            "track_digest",
            "control_digests",
            "draft_values",
        ):
            with self.assertRaises(AccessError, msg=secret):
                mine.read([secret])
        with self.assertRaises(AccessError):
            mine.write({"state": "draft"})
        with self.assertRaises(AccessError):
            mine.unlink()
        deposits = self.env["gov.deposit"]
        self.assertFalse(deposits.with_user(stranger).search([("id", "=", deposit.id)]))
        with self.assertRaises(AccessError):
            deposits.with_user(plain).search([])
        public = self.env.ref("base.public_user")
        for model in ("gov.deposit", "gov.deposit.file", "registry.office"):
            with self.assertRaises(AccessError, msg=model):
                self.env[model].with_user(public).search([])

    def test_functional_admin_publishes(self):
        admin = new_test_user(
            self.env,
            "gp_admin",
            groups="gov_base.group_gov_base_admin,"
            "digital_registry.group_digital_registry_admin",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        desk = self.hidden_desk.with_user(admin)
        desk.write({"is_published": True, "portal_slug": "the-inside"})
        self.assertEqual(self.get("/desks/the-inside").status, 200)
        self.assertTrue(desk.action_portal_preview()["url"].endswith("/the-inside"))
        self.assertEqual(
            desk.action_open_deposits()["domain"], [("office_id", "=", desk.id)]
        )

    def test_agents_do_not_see_the_website_app(self):
        agent = new_test_user(
            self.env, "gp_agent", groups="gov_base.group_gov_base_agent"
        )
        website = self.env.ref("website.menu_website_configuration")
        menus = self.env["ir.ui.menu"].with_user(agent)
        self.assertNotIn(website.id, menus._visible_menu_ids())
