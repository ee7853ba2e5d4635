"""A signed PDF sent to the public page: answers, refusals, and that nothing stays."""

import hashlib
import logging
import re

from lxml import etree, html

from odoo.tests import HttpCase, tagged

from ..controllers import verify_upload
from ..lib import acts, pades
from ..lib.http import CONTENT_SECURITY_POLICY
from ..lib.validation import service
from .common_acts import block_pdf, fields, page_pdf, revised
from .common_keys import small_pdf
from .test_acts_attacks import annotation
from .test_proof import ProofCase

UPLOAD = "/verify/upload"
JSON = {"Accept": "application/json"}
NAME = "secret-letter-of-Mohamed.pdf"


@tagged("post_install", "-at_install", "alone")
class TestVerifyUpload(HttpCase, ProofCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(service.service.close)
        cls.key = cls.env["gov.key"]._get(cls.company, "seal")._load()
        cls.prepared = acts.prepare(page_pdf(), fields(0))
        cls.sealed = acts.sign(cls.prepared, "Seal", cls.key, appearance=block_pdf())

    def setUp(self):
        super().setUp()
        self.patch(verify_upload, "LIMIT", 1000)

    def send(self, content, status=200, *, field="file", accept=None, **data):
        response = self.url_open(
            UPLOAD,
            data=data,
            files=[(field, (NAME, content, "application/pdf"))],
            headers=accept or {},
            timeout=60,
        )
        self.assertEqual(response.status_code, status, response.text[:300])
        return response

    def told(self, content, status=200, **more):
        return self.send(content, status, accept=JSON, **more).json()

    def title(self, response):
        tree = html.fromstring(response.text)
        return tree.xpath("string(//*[contains(@class,'gov-verdict-title')])").strip()

    # ------------------------------------------------------------------
    # Verdicts
    # ------------------------------------------------------------------
    def test_the_verdict_object_of_the_contract(self):
        told = self.told(self.sealed)
        self.assertEqual(told["verdict"], "valid", told)
        self.assertLessEqual(
            {"verdict", "reasons", "signatures", "receipt", "revisions", "policy"},
            set(told),
        )
        self.assertEqual(told["indication"], "TOTAL-PASSED")
        self.assertEqual(told["sha256"], hashlib.sha256(self.sealed).hexdigest())
        (seal,) = told["signatures"]
        self.assertEqual((seal["kind"], seal["trust"]), ("seal", "simple"))
        self.assertNotIn("etsi_xml", told)

    def test_the_receipt_of_a_file_issued_here(self):
        content = b'{"v":1,"receipt":{"number":"2026/000142"}}'
        sealed = pades.seal(small_pdf(content), self.key)
        self.assertIsNone(self.told(sealed)["receipt"])
        self.proof._set_document(hashlib.sha256(sealed).hexdigest(), pdf=sealed)
        told = self.told(sealed)
        self.assertEqual(told["state"], "authentic")
        self.assertEqual(told["receipt"], {"number": "2026/000142"})
        self.assertIsNone(self.told(sealed + b"% more")["receipt"])

    def test_reasons_are_sentences(self):
        told = self.told(revised(self.sealed, annotation))
        self.assertEqual(told["verdict"], "invalid")
        self.assertTrue(told["reasons"])
        for sentence in told["reasons"]:
            self.assertIsInstance(sentence, str)
            self.assertIn(" ", sentence)
        changes = [text for one in told["revisions"] for text in one["changes"]]
        self.assertTrue(any("2" in text for text in changes), changes)

    def test_the_page(self):
        response = self.send(self.sealed)
        self.assertEqual(self.title(response), "Valid")
        tree = html.fromstring(response.text)
        self.assertEqual(len(tree.xpath("//ol[@class='gov-timeline']/li")), 3)
        text = tree.text_content()
        (certificate,) = [
            one["certificate_sha256"] for one in self.told(self.sealed)["signatures"]
        ]
        for shown in (certificate, "TOTAL-PASSED", "maktab-strict", "Simple"):
            self.assertIn(shown, text)
        self.assertIn("nothing proves that time", text)

    def test_colour_icon_and_word_agree(self):
        self.proof._set_document(
            hashlib.sha256(self.sealed).hexdigest(), pdf=self.sealed
        )
        changed = revised(self.sealed, annotation)
        cases = [
            (self.sealed, "good", "Authentic"),
            (changed, "bad", "Changed after signature"),
            (page_pdf(), "unsure", "Not signed"),
            (b"no PDF at all", "unsure", "Cannot be established"),
        ]
        icons = {"good": "m14 25", "bad": "m16 16", "unsure": "M18 19"}
        for content, tone, word in cases:
            response = self.send(content)
            self.assertEqual(self.title(response), word)
            tree = html.fromstring(response.text)
            (panel,) = tree.xpath("//section[contains(@class,'gov-verdict ')]")
            self.assertIn(f"gov-verdict-{tone}", panel.get("class"))
            path = panel.xpath("string(.//svg//path/@d)")
            self.assertTrue(path.startswith(icons[tone]), path)
        self.proof._cancel()
        self.assertEqual(self.title(self.send(self.sealed)), "Cancelled")

    def test_cannot_be_established_is_not_forged(self):
        for content in (b"%PDF-1.7 nothing", b"\x00" * 2000, page_pdf()):
            told = self.told(content)
            self.assertEqual(told["verdict"], "indeterminate", told)
            text = " ".join(told["reasons"]).lower()
            self.assertNotRegex(text, r"\b(forged|fake|falsified)\b")

    def test_hostile_names_stay_text(self):
        hostile = "<script>alert(1)</script>\u202egnp.exe"
        report = self.env["gov.validation"]._signature(
            {
                "kind": "person",
                "indication": "TOTAL-FAILED",
                "name": hostile,
                "subject": hostile * 50,
                "timestamps": [],
                "reasons": [],
            }
        )
        self.assertNotIn("\u202e", report["name"])
        self.assertTrue(all(len(row[1]) <= 400 for row in report["facts"]))
        panel = self.env["ir.qweb"]._render(
            "gov_trust.verify_signature", {"signature": report}
        )
        self.assertNotIn("<script", panel)

    # ------------------------------------------------------------------
    # Formats
    # ------------------------------------------------------------------
    def test_formats(self):
        response = self.send(self.sealed, format="xml")
        self.assertEqual(response.headers["Content-Type"], "application/xml")
        self.assertIn("ValidationReport", etree.fromstring(response.content).tag)
        self.assertIn("attachment", response.headers["Content-Disposition"])
        response = self.send(self.sealed, accept={"Accept": "application/xml"})
        self.assertTrue(response.content.startswith(b"<"))
        response = self.send(self.sealed, accept=JSON, format="fragment")
        self.assertNotIn("<html", response.text)
        self.assertIn("data-gov-report", response.text)
        self.send(page_pdf(), 422, format="xml")

    def test_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        english = self.told(page_pdf())["reasons"]
        told = self.url_open(
            f"/fr{UPLOAD}",
            files=[("file", (NAME, page_pdf(), "application/pdf"))],
            headers=JSON,
        )
        # Without the website app there is no address of a language.
        if told.status_code == 200:
            self.assertNotEqual(told.json()["reasons"], english)

    # ------------------------------------------------------------------
    # Refusals
    # ------------------------------------------------------------------
    def test_what_is_no_upload(self):
        cases = [
            ({"files": [("other", ("a.pdf", b"x"))]}, 400, "another field"),
            (
                {"files": [("file", ("a.pdf", b"x")), ("file", ("b.pdf", b"y"))]},
                400,
                "Several files",
            ),
            ({"files": [("file", ("a.pdf", b""))]}, 400, "is empty"),
            ({"files": [("format", (None, "page"))]}, 400, "No file came"),
            ({"data": {"file": "text"}}, 415, "multipart/form-data"),
            ({"data": b"%PDF-1.7"}, 415, "multipart/form-data"),
            ({"data": b"--x\r\nbroken"}, 415, "multipart/form-data"),
        ]
        for sent, status, sentence in cases:
            for headers in (JSON, {}):
                response = self.url_open(UPLOAD, headers=headers, method="POST", **sent)
                self.assertEqual(response.status_code, status, sent)
                self.assertIn(sentence, response.text)
        refused = self.url_open(UPLOAD, headers=JSON, data=b"{}", method="POST").json()
        self.assertEqual(refused["verdict"], "indeterminate")
        self.assertEqual(refused["signatures"], [])
        broken = self.url_open(
            UPLOAD,
            data=b"--x\r\nContent-Disposition: form-data; name=file",
            headers={**JSON, "Content-Type": "multipart/form-data; boundary=x"},
        )
        self.assertEqual(broken.status_code, 400)

    def test_too_large(self):
        large = b"%PDF-1.7" + bytes(verify_upload.MAX_BODY)
        for accept in (JSON, None):
            response = self.send(large, 413, accept=accept)
            self.assertIn("larger than 50 MB", response.text)
            self.assertIn("Content-Security-Policy", response.headers)
        self.patch(verify_upload, "MAX_FILE", 100)
        self.send(b"x" * 101, 413)

    def test_too_many(self):
        self.patch(verify_upload, "LIMIT", 1)
        self.told(b"x")
        response = self.send(b"x", 429, accept=JSON)
        self.assertTrue(0 < int(response.headers["Retry-After"]) <= 60)
        self.assertIn("Too many files", response.json()["reasons"][0])
        self.assertIn("Too many files", self.send(b"x", 429).text)

    def test_busy(self):
        taken = service.service._queue
        got = 0
        while taken.acquire(blocking=False):
            got += 1
        try:
            response = self.send(self.sealed, 503, accept=JSON)
        finally:
            for _place in range(got):
                taken.release()
        self.assertTrue(int(response.headers["Retry-After"]) > 0)
        self.assertIn("again in a moment", response.json()["reasons"][0])

    def test_an_answer_has_no_address(self):
        response = self.url_open(UPLOAD, allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertIn("/verify", response.headers["Location"])

    # ------------------------------------------------------------------
    # Nothing stays
    # ------------------------------------------------------------------
    def test_nothing_is_kept(self):
        # The platform's own lists and keys may be made for whoever comes first.
        self.send(self.sealed)
        attachments = self.env["ir.attachment"].search_count([])
        lines = self.env["gov.journal.event"].search([]).mapped("kind")
        heard, handler = [], logging.Handler()
        handler.emit = lambda record: heard.append(record.getMessage())
        logging.getLogger().addHandler(handler)
        self.addCleanup(logging.getLogger().removeHandler, handler)
        for wanted in ("page", "xml", "fragment"):
            response = self.send(self.sealed, format=wanted)
            self.assertNotIn("session_id", response.cookies)
            self.assertEqual(response.headers["Cache-Control"], "no-store")
            self.assertEqual(
                response.headers["Content-Security-Policy"], CONTENT_SECURITY_POLICY
            )
            self.assertNotIn(NAME, response.text)
        self.assertEqual(self.env["ir.attachment"].search_count([]), attachments)
        self.assertEqual(self.env["gov.journal.event"].search([]).mapped("kind"), lines)
        digest = hashlib.sha256(self.sealed).hexdigest()
        said = " ".join(heard)
        self.assertNotIn("secret-letter", said)
        self.assertNotIn(digest, said)

    def test_no_inline_code(self):
        page = self.send(revised(self.sealed, annotation)).text
        self.assertFalse(re.search(r"<script(?![^>]*\ssrc=)", page))
        self.assertFalse(re.search(r"<style|\sstyle=|\son\w+=", page))
