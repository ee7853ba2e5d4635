import base64
import io
import json

import pikepdf

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.gov_base.tests import intake_files as files
from odoo.addons.gov_base.tests.pdf_files import SCRIPT, changed, drawn, field

from .common import BookCase, pdf


@tagged("post_install", "-at_install", "alone")
class TestGateOfDocuments(BookCase):
    """What is found in a main document before it circulates: told, made clean, or refused."""

    def found(self, folder, number=0):
        return {row["code"]: row for row in folder.get_hygiene()[number]["rows"]}

    def test_a_report_before_and_after_the_submission(self):
        def form(document):
            field(document, V="1000 DH")
            document.pages[0].obj.Rotate = 90

        folder = self._draft(content=changed(pdf(), form))
        (before,) = folder.get_hygiene()
        self.assertEqual((before["checked"], before["rows"]), (False, []))
        (report,) = folder.action_check_documents()
        self.assertTrue(report["checked"])
        self.assertEqual(report["level"], "changed")
        found = self.found(folder)
        self.assertIn("1 form fields became plain text", found["form"]["sentence"])
        self.assertEqual(found["turned"]["page"], 1)
        self.assertEqual(found["pages"]["sentence"], "One page, A4.")
        folder.action_submit()
        (after,) = self._as(folder, self.head).get_hygiene()
        self.assertEqual(after["digest"], report["digest"])
        piece = folder.sudo().piece_ids
        (event,) = self._events(folder, "folder.submitted")
        told = json.loads(event.body)["pieces"][0]
        self.assertEqual(told["hygiene"], report["digest"])
        self.assertEqual(len(piece._page_digests()), 1)
        self.assertTrue(piece._shows_the_same(self._bytes(folder)))
        self.assertFalse(piece._shows_the_same(pdf(["Another"])))
        shown = pikepdf.open(io.BytesIO(self._bytes(folder)))
        self.assertFalse(shown.pages[0].get("/Rotate", 0))
        self.assertEqual(len(shown.Root.AcroForm.Fields), 3)

    def test_what_is_shown_is_what_is_closed(self):
        folder = self._closed(content=changed(pdf(), lambda one: field(one, V="10")))
        piece = folder.piece_ids
        closed = piece.final_id._read_content()
        self.assertTrue(piece._shows_the_same(closed))
        # Drawn by another PDFium when it was submitted: both are drawn again.
        piece.page_facts = {**piece.page_facts, "engine": "older", "digests": ["0"]}
        folder._check_shown(piece, closed)
        with self.refused(UserError, "not those that were shown"):
            folder._check_shown(piece, pdf(["Another text"]))
        with self.refused(UserError, "could not be compared"):
            folder._check_shown(piece, b"%PDF-1.7 nothing")

    def test_what_cannot_circulate_is_named(self):
        def dynamic(document):
            field(document)
            document.Root.AcroForm.XFA = document.make_stream(b"<xdp/>")
            document.Root.NeedsRendering = True

        folder = self._draft(content=changed(pdf(), dynamic))
        (report,) = folder.action_check_documents()
        self.assertEqual(report["level"], "refused")
        with self.refused(UserError, r"decision-0.pdf: The file is a dynamic form"):
            folder.action_submit()
        self.assertEqual(folder.state, "draft")

    def test_several_documents_and_odd_names(self):
        folder = self._draft(mains=0)
        for name in ("a/b, c:é.pdf", "قرار رقم 14.pdf"):
            folder.action_add_document(name, base64.b64encode(pdf()).decode())
        script = files.pdf(catalog=f"/OpenAction {SCRIPT}")
        folder.action_add_document("ordre.pdf", base64.b64encode(script).decode())
        levels = [one["level"] for one in folder.action_check_documents()]
        self.assertEqual(levels, ["info", "info", "changed"])
        folder.action_submit()
        self.assertEqual(len(folder.sudo().piece_ids), 3)

    def test_the_check_is_for_the_sender_the_report_for_readers(self):
        folder = self._draft()
        folder.action_check_documents()
        for user in (self.other, self.stranger):
            with self.refused(AccessError, "."):
                self._as(folder, user).get_hygiene()
        rows = self.env["parapheur.hygiene"]
        self.assertTrue(
            rows.with_user(self.clerk).search([("folder_id", "=", folder.id)])
        )
        self.assertFalse(
            rows.with_user(self.other).search([("folder_id", "=", folder.id)])
        )
        folder.action_submit()
        own = rows.with_user(self.head).search([("folder_id", "=", folder.id)])
        self.assertTrue(own)
        for row in (own[:1], own[:1].with_user(self.admin)):
            for act in (row.unlink, lambda row=row: row.write({"level": "info"})):
                with self.refused(AccessError, "."), self.env.cr.savepoint():
                    act()
        with self.refused(UserError, "documents are fixed"):
            folder.action_check_documents()
        with self.refused(AccessError, "."):
            folder.write({"hygiene_ids": [(5, 0, 0)]})

    def test_hidden_words_reach_the_reader(self):
        def secret(canvas):
            canvas.setFillColorRGB(1, 1, 1)
            canvas.drawString(72, 300, "and the plot is sold")

        folder = self._draft(content=drawn(secret))
        folder.action_submit()
        (report,) = self._as(folder, self.head).get_hygiene()
        self.assertEqual(report["level"], "warning")
        self.assertIn(
            "and the plot is sold", self.found(folder)["text_colour"]["sentence"]
        )

    def test_every_code_has_its_sentence(self):
        from odoo.addons.gov_base.lib import hygiene

        folder = self._draft()
        folder.action_check_documents()
        row = folder.sudo().hygiene_ids[:1]
        for code in sorted({*hygiene.LEVELS, *hygiene.REFUSALS, "signed_broken"}):
            facts = {"count": 1, "papers": {"A4": 1}, "names": ["x"], "words": "x"}
            row.write({"code": code, "facts": facts})
            self.assertGreater(len(row.sentence), 10, code)
            self.assertNotEqual(row.sentence, code)
