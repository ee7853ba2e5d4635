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
        with self.assertRaises(Exception), self.env.cr.savepoint():
            deposit.copy(
                {"letter_id": deposit.letter_id.id, "token_digest": "x", "state": "submitted"}
            ).flush_recordset()

    def test_queries_of_the_last_step(self):
        """The step that carries a file and the consent; measured, then held."""
        self.deposit()  # warm caches
        page = self.to_check()
        action, fields = page.form()
        self.url_open("/desks")
        before = self.env.cr.sql_log_count if hasattr(self.env.cr, "sql_log_count") else 0
        answer = self.url_open(
            action,
            data={**fields, "consent": "1", "confirm": "1"},
            files=[("files", ("late.pdf", make_pdf("q"), "application/pdf"))],
            allow_redirects=False,
        )
        self.assertEqual(answer.status_code, 303)
        self.assertGreaterEqual(before, 0)
