from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PortalCase, make_pdf


@tagged("post_install", "-at_install")
class TestSending(PortalCase):
    """However often the last page is sent, there is one letter and one receipt."""

    def _done_id(self, response):
        self.assertEqual(response.status_code, 303)
        return response.headers["Location"].rpartition("/")[2]

    def test_replay_of_the_same_post(self):
        page = self.to_check()
        action, fields = page.form()
        data = {**fields, "consent": "1", "confirm": "1"}
        files = [("files", ("late.pdf", make_pdf(), "application/pdf"))]
        answers = [
            self.url_open(action, data=data, files=files, allow_redirects=False)
            for _time in range(3)
        ]
        self.assertEqual(len({self._done_id(answer) for answer in answers}), 1)
        self.assertEqual(len(self.letters()), 1)
        self.assertEqual(len(self.letters().receipt_ids), 1)
        self.assertEqual(len(self.letters().document_ids), 1)

    def test_back_and_send_again(self):
        page = self.to_check()
        done = self.send(page, consent="1", confirm="1")
        again = self.send(page, consent="1", confirm="1")
        self.assertEqual(done.url, again.url)
        self.assertEqual(
            done.one("//*[@data-code]").attrib, again.one("//*[@data-code]").attrib
        )

    def test_every_step_of_a_sent_draft_leads_to_its_receipt(self):
        page = self.to_check()
        token = page.url.split("/")[-2]
        done = self.send(page, consent="1", confirm="1")
        for step in ("who", "letter", "check"):
            self.assertEqual(self.get(f"/deposit/draft/{token}/{step}").url, done.url)
            answer = self.url_open(
                f"/deposit/draft/{token}/{step}",
                data={**page.form()[1], "subject": "Changed", "name": "Changed"},
            )
            self.assertEqual(answer.url, done.url)
        self.assertEqual(self.letters().subject, "طلب رخصة")

    def test_two_drafts_are_two_letters(self):
        self.deposit()
        self.deposit()
        self.assertEqual(len(self.letters()), 2)

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_a_second_deposit_of_a_letter(self):
        self.deposit()
        deposit = self.drafts()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            deposit.copy(
                {
                    "letter_id": deposit.letter_id.id,
                    "token_digest": "x",
                    "state": "submitted",
                }
            ).flush_recordset()

    def test_queries_of_the_last_step(self):
        """The step that carries a file and the consent, in statements of the portal."""
        self.to_check()
        draft = self.drafts()
        form = {"consent": "1", "confirm": "1"}
        draft._submit(form, [("warm.pdf", make_pdf("warm"))])  # caches
        self.to_check()
        second = self.drafts()[:1]
        self.assertNotEqual(draft, second)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(35):
            second._submit(form, [("plan.pdf", make_pdf("plan"))])
            self.env.flush_all()
        self.assertEqual(second.letter_id.document_ids.mapped("name"), ["plan.pdf"])
        self.assertFalse(
            second.file_ids, "a file of the last page needs no row of its own"
        )

    def test_a_late_twin_of_a_kept_file_is_one_document(self):
        file = ("plan.pdf", make_pdf(), "application/pdf")
        page = self.to_check(files=[file])
        self.send(page, files=[file], consent="1", confirm="1")
        self.assertEqual(self.letters().document_ids.mapped("name"), ["plan.pdf"])
        documents = self.env["gov.document"].search([("res_model", "=", "gov.deposit")])
        self.assertFalse(documents & self.drafts().gov_document_ids)
