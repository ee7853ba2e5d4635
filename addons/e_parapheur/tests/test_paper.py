import base64
import io
from datetime import timedelta

import pypdfium2

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.gov_base.lib import ink, page_code

from .common import BookCase, pdf


@tagged("post_install", "-at_install")
class TestPaper(BookCase):
    """Printed with codes, signed by hand, scanned back: this document, or a refusal with why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        circuit = cls._circuit(
            "By hand",
            [
                {"name": "By hand", "kind": "paper", "users": cls.head},
                {"name": "Signature", "kind": "signature", "users": cls.signer},
            ],
        )
        cls.paper_nature = cls._nature("On paper", circuit)

    @classmethod
    def _nature(cls, name, circuit, **vals):
        return cls.env["parapheur.nature"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "circuit_id": circuit.id,
                **vals,
            }
        )

    def folder(self, **how):
        return self._submitted(nature=self.paper_nature, **how)

    def scan(self, printed, pages=None, kind="PDF", blank=()):
        """What a scanner gives of a print: grey pictures of its pages."""
        version = self.env["gov.document.version"].sudo().browse(printed["version_id"])
        document = pypdfium2.PdfDocument(version._read_content())
        sheets = [one.render(scale=200 / 72).to_pil().convert("L") for one in document]
        document.close()
        for number in blank:
            sheet = sheets[number]
            sheet.paste(255, (0, int(sheet.size[1] * 0.9), *sheet.size))
        sheets = [sheets[number] for number in (pages or range(len(sheets)))]
        stream = io.BytesIO()
        more = {"save_all": True, "append_images": sheets[1:]} if kind != "PNG" else {}
        sheets[0].save(stream, format=kind, resolution=200, dpi=(200, 200), **more)
        return self.told(printed, stream.getvalue(), f"scan.{kind.lower()}")

    def told(self, printed, content, filename="scan.pdf"):
        return {
            "document_id": printed["document_id"],
            "filename": filename,
            "content": base64.b64encode(content).decode(),
        }

    def test_from_the_print_to_the_end(self):
        folder = self.folder(content=pdf(["Permit"], pages=2))
        mine = self._as(folder, self.head)
        self.assertTrue(mine.can_paper)
        with self.refused(UserError, "its own button|own button"):
            mine.action_approve()
        (printed,) = mine.action_paper_print()
        self.assertEqual(mine.action_paper_print(), [printed], "the same sheets")
        version = self.env["gov.document.version"].sudo().browse(printed["version_id"])
        codes = ink.codes(version._read_content())
        self.assertEqual(
            {page_code.parse(text).reference for _page, text in codes},
            {folder.reference},
        )
        self.assertTrue(
            mine.action_paper_scan(
                [self.scan(printed)],
                signed_by="Le gouverneur",
                signed_on=str(fields.Date.today() - timedelta(days=1)),
            )
        )
        paper = folder.sudo().paper_ids
        self.assertEqual(paper.state, "valid")
        self.assertEqual(paper.signed_by, "Le gouverneur")
        self.assertEqual(paper.user_name, self.head.name)
        self.assertFalse(paper.is_by_hand)
        self.assertFalse(folder.sudo().signature_ids)
        self.assertEqual(
            folder.sudo().piece_ids._current().sha256, paper.version_id.sha256
        )
        self._sign(folder, self.signer)
        folder.sudo()._process_closings()
        folder.sudo()._process_slips()
        self.assertEqual(folder.sudo().state, "done")
        self.assertTrue(folder.sudo().slip_id)
        act = self.env["gov.sign"]._check(
            folder.sudo().piece_ids.final_id._read_content(), self.company
        )
        self.assertTrue(act.closed)
        self.assertEqual(len(act.signatures), 2, "a person and the seal; not the paper")
        (event,) = self._events(folder, "folder.signed_on_paper")
        self.assertNotIn(
            "gouverneur", event.canonical_text if "canonical_text" in event else ""
        )

    def test_it_is_this_document_or_not(self):
        folder = self.folder(content=pdf(["Permit"], pages=3), mains=1)
        mine = self._as(folder, self.head)
        with self.refused(UserError, "was not printed by you"):
            mine.action_paper_scan([])
        (printed,) = mine.action_paper_print()
        with self.refused(UserError, "is missing: choose the scan"):
            mine.action_paper_scan([])
        with self.refused(UserError, "has 3 pages, this scan 2"):
            mine.action_paper_scan([self.scan(printed, pages=[0, 2])])
        with self.refused(UserError, "not in order"):
            mine.action_paper_scan([self.scan(printed, pages=[1, 0, 2])])
        with self.refused(UserError, "twice"):
            mine.action_paper_scan([self.scan(printed, pages=[0, 1, 1, 2])])
        with self.refused(UserError, "cannot be read on every page"):
            mine.action_paper_scan([self.scan(printed, blank=[1])])
        elsewhere = self.folder(title="Another one")
        (other,) = self._as(elsewhere, self.head).action_paper_print()
        swapped = {**self.scan(other), "document_id": printed["document_id"]}
        with self.refused(UserError, "another folder or letter"):
            mine.action_paper_scan([swapped])
        self.assertTrue(
            mine.action_paper_scan([self.scan(printed, blank=[1])], is_checked=True)
        )
        self.assertTrue(folder.sudo().paper_ids.is_by_hand)

    def test_two_documents_swapped(self):
        folder = self.folder(mains=2)
        mine = self._as(folder, self.head)
        first, second = mine.action_paper_print()
        one, two = self.scan(first), self.scan(second)
        one["content"], two["content"] = two["content"], one["content"]
        with self.refused(UserError, "This is the scan of"):
            mine.action_paper_scan([one, two])
        self.assertEqual(folder.sudo().paper_ids.mapped("state"), ["printed"] * 2)

    def test_odd_files_and_words(self):
        folder = self.folder()
        mine = self._as(folder, self.head)
        (printed,) = mine.action_paper_print()
        good = self.scan(printed)
        for files in (
            "x",
            [None],
            [{"document_id": "x", "content": "AA=="}],
            [{**good, "document_id": 10**9}],
            [{**good, "content": "%%%"}],
            [{**good, "content": None}],
        ):
            with self.refused(UserError, "did not arrive whole|is missing"):
                mine.action_paper_scan(files)
        with self.refused(UserError, "no date"):
            mine.action_paper_scan([good], signed_on="yesterday")
        with self.refused(UserError, "not dated in the future"):
            mine.action_paper_scan(
                [good], signed_on=fields.Date.today() + timedelta(days=3)
            )
        with self.refused(UserError, "smaller|must be|could not be read|PDF"):
            mine.action_paper_scan([self.told(printed, b"MZ\x90 program", "a.pdf")])

    def test_nobody_else(self):
        folder = self.folder()
        for user in (
            self.clerk,
            self.signer,
            self.supervisor,
            self.admin,
            self.stranger,
        ):
            for call in (
                lambda one: one.action_paper_print(),
                lambda one: one.action_paper_scan([]),
            ):
                with self.assertRaises(UserError):
                    call(self._as(folder, user))
        self.assertFalse(folder.sudo().paper_ids)
        with self.assertRaises(AccessError):
            self.env["parapheur.paper"].with_user(self.admin).create({})
        self._as(folder, self.head).action_paper_print()
        with self.assertRaises(AccessError):
            folder.sudo().paper_ids.write({"signed_by": "Me"})
        with self.assertRaises(AccessError):
            folder.sudo().paper_ids.unlink()

    def test_returned_the_paper_is_withdrawn(self):
        folder = self.folder()
        before = self._bytes(folder)
        mine = self._as(folder, self.head)
        (printed,) = mine.action_paper_print()
        mine.action_paper_scan([self.scan(printed)])
        self.assertNotEqual(self._bytes(folder), before)
        step = folder.sudo().run_id._live_steps().sorted("rank")[:1]
        self._as(folder, self.signer).action_return(step.id, "Not readable")
        self.assertEqual(self._bytes(folder), before)
        self.assertEqual(folder.sudo().paper_ids.state, "withdrawn")
        self.assertIn(
            "Withdrawn signatures: Karim Head", folder.sudo().message_ids[0].preview
        )
        (again,) = mine.action_paper_print()
        self.assertNotEqual(again["version_id"], printed["version_id"])
        mine.action_paper_scan([self.scan(again)])
        self._sign(folder, self.signer)

    def test_not_where_the_law_forbids_the_rest(self):
        circuit = self._circuit(
            "Paper alone", [{"name": "By hand", "kind": "paper", "users": self.head}]
        )
        nature = self._nature(
            "Civil status", circuit, not_eligible=True, not_eligible_reason="Law 1"
        )
        folder = self._submitted(nature=nature)
        mine = self._as(folder, self.head)
        (printed,) = mine.action_paper_print()
        mine.action_paper_scan([self.scan(printed, kind="PNG")])
        folder.sudo()._process_closings()
        self.assertEqual(folder.sudo().state, "done")
        self.assertFalse(folder.sudo().signature_ids)

    def test_the_dialog(self):
        folder = self.folder()
        mine = self._as(folder, self.head)
        action = mine.action_open_paper()
        wizard = (
            self.env[action["res_model"]].with_user(self.head).browse(action["res_id"])
        )
        (line,) = wizard.line_ids
        printed = {"document_id": line.document_id, "version_id": line.version_id}
        line.write({"scan": self.scan(printed)["content"], "scan_name": "a.pdf"})
        action = wizard.action_hand_in()
        self.assertEqual(action["type"], "ir.actions.act_window_close")
        self.assertEqual(folder.sudo().paper_ids.state, "valid")
