from datetime import timedelta

from odoo import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.gov_portal.tests.common import Page, PortalCase, make_pdf

CONTROL = "m.benallal@example.ma"


@tagged("post_install", "-at_install")
class TestCompletion(PortalCase):
    """What is missing is asked and answered on the page where the letter is followed, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supervisor = new_test_user(
            cls.env,
            login="gpmd_supervisor",
            groups="mail_desk.group_mail_desk_supervisor",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.desk.unit_id = cls.env["hr.department"].create(
            {"name": "Bureau", "gov_code": "BO", "company_id": cls.company.id}
        )
        cls.rule = cls.env["gov.clock"].create(
            {
                "name": "Act",
                "length": 30,
                "single_completion": True,
                "company_id": cls.company.id,
            }
        )
        cls.rule.action_confirm("Law 1-26")
        cls.subject.category_id = cls.env["registry.category"].create(
            {
                "name": "Permits",
                "company_id": cls.company.id,
                "clock_id": cls.rule.id,
            }
        )

    def _deposited(self):
        mark = self.deposit().one("//*[@data-number]")
        self.keys = {
            "number": mark.get("data-number"),
            "code": mark.get("data-code"),
            "control": CONTROL,
        }
        return self.letters().sorted("id")[-1]

    def _track(self, prefix=""):
        return self.send(self.get(f"{prefix}/track"), **self.keys)

    def _asked(self, **how):
        letter = self._deposited()
        letter.with_user(self.supervisor).action_ask_completion(
            "Title of the plot\n<b>less than three months old</b>", **how
        )
        return letter, letter.completion_ids

    def _answer(self, page, *, files=(), **fields):
        form = page.one("//form[contains(@action, '/completion/')]")
        data = {
            "csrf_token": form.xpath(".//input[@name='csrf_token']")[0].get("value"),
            **fields,
        }
        parts = [("files", file) for file in files] or [("files", ("", b""))]
        return Page(
            self.url_open(form.get("action"), data=data, files=parts, method="POST")
        )

    def test_asked_and_answered_online(self):
        letter = self._deposited()
        due = letter.clock_run_id.due_date
        page = self._track()
        self.assertIn("The administration has until", page.main)
        letter.with_user(self.supervisor).action_ask_completion("Title of the plot")
        request = letter.completion_ids
        self.assertEqual((request.channel, request.send_state), ("portal", "pending"))
        page = self._track()
        self.assertIn("The administration asks you for something", page.main)
        self.assertIn("Title of the plot", page.main)
        self.assertIn("is stopped: it waits for your answer", page.main)
        self.assertNotIn(self.supervisor.name, page.main)
        page = self._answer(
            page,
            answer="Here it is",
            files=[("title.pdf", make_pdf("title"), "application/pdf")],
        )
        self.assertIn("You answered", page.main)
        self.assertIsNone(page.one("//form[contains(@action, '/completion/')]"))
        request.invalidate_recordset()
        letter.invalidate_recordset()
        self.assertEqual((request.state, request.answered_by), ("answered", "sender"))
        self.assertEqual(request.answer, "Here it is")
        self.assertEqual(request.gov_document_ids.mapped("filename"), ["title.pdf"])
        self.assertEqual(letter.clock_run_id.state, "running")
        self.assertEqual(letter.clock_run_id.due_date, due)

    def test_answered_once(self):
        _letter, request = self._asked()
        page = self._track()
        self._answer(page, answer="First")
        again = self._answer(page, answer="Second")
        self.assertEqual(again.status, 200)
        request.invalidate_recordset()
        self.assertEqual(request.answer, "First")

    def test_mistakes_keep_what_was_written(self):
        _letter, request = self._asked()
        page = self._track()
        self.assertIn("<b>less than three months old</b>", page.main)
        empty = self._answer(page, answer=" \u200b ")
        self.assertEqual(empty.status, 422)
        self.assertIn("Write your answer or add a file", " ".join(empty.errors))
        bad = self._answer(
            page, answer="My words", files=[("virus.exe", b"MZ\x90\x00", "a/b")]
        )
        self.assertEqual(bad.status, 422)
        self.assertIn("virus.exe", " ".join(bad.errors))
        self.assertEqual(bad.one("//textarea[@name='answer']").text.strip(), "My words")
        request.invalidate_recordset()
        self.assertEqual(request.state, "asked")
        self.assertFalse(request.gov_document_ids)
        fine = self._answer(bad, answer="My words")
        self.assertIn("You answered", fine.main)

    @mute_logger("odoo.http")
    def test_nobody_else_answers(self):
        _letter, request = self._asked()
        page = self._track()
        base = page.url.rstrip("/")
        for order in ("0", "2", "x", "9" * 5000, "-1"):
            answer = self.url_open(
                f"{base}/completion/{order}",
                data={"csrf_token": self._csrf(page), "answer": "x"},
                method="POST",
            )
            self.assertEqual(answer.status_code, 404)
        forged = self.url_open(
            f"{base}/completion/1", data={"csrf_token": "x", "answer": "x"}
        )
        self.assertEqual(forged.status_code, 400)
        self.assertIn(self.url_open(f"{base}/completion/1").status_code, (404, 405))
        self.other_browser()
        fresh = self.get("/track")
        answer = self.url_open(
            f"{base}/completion/1",
            data={"csrf_token": self._csrf(fresh), "answer": "x"},
            method="POST",
            allow_redirects=False,
        )
        self.assertIn("/track?ended=1", answer.headers["Location"])
        request.invalidate_recordset()
        self.assertEqual(request.state, "asked")

    def _csrf(self, page):
        return page.one("//input[@name='csrf_token']").get("value")

    def test_gone_on_and_closed(self):
        letter, request = self._asked()
        request.with_user(self.supervisor).action_withdraw("Found elsewhere")
        page = self._track()
        self.assertIn("went on without your answer", page.main)
        self._answer(page, answer="Late, but here")
        request.invalidate_recordset()
        self.assertEqual(request.state, "answered")
        letter, request = self._asked()
        page = self._track()
        letter.with_user(self.supervisor).action_close("Not for us", "no_reply")
        refused = self._answer(page, answer="Too late")
        self.assertEqual(refused.status, 422)
        self.assertIn("new letter that refers to it", refused.main)
        self.assertIsNone(
            self._track().one("//form[contains(@action, '/completion/')]")
        )

    def test_an_unconfirmed_rule_tells_the_sender_nothing(self):
        self.rule.action_withdraw()
        letter = self._deposited()
        self.assertEqual(letter.clock_run_id.state, "running")
        self.assertNotIn("has until", self._track().main)

    def test_silence_is_shown_to_the_sender(self):
        letter = self._deposited()
        run = letter.clock_run_id
        self.assertNotIn("ran out", self._track().main)
        long_ago = run.started_on - timedelta(days=60)
        run.write({"started_on": long_ago, "naive_date": long_ago})
        run._recompute("holidays", "test")
        self.env["gov.clock.run"]._process_clocks()
        self.assertEqual(run.state, "expired")
        self.assertIn("ran out on", self._track().main)
