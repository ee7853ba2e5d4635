"""The report on a signed file as a PDF: set, sealed, readable, in three languages."""

import io
import subprocess
import tempfile

import pikepdf
import pypdfium2

from odoo.exceptions import UserError
from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.gov_trust.lib import acts
from odoo.addons.gov_trust.lib.validation import service
from odoo.addons.gov_trust.tests.common_acts import block_pdf, fields, page_pdf, revised
from odoo.addons.gov_trust.tests.common_keys import MasterKeyFile
from odoo.addons.gov_trust.tests.test_acts_attacks import annotation


class ReportCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(service.service.close)
        key = cls.env["gov.key"]._get(cls.env.company, "seal")._load()
        prepared = acts.prepare(page_pdf(), fields(0))
        cls.sealed = acts.sign(prepared, "Seal", key, appearance=block_pdf())

    def told(self, pdf):
        return self.env["gov.validation"]._validate(io.BytesIO(pdf))

    def text(self, pdf):
        opened = pypdfium2.PdfDocument(pdf)
        return "".join(page.get_textpage().get_text_range() for page in opened)


@tagged("post_install", "-at_install", "alone")
class TestValidationReport(ReportCase):
    def test_set_and_sealed_in_three_languages(self):
        told = self.told(revised(self.sealed, annotation))
        for lang in ("en_US", "fr_FR", "ar_MA"):
            self.env["res.lang"]._activate_lang(lang)
            pdf = self.env["gov.validation"]._report_pdf(told, lang)
            with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
                file.write(pdf)
                file.flush()
                checked = subprocess.run(
                    ["pdfsig", "-nocert", file.name],
                    capture_output=True,
                    text=True,
                    check=True,
                )
            self.assertIn("Signature is Valid", checked.stdout)
            text = self.text(pdf)
            self.assertIn("TOTAL-FAILED", text)
            self.assertIn(told["signatures"][0]["certificate_sha256"][:16], text)
            report = self.told(pdf)
            self.assertEqual((report["verdict"], report["state"]), ("valid", "signed"))

    def test_the_report_in_xml_is_inside(self):
        told = self.told(self.sealed)
        pdf = self.env["gov.validation"]._report_pdf(told, "en_US")
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            inside = opened.attachments["report.xml"].get_file().read_bytes()
        self.assertEqual(inside.decode(), told["etsi_xml"])

    def test_nothing_is_kept(self):
        told = self.told(self.sealed)
        before = self.env["ir.attachment"].search_count([])
        self.env["gov.validation"]._report_pdf(told, "en_US")
        self.assertEqual(self.env["ir.attachment"].search_count([]), before)

    def test_a_file_without_signatures_and_hostile_names(self):
        told = self.told(page_pdf())
        self.assertIn("Not signed", self.text(self.report(told)))
        told = self.told(self.sealed)
        told["signatures"][0]["name"] = "</td><h1>\u202eevil</h1>" + "x" * 5000
        text = self.text(self.report(told))
        self.assertNotIn("\u202e", text)
        self.assertNotIn("x" * 400, text)

    def report(self, told):
        return self.env["gov.validation"]._report_pdf(told, "en_US")

    def test_a_language_that_is_not_active(self):
        with self.assertRaises(UserError):
            self.env["gov.validation"]._report_pdf(self.told(page_pdf()), "de_DE")


@tagged("post_install", "-at_install", "alone")
class TestValidationReportPage(HttpCase, ReportCase):
    def test_upload_and_take_the_report(self):
        answer = self.url_open(
            "/verify/upload",
            data={"format": "pdf"},
            files=[("file", ("act.pdf", self.sealed, "application/pdf"))],
            timeout=60,
        )
        self.assertEqual(answer.status_code, 200, answer.text[:300])
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertIn("Valid", self.text(answer.content))

    def test_nothing_can_be_sealed_now(self):
        with MasterKeyFile("cd" * 32), mute_logger("odoo.addons.gov_trust"):
            answer = self.url_open(
                "/verify/upload",
                data={"format": "pdf"},
                files=[("file", ("act.pdf", self.sealed, "application/pdf"))],
                headers={"Accept": "application/json"},
                timeout=60,
            )
        self.assertEqual(answer.status_code, 503)
        self.assertIn("master key", answer.json()["reasons"][0])
        self.assertTrue(int(answer.headers["Retry-After"]) > 0)
