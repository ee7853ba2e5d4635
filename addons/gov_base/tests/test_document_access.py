from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from . import intake_files as files
from .common_documents import DocumentCase

ACCESS_LOG = (
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.ir_model",
    "odoo.models",
)


@tagged("alone", "standard", "at_install")
class TestDocumentAccess(DocumentCase):
    """Who reads the owner reads the document; nobody else finds it, by any door."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls.documents._ingest(
            files.pdf(), "mine.pdf", company=cls.company, owner=cls.owner
        )
        cls.theirs = cls.documents._ingest(
            files.pdf(pages=2),
            "theirs.pdf",
            company=cls.other_company,
            owner=cls.other_owner,
        )
        # Same administration, but a record that agents may not read.
        cls.secret_owner = cls.mine.vault_id
        cls.secret = cls.documents._ingest(
            files.pdf(pages=3),
            "guarded.pdf",
            company=cls.company,
            owner=cls.secret_owner,
        )
        cls.loose = cls.documents._ingest(
            files.pdf(pages=4), "loose.pdf", company=cls.company
        )
        cls.hidden = cls.theirs | cls.secret | cls.loose
        cls.env.flush_all()

    def readers(self):
        return (self.agent, self.auditor, self.admin)

    def test_own_documents_are_read(self):
        for user in self.readers():
            version = self.mine.with_user(user)
            self.assertEqual(version.filename, "mine.pdf")
            self.assertEqual(version.document_id.state, "released")
            version._check_readable()

    def test_search_finds_nothing_else(self):
        for user in (*self.readers(), self.system):
            for model, hidden in (
                ("gov.document.version", self.hidden),
                ("gov.document", self.hidden.document_id),
            ):
                records = self.env[model].with_user(user)
                found = records.search(Domain.TRUE)
                self.assertIn(
                    (self.mine if model.endswith("version") else self.mine.document_id),
                    found,
                )
                self.assertFalse(found & hidden.with_user(user))
                self.assertFalse(records.search([("id", "in", hidden.ids)]))
                self.assertEqual(records.search_count([("id", "in", hidden.ids)]), 0)
                self.assertFalse(records.name_search("theirs"))
                self.assertFalse(
                    records.search_read([("id", "in", hidden.ids)], ["display_name"])
                )
                self.assertEqual(
                    records.web_search_read([("id", "in", hidden.ids)], {"id": {}})[
                        "length"
                    ],
                    0,
                )

    def test_totals_do_not_tell(self):
        for user in (*self.readers(), self.system):
            versions = self.versions.with_user(user)
            in_hidden = [("id", "in", self.hidden.ids)]
            self.assertFalse(
                versions._read_group(in_hidden, ["extension"], ["size:sum"])
            )
            self.assertFalse(
                versions.formatted_read_group(in_hidden, ["company_id"], ["__count"])
            )
            self.assertEqual(
                versions.formatted_read_group(in_hidden, [], ["size:sum"])[0][
                    "size:sum"
                ],
                False,
            )

    def test_reading_by_id_is_refused_and_names_nothing(self):
        for user in (*self.readers(), self.system):
            user.group_ids = [Command.link(self.env.ref("base.group_allow_export").id)]
            for record in (*self.hidden, *self.hidden.document_id):
                guessed = record.with_user(user)
                guessed.invalidate_recordset()
                for door in (
                    lambda record: record.read(["filename"]),
                    lambda record: record.web_read({"filename": {}}),
                    lambda record: record.export_data(["filename"]),
                    lambda record: record.display_name,
                    lambda record: record.check_access("read"),
                ):
                    with (
                        mute_logger(*ACCESS_LOG),
                        self.assertRaises(AccessError) as caught,
                    ):
                        door(guessed)
                    for name in ("theirs", "guarded", "loose"):
                        self.assertNotIn(name, str(caught.exception))

    def test_conditions_of_other_models_do_not_tell(self):
        versions = self.versions.with_user(self.agent)
        for start in range(3):
            digest = self.theirs.sha256[: 8 + start]
            self.assertFalse(versions.search([("sha256", "=like", digest + "%")]))
            self.assertFalse(
                self.documents.with_user(self.agent).search(
                    [("version_ids.sha256", "=like", digest + "%")]
                )
            )

    def test_nobody_writes(self):
        for user in (*self.readers(), self.system):
            for record in (self.mine, self.mine.document_id):
                own = record.with_user(user)
                name = "name" if own._name == "gov.document" else "filename"
                for door in (
                    lambda record, name=name: record.write({name: "x"}),
                    lambda record: record.unlink(),
                    lambda record: record.copy(),
                    lambda record: record.create({}),
                ):
                    with mute_logger(*ACCESS_LOG), self.assertRaises(UserError):
                        door(own)
        with self.assertRaises(AccessError):
            self.documents.with_user(self.agent)._ingest(
                files.pdf(), "a.pdf", company=self.other_company, owner=self.other_owner
            )

    def test_an_agent_who_may_write_the_owner_adds_documents(self):
        self.agent.group_ids = [
            Command.link(self.env.ref("base.group_partner_manager").id)
        ]
        documents = self.documents.with_user(self.agent)
        version = documents._ingest(
            files.pdf(),
            "a.pdf",
            company=self.company,
            owner=self.owner.with_user(self.agent),
        )
        self.assertEqual(version.env.user, self.agent)
        self.assertEqual(version.filename, "a.pdf")

    def test_moving_away_takes_effect_at_once(self):
        self.assertTrue(self.mine.with_user(self.agent)._is_readable())
        self.agent.write(
            {
                "company_ids": [Command.set(self.other_company.ids)],
                "company_id": self.other_company.id,
            }
        )
        mine = self.mine.with_user(self.agent)
        mine.invalidate_recordset()
        self.assertFalse(mine._is_readable())
        self.assertFalse(mine.search([("id", "=", mine.id)]))

    def test_two_administrations_one_at_a_time(self):
        user = new_test_user(
            self.env,
            login="docs_both",
            groups="gov_base.group_gov_base_agent",
            company_id=self.company.id,
            company_ids=[Command.set((self.company | self.other_company).ids)],
        )
        both = self.versions.with_user(user).with_context(
            allowed_company_ids=(self.company | self.other_company).ids
        )
        self.assertEqual(both.search([]) & self.theirs, self.theirs)
        one = self.versions.with_user(user).with_context(
            allowed_company_ids=self.company.ids
        )
        self.assertFalse(one.search([]) & self.theirs)

    def test_the_vault_has_no_reader(self):
        attachments = (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", "gov.document.vault")])
        )
        self.assertGreaterEqual(len(attachments), 4)
        for user in (*self.readers(), self.system, self.env.ref("base.user_admin")):
            vault = self.mine.sudo().vault_id.with_user(user)
            with mute_logger(*ACCESS_LOG):
                self.assertFalse(vault.has_access("read"))
                with self.assertRaises(AccessError):
                    vault.search([])
                for attachment in attachments.with_user(user):
                    self.assertFalse(attachment.has_access("read"))
                    with self.assertRaises(AccessError):
                        attachment.read(["raw"])
                    with self.assertRaises(AccessError):
                        attachment.write(
                            {"res_model": "res.partner", "res_id": user.partner_id.id}
                        )
                    with self.assertRaises(AccessError):
                        attachment.generate_access_token()
                    with self.assertRaises(AccessError):
                        attachment.copy({"res_model": False, "res_id": False})
                with self.assertRaises(AccessError):
                    self.mine.with_user(user).read(["vault_id"])
            found = (
                self.env["ir.attachment"]
                .with_user(user)
                .search([("id", "in", attachments.ids)])
            )
            self.assertFalse(found)
            with mute_logger(*ACCESS_LOG), self.assertRaises(AccessError):
                self.env["ir.attachment"].with_user(user).search(
                    [("res_model", "=", "gov.document.vault")]
                )

    def test_no_content_through_fields(self):
        for model in ("gov.document", "gov.document.version"):
            self.assertFalse(
                [
                    name
                    for name, field in self.env[model]._fields.items()
                    if field.type == "binary"
                ]
            )

    def test_portal_and_public_have_nothing(self):
        portal = new_test_user(
            self.env, login="docs_portal", groups="base.group_portal"
        )
        plain = new_test_user(self.env, login="docs_plain", groups="base.group_user")
        for user in (portal, plain, self.env.ref("base.public_user")):
            for model in (
                "gov.document",
                "gov.document.version",
                "gov.consultation",
                "gov.document.vault",
            ):
                with mute_logger(*ACCESS_LOG), self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    def test_the_owner_may_keep_a_version_back(self):
        def check(owner, version, operation):
            raise AccessError(operation)

        with patch.object(
            type(self.env["res.partner"]), "_gov_document_check", check, create=True
        ):
            self.assertFalse(self.mine.with_user(self.agent)._is_readable())
        self.assertTrue(self.mine.with_user(self.agent)._is_readable())

    def test_only_released_content_is_read(self):
        version = self.mine.with_user(self.agent)
        for state in ("received", "typed", "bounded", "scanned", "quarantined"):
            self.mine._write_pipeline({"state": state})
            with self.assertRaises(AccessError):
                version._check_readable()
        self.mine._write_pipeline({"state": "released", "av_state": "infected"})
        with self.assertRaises(AccessError):
            version._check_readable()

    def test_consultations_are_only_added(self):
        log = (
            self.env["gov.consultation"]
            .with_user(self.agent)
            ._log(self.mine.with_user(self.agent))
            .sudo()
        )
        self.assertEqual(
            (log.user_id, log.user_name, log.filename),
            (self.agent.id, self.agent.name, "mine.pdf"),
        )
        self.assertEqual((log.res_model, log.res_id), (self.owner._name, self.owner.id))
        for door in (lambda: log.write({"user_name": "x"}), log.unlink):
            with self.assertRaises(Exception) as caught:
                door()
            self.assertEqual(type(caught.exception).__name__, "UserError")
        self.assertIn(
            log, self.env["gov.consultation"].with_user(self.auditor).search([]).sudo()
        )
        with mute_logger(*ACCESS_LOG), self.assertRaises(AccessError):
            self.env["gov.consultation"].with_user(self.agent).search([])
