from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import RegistryCommon, pdf_file


@tagged("post_install", "-at_install")
class TestDocuments(RegistryCommon):
    def test_scan_in_the_form(self):
        content = pdf_file("Scan")
        with Form(self.env["registry.letter"].with_user(self.registrar)) as form:
            form.register_id = self.register
            form.sender_name = "Ali"
            form.subject = "Facture"
            form.scan_file = self._b64(content)
        letter = form.record
        document = letter.document_ids
        self.assertEqual(document.role, "main")
        self.assertEqual(document.current_version_id._read_content(), content)
        letter.write(
            {"scan_filename": "annex.pdf", "scan_file": self._b64(pdf_file("Annex"))}
        )
        self.assertEqual(letter.document_ids.mapped("role"), ["main", "annex"])
        letter.action_register()
        self._drain()
        self.assertEqual(letter.entry_id.document_count, 2)
        with self.assertRaisesRegex(UserError, "its documents are in the sealed line"):
            letter._add_document(content, "late.pdf")
        with self.assertRaises(UserError):
            letter.document_ids.sudo().unlink()

    def test_refused_file_says_why_and_keeps_the_rest(self):
        letter = self._draft()
        with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
            letter.write(
                {
                    "subject": "Typed with the file",
                    "scan_filename": "run.pdf",
                    "scan_file": self._b64(b"MZ\x90\x00 not a pdf"),
                }
            )
        # Exactly this class: the web client says “Oops” for any other.
        self.assertIs(type(refusal.exception), UserError)
        self.assertIn("must be a PDF", str(refusal.exception))
        letter.invalidate_recordset()
        self.assertFalse(letter.document_ids)
        # The web client keeps the form open with what was typed: nothing was saved.
        letter.write({"subject": "Typed with the file"})
        self.assertEqual(letter.subject, "Typed with the file")

    def test_rights(self):
        letter = self._draft()
        version = letter._add_document(pdf_file(), "a.pdf")
        self.assertTrue(version.with_user(self.registrar)._is_readable())
        self.assertTrue(version.with_user(self.auditor)._is_readable())
        for name in ("agent", "registrar2", "auditor2", "admin"):
            self.assertFalse(version.with_user(self.users[name])._is_readable(), name)
        with self.assertRaises(AccessError):
            letter.with_user(self.auditor)._add_document(pdf_file(), "a.pdf")

    def test_part_digests_are_in_the_event(self):
        content = pdf_file("One")
        letter = self._draft(body="Texte")
        letter._add_document(content, "one.pdf")
        letter.action_register()
        self._drain()
        event = self.env["gov.journal.event"].search(
            [("uid", "=", letter.entry_id.event_uid)]
        )
        import hashlib
        import json

        body = json.loads(event.body)
        self.assertEqual(
            body["documents"],
            [
                {
                    "order": 1,
                    "role": "main",
                    "sha256": hashlib.sha256(content).hexdigest(),
                    "size": len(content),
                }
            ],
        )
        self.assertEqual(
            letter.entry_id.body_sha256, hashlib.sha256(b"Texte").hexdigest()
        )
        self.assertEqual(
            set(body["salted"]),
            {
                "subject",
                "body",
                "sender",
                "sender_reference",
                "parties",
            },
        )
        self.assertNotIn(letter.subject, event.body)
        self.assertNotIn(letter.sender_name, event.body)
