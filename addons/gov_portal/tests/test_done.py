from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PortalCase, make_pdf


@tagged("post_install", "-at_install")
class TestDone(PortalCase):
    def _sent(self):
        page = self.deposit(files=[("plan.pdf", make_pdf(), "application/pdf")])
        return page, self.drafts()

    def test_what_the_page_says(self):
        page, deposit = self._sent()
        letter = deposit.letter_id
        self.assertIn(letter.number, page.main)
        self.assertIn("Africa/Casablanca", page.main)
        self.assertEqual(len(page.all("//time[@datetime]")), 2, "both instants")
        version = letter.document_ids.current_version_id
        self.assertIn(version.sha256, page.text)
        self.assertIn("plan.pdf", page.main)
        self.assertIn("What happens next", page.main)
        self.assertEqual(page.response.headers["Cache-Control"], "no-store")

    def test_others_see_the_proof_only(self):
        page, deposit = self._sent()
        code = page.one("//*[@data-code]").get("data-code")
        place = page.url
        for wait in (False, True):
            if wait:
                deposit.sudo().submitted_at = fields.Datetime.now() - timedelta(
                    minutes=31
                )
            else:
                self.other_browser()
            later = self.get(place)
            self.assertEqual(later.status, 200)
            self.assertIn(deposit.letter_id.number, later.main)
            self.assertEqual(
                later.one("//*[@data-public-id]").get("data-code") or "", ""
            )
            for secret in (code, "محمد", "طلب رخصة", "plan.pdf", "example.ma"):
                self.assertNotIn(secret, later.text)

    def test_the_code_stays_for_half_an_hour_in_its_browser(self):
        page, deposit = self._sent()
        self.assertEqual(
            self.get(page.url).one("//*[@data-code]").attrib,
            page.one("//*[@data-code]").attrib,
        )
        deposit.submitted_at = fields.Datetime.now() - timedelta(minutes=31)
        later = self.get(page.url)
        self.assertFalse(later.one("//*[@data-public-id]").get("data-code"))

    def test_code_is_not_stored(self):
        page, deposit = self._sent()
        code = page.one("//*[@data-code]").get("data-code").replace("-", "")
        self.env.cr.execute(
            "SELECT d::text FROM gov_deposit d WHERE id = %s", [deposit.id]
        )
        self.assertNotIn(code, self.env.cr.fetchone()[0].replace("-", ""))

    def test_receipt_is_the_same_file_each_time(self):
        page, _deposit = self._sent()
        place = page.one("//a[@rel='receipt']").get("href")
        first = self.url_open(place)
        self.assertEqual(first.status_code, 200)
        self.assertEqual(first.headers["Content-Type"], "application/pdf")
        self.assertIn("attachment", first.headers["Content-Disposition"])
        self.assertEqual(first.headers["Cache-Control"], "no-store")
        self.assertTrue(first.content.startswith(b"%PDF"))
        self.assertEqual(self.url_open(place).content, first.content)

    @mute_logger("odoo.addons.digital_registry.models.registry_receipt_process")
    def test_receipt_while_the_engine_is_down(self):
        page, deposit = self._sent()
        place = page.one("//a[@rel='receipt']").get("href")
        typeset = type(self.env["gov.typeset"])
        with patch.object(typeset, "_render_pdf", side_effect=OSError("engine down")):
            answer = self.url_open(place)
        self.assertEqual(answer.status_code, 503)
        self.assertIn("being prepared", answer.text)
        self.assertTrue(answer.headers["Retry-After"])
        self.assertEqual(deposit.state, "submitted")
        self.assertIn("being prepared", self.get(page.url).main)
        self.assertEqual(self.url_open(place).status_code, 200, "repaired on demand")

    def test_number_still_to_come(self):
        page, _deposit = self._sent()
        entries = type(self.env["registry.entry"])
        with patch.object(entries, "display_number", ""):
            waiting = self.get(page.url)
        self.assertEqual(waiting.status, 200)
        self.assertIn("Its number is being given", waiting.main)
        self.assertTrue(waiting.response.headers["Refresh"])

    def test_unknown_references(self):
        page, _deposit = self._sent()
        bodies = set()
        for reference in ("x", "A" * 26, "0" * 64, "' OR 1=1 --"):
            for place in ("done", "receipt"):
                answer = self.get(f"/deposit/{place}/{reference}")
                self.assertEqual(answer.status, 404)
                bodies.add(answer.main)
        self.assertEqual(len(bodies), 1)
        self.assertTrue(page)

    def test_antivirus_pending_is_said(self):
        page, deposit = self._sent()
        version = deposit.letter_id.document_ids.current_version_id
        self.env.cr.execute(
            "UPDATE gov_document_version SET av_state = 'pending' WHERE id = %s",
            [version.id],
        )
        self.env.invalidate_all()
        self.assertIn("Antivirus analysis pending", self.get(page.url).main)

    def test_a_replaced_receipt_leads_to_the_one_in_force(self):
        page, deposit = self._sent()
        old = self.url_open(page.one("//a[@rel='receipt']").get("href")).content
        letter, first = deposit.letter_id, deposit.receipt_id
        new = letter._create_receipt(letter.entry_id, letter)
        first._supersede_by(new)
        self.assertTrue(new.sudo()._ensure_pdf())
        self.assertEqual(first.state, "superseded")
        later = self.get(page.url)
        self.assertIn("replaced", later.main)
        link = f"/deposit/receipt/{new.public_id}"
        self.assertTrue(later.all(f"//a[@href='{link}']"))
        self.assertNotEqual(self.url_open(link).content, old)
        self.assertEqual(
            self.url_open(page.one("//a[@rel='receipt']").get("href")).content, old
        )

    def test_receipts_of_the_counter_are_not_served_here(self):
        _page, deposit = self._sent()
        receipt = deposit.receipt_id
        self.env.cr.execute("DELETE FROM gov_deposit WHERE id = %s", [deposit.id])
        self.env.invalidate_all()
        self.assertEqual(self.get(f"/deposit/receipt/{receipt.public_id}").status, 404)
