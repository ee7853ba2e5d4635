import base64
import io

import pypdfium2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_source import SourceCase


def text_of(pdf):
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return "\n".join(page.get_textpage().get_text_range() for page in document)


@tagged("post_install", "-at_install", "alone")
class TestSource(SourceCase):
    """Set up by picking, sent from the record, locked while in signature, written back at the end."""

    def test_from_the_record_to_the_signed_file_and_back(self):
        source = self._published()
        self.employee.name = "Zineb <w:p>{{ 7*7 }} & O'Neil ياسين"
        folder = self._sent()
        self.assertEqual(folder.state, "draft")
        self.assertEqual(folder.initiator_id, self.clerk)
        self.assertEqual(folder.source_id, source)
        pdf = folder.main_ids.current_version_id.sudo()._read_content()
        said = text_of(pdf)
        self.assertIn("works as Technicien", said)
        self.assertIn("{{ 7*7 }} & O'Neil", said)
        self.assertIn(self.mayor.name, " ".join(said.split()))
        self.assertFalse(folder.source_notice)
        folder.action_submit()
        with self.refused(UserError, folder.reference):
            self._employee(self.admin).write({"job_title": "Directeur"})
        with self.refused(UserError, "cannot be changed or deleted|Technicien|until"):
            self.employee.sudo().unlink()
        self._employee().write({"private_phone": "0600000000"})
        self._sign_alone(folder)
        self.assertEqual(folder.state, "done")
        self.assertEqual(folder.source_back_state, "pending")
        folder.sudo()._process_records()
        self.assertEqual(folder.source_back_state, "done", folder.source_back_error)
        self.assertTrue(self.employee.message_ids.attachment_ids)
        self.assertTrue(self._events(folder, "folder.written_back"))
        self.employee.job_title = "Directeur"
        [notice] = self._as(self.env["parapheur.folder"], self.clerk).get_source_notice(
            "hr.employee", self.employee.id
        )
        self.assertEqual(notice["level"], "warning")
        self.assertIn("Job Title", notice["sentence"])

    def test_the_button_appears_and_disappears(self):
        actions = self.env["ir.actions.actions"].with_user(self.clerk)
        actions = actions.with_company(self.company)

        def names():
            return [
                one["name"]
                for one in actions.get_bindings("hr.employee").get("action", ())
            ]

        self.assertNotIn("Send to the signature book", names())
        self.source.action_publish()
        self.assertIn("Send to the signature book", names())
        elsewhere = self.env(user=self.stranger, context={})["ir.actions.actions"]
        found = elsewhere.get_bindings("hr.employee").get("action", ())
        self.assertNotIn("Send to the signature book", [one["name"] for one in found])
        self.source.action_retire()
        self.assertNotIn("Send to the signature book", names())

    def test_a_version_in_use_does_not_change(self):
        self.source.action_publish()
        for vals in ({"title": "x"}, {"state": "draft"}, {"lock": "none"}):
            with self.refused(UserError, "version|buttons|in use"):
                self.source.write(vals)
        with self.refused(UserError, "in use"):
            self.source.field_ids[0].label = "x"
        with self.refused(UserError, "in use"):
            self.source.field_ids[0].unlink()
        action = self.source.action_new_version()
        draft = self.source.browse(action["res_id"])
        self.assertEqual((draft.version, draft.state), (2, "draft"))
        self.assertEqual(len(draft.field_ids), 3)
        self.assertTrue(draft.docx_id)
        draft.action_publish()
        self.assertEqual(self.source.state, "retired")

    def test_only_administrators_set_it_up(self):
        for user in (self.clerk, self.supervisor, self.auditor):
            mine = self.source.with_user(user).with_company(self.company)
            with self.assertRaises(AccessError):
                mine.action_publish()
            with self.assertRaises(AccessError):
                mine.write({"title": "x"})
            with self.assertRaises(AccessError):
                mine.get_choices("path", "hr.employee")
        self.assertFalse(
            self.env["parapheur.source"]
            .with_user(self.stranger)
            .search([("id", "=", self.source.id)])
        )

    def test_only_business_is_offered(self):
        models = dict(self.source._selection_model())
        self.assertIn("hr.employee", models)
        self.assertIn("res.partner", models)
        self.assertIn("hr.department", models)
        for name in models:
            self.assertFalse(
                name.startswith(("ir.", "gov.", "parapheur.", "mail.")), name
            )
        self.assertFalse({"res.users", "res.company", "res.groups"} & models.keys())
        for name in (
            "res.users",
            "ir.model",
            "gov.key",
            "parapheur.folder",
            "x",
            None,
            3,
        ):
            self.assertEqual(self.source.get_choices("path", name), [])
        values = {
            one["value"] for one in self.source.get_choices("path", "hr.employee")
        }
        self.assertIn("job_title", values)
        self.assertFalse({"pin", "barcode", "image_1920", "message_ids"} & values)
        for path in (
            "user_id.password",
            "pin",
            "department_id.manager_id.user_id.name",
            "message_ids.body",
            "company_id.partner_id.name",
            "x",
            "name.x",
            "__class__",
            "category_ids.employee_ids.name",
            "",
        ):
            with (
                self.subTest(path=path),
                self.refused(UserError, "."),
                self.env.cr.savepoint(),
            ):
                self.source.write(
                    {"field_ids": [(0, 0, {"path": path, "key": "k", "label": "l"})]}
                )

    def test_what_changed_before_submission_is_made_again(self):
        self._published()
        folder = self._sent()
        self.employee.job_title = "Chef"
        self.assertIn("Job Title", folder.source_notice)
        with self.refused(UserError, "Make the document again"):
            folder.action_submit()
        folder.action_refresh_source()
        folder.invalidate_recordset()
        self.assertFalse(folder.source_notice)
        self.assertEqual(len(folder.main_ids), 1)
        content = folder.main_ids.current_version_id.sudo()._read_content()
        self.assertIn("works as Chef", text_of(content))
        folder.action_remove_document(folder.main_ids.id)
        with self.refused(UserError, "taken out"):
            folder.action_submit()

    def test_nobody_writes_the_record_of_a_folder(self):
        self._published()
        folder = self._sent()
        for vals in (
            {"source_res_id": 1},
            {"source_facts": []},
            {"source_digest": "0"},
            {"source_back_state": "done"},
        ):
            with self.assertRaises(AccessError):
                folder.write(vals)
        with self.assertRaises(AccessError):
            self._draft_with({"source_res_id": self.employee.id})

    def _draft_with(self, vals):
        folders = self.env["parapheur.folder"].with_user(self.clerk)
        return folders.with_company(self.company).create(
            {"title": "x", "nature_id": self.nature.id, "language": "fr", **vals}
        )

    def test_a_record_that_is_gone(self):
        self._published(name="Free", lock="none")
        source = self.env["parapheur.source"].search([("name", "=", "Free")])
        employee = self.env["hr.employee"].create(
            {"name": "Gone", "company_id": self.company.id}
        )
        folder = self._sent(source, self._as(employee, self.clerk))
        employee.sudo().unlink()
        self.assertIn("not there any more", folder.source_notice)
        with self.refused(UserError, "not there any more"):
            folder.action_submit()
        with self.refused(UserError, "not there any more"):
            folder.action_refresh_source()
        with self.refused(UserError, "not there any more"):
            source.with_user(self.clerk)._send(self._as(employee, self.clerk))

    def test_whoever_may_not_read_does_not_send(self):
        self._published()
        with self.assertRaises(AccessError):
            self._sent(user=self.other)

    def test_docx_that_is_hostile(self):
        for content, name, words in (
            (b"PK\x03\x04junk", "a.docx", "."),
            (b"MZ", "a.docx", "."),
            (b"%PDF-1.4", "a.pdf", "DOCX"),
            (b"", "a.docx", "."),
        ):
            with self.refused(UserError, words):
                self.source.action_set_docx(name, base64.b64encode(content).decode())
        for wrong in (None, 3, "é", ["x"]):
            with self.refused(UserError, "."):
                self.source.action_set_docx("a.docx", wrong)
