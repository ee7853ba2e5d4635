from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import RegistryCommon, pdf_file


@tagged("post_install", "-at_install", "gov_acl")
class TestCompany(RegistryCommon):
    """Agents of one administration see nothing of the other, by any door."""

    def setUp(self):
        super().setUp()
        self.letter = self._draft(subject="Secret subject")
        self.version = self.letter._add_document(pdf_file("Secret"), "secret.pdf")
        self.letter.action_register()
        self._drain()
        self.receipt = self.letter.receipt_id.sudo()
        self.receipt._ensure_pdf()
        self.register.with_user(self.registrar).action_close_day()
        self.records = [
            self.office,
            self.register,
            self.letter,
            self.letter.party_ids,
            self.letter.entry_id,
            self.letter.entry_id.detail_ids,
            self.receipt,
            self.register.closing_ids,
        ]

    def test_search_and_count(self):
        for record in self.records:
            for name in ("registrar2", "head2", "auditor2", "admin2"):
                model = self.env[record._name].with_user(self.users[name])
                if not model.has_access("read"):
                    continue
                self.assertFalse(model.search([("id", "in", record.ids)]))
                self.assertFalse(model.search_count([("id", "in", record.ids)]))

    def test_read_and_export(self):
        self.users["head2"].group_ids |= self.env.ref("base.group_allow_export")
        for record in self.records:
            foreign = record.with_user(self.users["head2"])
            with self.assertRaises(AccessError):
                foreign.read(["display_name"])
            with self.assertRaises(AccessError):
                foreign.export_data(["id", "display_name"])
            self.assertFalse(foreign.has_access("read"))

    def test_totals_and_names(self):
        for name in ("registrar2", "auditor2"):
            env = self.env(user=self.users[name])
            groups = env["registry.letter"].formatted_read_group(
                [], ["state"], ["__count"]
            )
            self.assertEqual(sum(group["__count"] for group in groups), 0)
            groups = env["registry.entry"].formatted_read_group(
                [], ["channel"], ["__count"]
            )
            self.assertEqual(sum(group["__count"] for group in groups), 0)
            self.assertFalse(env["registry.letter"].name_search("Secret"))
            self.assertFalse(env["registry.letter"].name_search(self.letter.number))
            self.assertFalse(env["registry.office"].name_search("Agdal"))
            self.assertFalse(
                env["registry.letter"].search(
                    [("entry_id.detail_ids.subject", "ilike", "S")]
                )
            )
            self.assertFalse(
                env["registry.entry"].search([("subject", "ilike", "Secret")])
            )

    def test_documents_and_receipts(self):
        stranger = self.users["head2"]
        self.assertFalse(self.version.with_user(stranger)._is_readable())
        self.assertFalse(self.receipt.version_id.with_user(stranger)._is_readable())
        with self.assertRaises(AccessError):
            self.receipt.with_user(stranger).read(["pdf"])
        with self.assertRaises(AccessError):
            self.receipt.with_user(stranger).action_download()

    def test_methods(self):
        stranger = self.users["head2"]
        for call in (
            lambda: self.letter.with_user(stranger).action_cancel("r", "a"),
            lambda: self.letter.with_user(stranger).action_rectify("subject", "x", "r"),
            lambda: self.letter.with_user(stranger).action_register(),
            lambda: self.letter.with_user(stranger).write({"unit_id": False}),
            lambda: self.register.with_user(stranger).action_verify(),
            lambda: self.register.with_user(stranger).action_close_day(),
            lambda: self.register.with_user(stranger).action_open_year(),
            lambda: self.receipt.with_user(stranger).action_retry(),
            lambda: self.letter.with_user(stranger).message_post(body="x"),
        ):
            with self.assertRaises(UserError):
                call()

    def test_no_record_across(self):
        with self.assertRaises(UserError):
            self._draft(self.users["registrar2"])
        foreign_unit = self.env["hr.department"].create(
            {"name": "Foreign", "company_id": self.other_company.id}
        )
        with self.assertRaises(UserError):
            self._draft(unit_id=foreign_unit.id)
        with self.assertRaises(UserError):
            self.env["registry.register"].create(
                {
                    "office_id": self.office.id,
                    "company_id": self.other_company.id,
                    "code": "X",
                    "name": "X",
                }
            )

    def test_member_of_both_sees_what_is_chosen(self):
        user = self.users["head"]
        user.company_ids |= self.other_company
        self._register(self.users["registrar2"], register_id=self.other_register.id)
        letters = self.env["registry.letter"].with_user(user)
        one = letters.with_context(allowed_company_ids=self.company.ids).search([])
        self.assertEqual(one.company_id, self.company)
        both = letters.with_context(
            allowed_company_ids=(self.company | self.other_company).ids
        ).search([])
        self.assertEqual(both.company_id, self.company | self.other_company)
