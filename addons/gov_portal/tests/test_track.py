import time

from odoo.tests import tagged

from ..controllers import track as track_controller
from .common import PortalCase, make_pdf


@tagged("post_install", "-at_install")
class TestTrack(PortalCase):
    def setUp(self):
        super().setUp()
        page = self.deposit(files=[("plan.pdf", make_pdf(), "application/pdf")])
        mark = page.one("//*[@data-number]")
        self.number, self.code = mark.get("data-number"), mark.get("data-code")
        self.public_id = mark.get("data-public-id")
        self.other_browser()

    def ask(self, number=None, code=None, control="5678"):
        return self.send(
            self.get("/track"),
            number=number or self.number,
            code=code or self.code,
            control=control,
        )

    def test_right_answers_open_a_clean_address(self):
        for control in ("5678", "٥٦٧٨", "0612345678", "M.Benallal@Example.ma"):
            self.other_browser()
            page = self.ask(control=control)
            self.assertTrue(page.url.endswith(f"/track/{self.public_id}"), control)
            self.assertNotIn(self.code, page.url)
            self.assertIn(self.number, page.main)
            self.assertIn("Registered", page.main)
            self.assertIn("plan.pdf", page.main)
            self.assertIn("طلب رخصة", page.main)
            self.assertNotIn(self.code, page.text)
            self.assertTrue(page.one("//a[@rel='receipt']") is not None)
            self.assertEqual(page.response.headers["Cache-Control"], "no-store")

    def test_spellings_of_number_and_code(self):
        number = self.number.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
        code = self.code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
        self.assertIn(self.public_id, self.ask(number=number, code=code).url)

    def test_one_404_for_all(self):
        other = self.code[:-1] + ("A" if self.code[-1] != "A" else "B")
        answers = [
            self.ask(number="2026/999999"),
            self.ask(code=other),
            self.ask(control="0000"),
            self.ask(control="بن"),
            self.ask(number="x" * 200, code="<b>", control="x\u202e"),
            self.ask(number="' OR 1=1 --", code="'", control="%"),
        ]
        self.assertEqual({answer.status for answer in answers}, {404})
        self.assertEqual(len({answer.text for answer in answers}), 1)
        headers = [
            {
                key: value
                for key, value in answer.response.headers.items()
                if key not in ("Date", "Set-Cookie")
            }
            for answer in answers
        ]
        self.assertTrue(all(item == headers[0] for item in headers))

    def test_the_same_work_for_every_answer(self):
        deposits = self.env["gov.deposit"]
        tries = [
            (self.number, self.code, "5678"),
            ("2026/999999", self.code, "5678"),
            (self.number, "AAAA-AAAA-AAAA", "5678"),
            (self.number, self.code, "0000"),
        ]
        for attempt in tries:
            with self.assertQueryCount(1):
                deposits._follow(*attempt)

    def test_empty_fields_are_said(self):
        page = self.send(self.get("/track"), number=" ", code="\u200b", control="")
        self.assertEqual(page.status, 422)
        self.assertEqual(len(page.errors), 3)

    def test_without_telephone_and_mail_the_first_word_of_the_name(self):
        page = self.get(f"/deposit/{self.desk.portal_slug}")
        page = self.send(page, subject_type="URB")
        page = self.send(page, kind="citizen", name="Élodie Martin", email="", phone="")
        page = self.send(page, subject="S", body="B")
        page = self.send(page, consent="1", confirm="1")
        mark = page.one("//*[@data-number]")
        self.other_browser()
        values = {"number": mark.get("data-number"), "code": mark.get("data-code")}
        self.assertEqual(self.ask(**values, control="Martin").status, 404)
        self.assertEqual(self.ask(**values, control="").status, 422)
        self.assertEqual(self.ask(**values, control="elodie").status, 200)

    def test_name_does_not_open_when_a_telephone_was_given(self):
        self.assertEqual(self.ask(control="محمد").status, 404)

    def test_address_alone_opens_nothing(self):
        known = self.get(f"/track/{self.public_id}")
        unknown = self.get("/track/" + "A" * 26)
        self.assertEqual(known.url, unknown.url)
        self.assertTrue(known.url.endswith("/track?ended=1"))

    def test_session_ends(self):
        self.ask()
        late = time.time() + track_controller.SESSION_LIFE + 1
        self.patch(track_controller.time, "time", lambda: late)
        self.assertTrue(self.get(f"/track/{self.public_id}").url.endswith("ended=1"))

    def test_leave(self):
        page = self.ask()
        left = self.send(page)
        self.assertTrue(left.url.endswith("/track"))
        self.assertTrue(self.get(f"/track/{self.public_id}").url.endswith("ended=1"))

    def test_lock_of_a_number(self):
        self.env["ir.config_parameter"].set_param("gov_portal.rate_track_number", "3")
        for _time in range(3):
            self.assertEqual(self.ask(control="0000").status, 404)
        page = self.ask()
        self.assertEqual(page.status, 429, "even with the right answers")
        self.assertGreater(int(page.response.headers["Retry-After"]), 0)
        self.assertEqual(self.ask(number="2026/777777").status, 404, "others go on")

    def test_lock_of_a_source(self):
        self.env["ir.config_parameter"].set_param("gov_portal.rate_track", "2")
        for number in ("2026/811", "2026/812"):
            self.assertEqual(self.ask(number=number).status, 404)
        self.assertEqual(self.ask(number="2026/813").status, 429)

    def test_cancelled_letter_says_so(self):
        letter = self.letters()
        self.env.cr.execute(
            "UPDATE registry_letter SET state = 'cancelled' WHERE id = %s", [letter.id]
        )
        self.env.invalidate_all()
        self.assertIn("Cancelled", self.ask().main)
