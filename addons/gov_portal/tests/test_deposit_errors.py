import os
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..controllers import deposit as deposit_controller
from .common import ANSWERS, PortalCase, make_pdf


@tagged("post_install", "-at_install")
class TestDepositErrors(PortalCase):
    def assertProblem(self, page, field, status=422):
        """The page says what is wrong as GOV.UK does."""
        self.assertEqual(page.status, status)
        self.assertIn("Error: ", page.title)
        summary = page.one("//*[@id='error-summary']")
        self.assertIsNotNone(summary)
        self.assertEqual(summary.get("role"), "alert")
        self.assertEqual(summary.get("tabindex"), "-1")
        self.assertIsNotNone(summary.get("autofocus"))
        self.assertTrue(page.all(f"//*[@id='error-summary']//a[@href='#{field}']"))
        self.assertTrue(page.all(f"//*[@id='{field}']"), "the link has its target")

    @mute_logger("odoo.http")
    def test_the_key_of_the_server_is_not_in_place(self):
        # The events of the scene are sequenced while the key is there.
        self.env.cr.flush()
        away = patch.dict(os.environ, {"GOV_TRUST_MASTER_KEY_FILE": "/nowhere/key"})
        with away:
            page = self.send(
                self.get(f"/deposit/{self.desk.portal_slug}"), subject_type="URB"
            )
            self.assertEqual(page.status, 422)
            self.assertIn("key of this server is not in place", page.text)
        page = self.to_check()
        sent = {"consent": "1", "confirm": "1"}
        with away:
            refused = self.send(page, **sent)
            self.assertEqual(refused.status, 422)
            self.assertIn("Nothing that you typed is lost", refused.text)
            followed = self.send(
                self.get("/track"), number="2026/1", code="A" * 12, control="1234"
            )
            self.assertEqual(followed.status, 422)
        self.assertFalse(self.letters())
        self.assertIn("/deposit/done/", self.send(page, **sent).url)

    def test_nothing_chosen(self):
        page = self.send(self.get("/deposit"), drop=("desk",))
        self.assertProblem(page, "desk")
        page = self.send(self.get(f"/deposit/{self.desk.portal_slug}"))
        self.assertProblem(page, "subject_type")

    def test_who_is_corrected_and_values_kept(self):
        page = self.get(f"/deposit/{self.desk.portal_slug}")
        page = self.send(page, subject_type="URB")
        page = self.send(
            page,
            name=" \u200b\u200f ",
            email="a@example.com, b@example.com",
            phone="call me",
            on_behalf_of="Keep me",
        )
        for field in ("kind", "name", "email", "phone"):
            self.assertProblem(page, field)
        self.assertEqual(len(page.errors), 4)
        for field in ("name", "email", "phone"):
            node = page.one(f"//input[@id='{field}']")
            self.assertEqual(node.get("aria-invalid"), "true")
            self.assertIn(f"{field}-error", node.get("aria-describedby"))
        self.assertEqual(page.one("//input[@id='phone']").get("value"), "call me")
        self.assertEqual(
            page.one("//input[@id='on_behalf_of']").get("value"), "Keep me"
        )
        page = self.get(page.url.replace("/deposit/", "/fr/deposit/", 1))
        self.assertEqual(page.one("//input[@id='phone']").get("value"), "call me")

    def test_hostile_mail_addresses(self):
        page = self.get(f"/deposit/{self.desk.portal_slug}")
        page = self.send(page, subject_type="URB")
        for address in (
            "x@example.com\r\nBcc: victim@example.com",
            "x@example.com\nSubject: hi",
            "x" * 320 + "@example.com",
            "a@b",
            "Name <x@example.com>",
            "x@example.com,y@example.com",
        ):
            page = self.send(page, **{**ANSWERS["who"], "email": address})
            self.assertProblem(page, "email")
        page = self.send(page, **ANSWERS["who"])
        self.assertTrue(page.url.endswith("/letter"))

    def test_hostile_names_are_shown_as_text(self):
        page = self.get(f"/deposit/{self.desk.portal_slug}")
        page = self.send(page, subject_type="URB")
        name = "O'Brien-أيت ⴰⵢⵜ, 李 <b>&amp;</b>"
        page = self.send(page, **{**ANSWERS["who"], "name": name})
        page = self.send(page, subject="<img src=x onerror=alert(1)>", body="{{7*7}}")
        self.assertIn("O'Brien-أيت ⴰⵢⵜ, 李 <b>&amp;</b>", page.main)
        self.assertFalse(page.all("//img[@src='x']"))
        page = self.send(page, consent="1", confirm="1")
        self.assertIn("/deposit/done/", page.url)
        self.assertEqual(self.letters().sender_name, name)

    def test_letter_limits(self):
        page = self.to_letter()
        self.assertIsNotNone(page.one("//textarea[@name='body']"))
        self.assertIsNotNone(
            page.one("//input[@name='files'][@type='file'][@multiple]")
        )
        page = self.send(page, subject="s" * 100_000, body="b" * 4001)
        self.assertProblem(page, "subject")
        self.assertProblem(page, "body")
        self.assertEqual(len(page.one("//input[@id='subject']").get("value")), 100_000)
        page = self.send(page, subject="\u200b \u200f", body=" ")
        self.assertProblem(page, "subject")
        self.assertProblem(page, "body")

    def test_refused_files_are_named_and_the_others_kept(self):
        page = self.to_letter()
        page = self.send(
            page,
            files=[
                ("good.pdf", make_pdf(), "application/pdf"),
                ("empty.pdf", b"", "application/pdf"),
                ("virus.exe", b"MZ\x90\x00" + b"\0" * 500, "application/pdf"),
                (
                    "page.pdf",
                    b"<html><script>alert(1)</script></html>",
                    "application/pdf",
                ),
                (
                    "drawing.svg",
                    b"<svg xmlns='http://www.w3.org/2000/svg'/>",
                    "image/svg+xml",
                ),
            ],
            **ANSWERS["letter"],
        )
        self.assertProblem(page, "files")
        self.assertEqual(len(page.errors), 4)
        for name in ("empty.pdf", "virus.exe", "page.pdf", "drawing.svg"):
            self.assertTrue(any(name in error for error in page.errors), name)
        self.assertEqual(len(page.all("//button[@name='remove']")), 1)
        self.assertEqual(page.one("//input[@id='subject']").get("value"), "طلب رخصة")
        page = self.send(page, **ANSWERS["letter"])
        self.assertTrue(page.url.endswith("/check"))

    def test_no_more_than_ten_files(self):
        page = self.to_letter()
        files = [
            (f"f{number}.pdf", make_pdf(str(number)), "application/pdf")
            for number in range(12)
        ]
        page = self.send(page, files=files, action="upload", **ANSWERS["letter"])
        self.assertProblem(page, "files")
        self.assertEqual(len(page.errors), 2)
        self.assertEqual(len(page.all("//button[@name='remove']")), 10)

    def test_the_same_upload_twice_is_one_file(self):
        page = self.to_letter()
        file = ("same.pdf", make_pdf(), "application/pdf")
        for _time in range(2):
            page = self.send(page, files=[file], action="upload", **ANSWERS["letter"])
        self.assertEqual(len(page.all("//button[@name='remove']")), 1)

    def test_hostile_file_names(self):
        page = self.to_letter()
        names = [
            "../../etc/passwd.pdf",
            "a\u202efdp.exe.pdf",
            "CON.pdf",
            "é" * 300 + ".pdf",
        ]
        files = [
            (name, make_pdf(str(number)), "application/pdf")
            for number, name in enumerate(names)
        ]
        page = self.send(page, files=files, action="upload", **ANSWERS["letter"])
        shown = [node.text_content() for node in page.all("//*[@class='gp-file-name']")]
        for name in shown:
            self.assertLessEqual(len(name), 80)
            self.assertNotIn("/", name)
            self.assertNotIn("\u202e", name)

    def test_consent_and_confirm(self):
        page = self.to_check()
        page = self.send(page, confirm="1")
        self.assertProblem(page, "consent")
        page = self.send(page, consent="1")
        self.assertProblem(page, "confirm")
        self.assertTrue(page.one("//input[@name='consent'][@checked]") is not None)
        self.assertFalse(self.letters())

    def test_a_bad_file_at_the_last_step_sends_nothing(self):
        page = self.to_check()
        page = self.send(
            page, files=[("x.exe", b"MZ" + b"\0" * 99, "")], consent="1", confirm="1"
        )
        self.assertProblem(page, "files")
        self.assertFalse(self.letters())

    def test_steps_in_order(self):
        page = self.get(f"/deposit/{self.desk.portal_slug}")
        page = self.send(page, subject_type="URB")
        token = page.url.split("/")[-2]
        _action, fields = page.form()
        for step in ("letter", "check"):
            answer = self.get(f"/deposit/draft/{token}/{step}")
            self.assertTrue(answer.url.endswith("/who"), answer.url)
        answer = self.url_open(
            f"/deposit/draft/{token}/check",
            data={**fields, "consent": "1", "confirm": "1"},
        )
        self.assertTrue(answer.url.endswith("/who"))
        self.assertFalse(self.letters())

    def test_a_foreign_draft_is_not_found(self):
        page = self.to_check()
        place = page.url
        self.other_browser()
        foreign = self.get(place)
        unknown = self.get("/deposit/draft/" + "A" * 32 + "/check")
        self.assertEqual((foreign.status, unknown.status), (404, 404))
        self.assertEqual(foreign.main, unknown.main)
        token = self.get("/deposit").form()[1]["csrf_token"]
        answer = self.url_open(
            place, data={"csrf_token": token, "consent": "1", "confirm": "1"}
        )
        self.assertEqual(answer.status_code, 404)
        self.assertFalse(self.letters())

    def test_desk_closes_meanwhile(self):
        page = self.to_check()
        self.desk.state = "closed"
        self.desk.portal_alternative_id = self._make_desk(
            "ALT", "Next", is_published=True
        )
        page = self.send(page, consent="1", confirm="1")
        self.assertProblem(page, "confirm")
        self.assertFalse(self.letters())
        token = page.url.split("/")[-2]
        link = f"/deposit/{self.desk.portal_alternative_id.portal_slug}?draft={token}"
        self.assertTrue(page.all(f"//a[@href='{link}']"))
        page = self.send(self.get(link), subject_type="other")
        self.assertTrue(page.url.endswith("/check"), "the draft goes along")

    @mute_logger("odoo.http")
    def test_an_expired_page_keeps_what_was_typed(self):
        page = self.to_letter()
        origin = {"Origin": self.base_url()}
        page = self.send(
            page, csrf_token="old", headers=origin, subject="Typed", body="Typed too"
        )
        self.assertProblem(page, "main", status=400)
        self.assertEqual(page.one("//input[@id='subject']").get("value"), "Typed")
        page = self.send(page)
        self.assertTrue(page.url.endswith("/check"))

    @mute_logger("odoo.http")
    def test_a_form_of_another_site_is_refused_and_not_shown(self):
        page = self.to_letter()
        page = self.send(
            page,
            csrf_token="x",
            headers={"Origin": "https://evil.example"},
            subject="Evil",
        )
        self.assertEqual(page.status, 400)
        self.assertNotIn("Evil", page.text)
        self.assertFalse(self.drafts().draft_values.get("letter"))

    @mute_logger("odoo.http")
    def test_a_refusal_of_the_register_is_a_sentence(self):
        page = self.to_check()
        self.desk.register_ids.active = False
        page = self.send(page, consent="1", confirm="1")
        self.assertProblem(page, "main")
        self.assertIn("register", page.errors[0])
        self.desk.with_context(active_test=False).register_ids.active = True
        page = self.send(page, consent="1", confirm="1")
        self.assertIn("/deposit/done/", page.url)

    @mute_logger("odoo.http")
    def test_every_post_needs_its_token(self):
        page = self.to_check()
        for place in (
            "/deposit",
            f"/deposit/{self.desk.portal_slug}",
            page.url.replace("/check", "/who"),
            page.url.replace("/check", "/letter"),
            page.url,
            "/track",
            "/track/leave",
        ):
            answer = self.url_open(place, data={"consent": "1", "confirm": "1"})
            self.assertEqual(answer.status_code, 400, place)
        self.assertFalse(self.letters())

    def test_too_large_a_body_is_explained(self):
        page = self.to_letter()
        with patch.object(deposit_controller, "MAX_BODY", 50_000):
            page = self.send(
                page,
                files=[("big.pdf", make_pdf() + b"\0" * 200_000, "application/pdf")],
                **ANSWERS["letter"],
            )
        self.assertProblem(page, "files", status=413)
        self.assertFalse(self.drafts().file_ids)
        page = self.send(page, **ANSWERS["letter"])
        self.assertTrue(page.url.endswith("/check"))

    def test_honeypot_is_soft(self):
        page = self.get(f"/deposit/{self.desk.portal_slug}")
        page = self.send(page, subject_type="URB", website_address="http://spam")
        self.assertEqual(page.status, 422)
        self.assertFalse(self.drafts())
        page = self.send(page, subject_type="URB")
        self.assertTrue(page.url.endswith("/who"))

    def test_limits_answer_429(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("gov_portal.rate_deposit", "2")
        for _time in range(2):
            page = self.get(f"/deposit/{self.desk.portal_slug}")
            self.assertEqual(self.send(page, subject_type="URB").status, 200)
        page = self.send(
            self.get(f"/deposit/{self.desk.portal_slug}"), subject_type="URB"
        )
        self.assertEqual(page.status, 429)
        self.assertGreater(int(page.response.headers["Retry-After"]), 0)
        self.assertIn("Too many requests", page.main)
        parameters.set_param("gov_portal.rate_deposit", "0")
        page = self.send(
            self.get(f"/deposit/{self.desk.portal_slug}"), subject_type="URB"
        )
        self.assertEqual(page.status, 200, "0 means no limit, at once")
