from odoo.tests import tagged

from .common import ANSWERS, PortalCase, make_pdf

WORDS = {
    "": "Your letter is registered",
    "/fr": None,
    "/ar": None,
    "/zgh": None,
}


@tagged("post_install", "-at_install")
class TestDeposit(PortalCase):
    """The whole way, by somebody who follows redirects and sends what is asked."""

    def test_no_javascript_in_four_languages(self):
        for prefix in ("", "/fr", "/ar", "/zgh"):
            with self.subTest(prefix=prefix):
                self.other_browser()
                before = len(self.letters())
                page = self.get(f"{prefix}/deposit")
                self.assertEqual(page.status, 200)
                page = self.send(page, desk=self.desk.portal_slug)
                self.assertTrue(page.url.endswith(f"/deposit/{self.desk.portal_slug}"))
                page = self.send(page, subject_type="URB")
                self.assertTrue(page.url.endswith("/who"), page.url)
                page = self.send(page, **ANSWERS["who"])
                self.assertTrue(page.url.endswith("/letter"), page.url)
                page = self.send(
                    page,
                    files=[("plan.pdf", make_pdf(prefix), "application/pdf")],
                    **ANSWERS["letter"],
                )
                self.assertTrue(page.url.endswith("/check"), page.url)
                self.assertIn("plan.pdf", page.text)
                self.assertIn("محمد بن علال", page.text)
                page = self.send(page, consent="1", confirm="1")
                self.assertEqual(page.status, 200)
                self.assertIn(f"{prefix}/deposit/done/", page.url)
                mark = page.one("//*[@data-number]")
                self.assertRegex(mark.get("data-number"), r"^\d{4}/\d{6}$")
                self.assertRegex(mark.get("data-code"), r"^(\w{4}-){2}\w{4}$")
                self.assertGreaterEqual(len(mark.get("data-public-id")), 26)
                self.assertTrue(page.one("//a[@rel='receipt']/@href"))
                self.assertEqual(len(self.letters()), before + 1)
                tag = page.tree.get("lang")
                self.assertTrue(tag.startswith(prefix[1:] or "en"), tag)
                self.assertEqual(
                    page.tree.get("dir"), "rtl" if prefix == "/ar" else "ltr"
                )

    def test_what_the_register_gets(self):
        self.deposit(files=[("plan.pdf", make_pdf(), "application/pdf")])
        letter = self.letters()
        self.assertEqual(letter.subject, "طلب رخصة")
        self.assertEqual(letter.body, "أطلب منكم رخصة بناء.\nمع الشكر.")
        self.assertEqual(letter.sender_name, "محمد بن علال")
        self.assertEqual(letter.sender_kind, "citizen")
        self.assertEqual(letter.channel, "portal")
        self.assertEqual(letter.state, "registered")
        self.assertEqual(letter.subject_type_id, self.subject)
        self.assertEqual(letter.company_id, self.company)
        self.assertEqual(letter.party_ids.email, "m.benallal@example.ma")
        self.assertEqual(letter.party_ids.phone, "+212612345678")
        self.assertEqual(letter.document_ids.current_version_id.origin, "portal")
        self.assertTrue(letter.number)
        deposit = self.drafts()
        self.assertEqual(deposit.state, "submitted")
        self.assertEqual(deposit.letter_id, letter)
        self.assertFalse(
            deposit.draft_values, "what was typed lives in the letter alone"
        )

    def test_on_behalf_of_somebody(self):
        page = self.get(f"/deposit/{self.desk.portal_slug}")
        page = self.send(page, subject_type="other")
        page = self.send(page, **{**ANSWERS["who"], "on_behalf_of": "Fatima Idrissi"})
        page = self.send(page, **ANSWERS["letter"])
        self.assertIn("Fatima Idrissi", page.main)
        self.send(page, consent="1", confirm="1")
        parties = self.letters().party_ids.sorted("id")
        self.assertEqual(parties.mapped("role"), ["sender", "representative"])
        self.assertEqual(parties.mapped("name"), ["Fatima Idrissi", "محمد بن علال"])

    def test_company_and_administration(self):
        for kind in ("company", "administration"):
            page = self.get(f"/deposit/{self.desk.portal_slug}")
            page = self.send(page, subject_type="URB")
            page = self.send(page, kind=kind, name="SARL Atlas", email="", phone="")
            page = self.send(page, **ANSWERS["letter"])
            page = self.send(page, consent="1", confirm="1")
            self.assertIn("/deposit/done/", page.url)
            self.assertEqual(self.letters()[:1].sender_kind, kind)

    def test_several_files_and_removal(self):
        page = self.to_letter()
        files = [
            (f"piece{number}.pdf", make_pdf(f"n{number}"), "application/pdf")
            for number in range(3)
        ]
        page = self.send(
            page, files=files, action="upload", subject="A subject", body=""
        )
        self.assertTrue(page.url.split("#")[0].endswith("/letter"))
        self.assertFalse(page.errors, "empty fields are no mistake while adding a file")
        self.assertEqual(page.one("//input[@name='subject']").get("value"), "A subject")
        keys = page.all("//button[@name='remove']/@value")
        self.assertEqual(len(keys), 3)
        page = self.send(page, remove=keys[1], subject="A subject", body="")
        self.assertIn("piece0.pdf", page.main)
        self.assertNotIn("piece1.pdf", page.main)
        page = self.send(page, subject="A subject", body="", action="continue")
        self.assertTrue(page.url.endswith("/check"), "files alone make a letter")
        self.send(page, consent="1", confirm="1")
        self.assertEqual(len(self.letters().document_ids), 2)

    def test_file_and_consent_in_one_post(self):
        page = self.to_check()
        page = self.send(
            page,
            files=[("late.pdf", make_pdf("late"), "application/pdf")],
            consent="1",
            confirm="1",
        )
        self.assertIn("/deposit/done/", page.url)
        self.assertEqual(self.letters().document_ids.mapped("name"), ["late.pdf"])

    def test_desk_and_subject_in_one_post(self):
        page = self.get("/deposit")
        page = self.send(page, desk=self.desk.portal_slug, subject_type="URB")
        self.assertTrue(page.url.endswith("/who"))

    def test_change_links_keep_everything(self):
        page = self.to_check()
        place = page.one("//a[contains(@href, '/who#name')]/@href")
        who = self.get(place.split("#")[0])
        self.assertEqual(who.one("//input[@name='name']").get("value"), "محمد بن علال")
        page = self.send(who, name="علي")
        self.assertTrue(page.url.endswith("/letter"))
        self.assertEqual(page.one("//input[@name='subject']").get("value"), "طلب رخصة")

    def test_another_desk_keeps_the_draft(self):
        other = self._make_desk("OTH", "Bureau d'ordre central", is_published=True)
        page = self.to_check(files=[("plan.pdf", make_pdf(), "application/pdf")])
        token = page.url.split("/")[-2]
        start = self.get(f"/deposit?draft={token}")
        page = self.send(start, desk=other.portal_slug)
        page = self.send(page, subject_type="other")
        self.assertTrue(page.url.endswith("/check"), page.url)
        self.assertIn("Bureau d'ordre central", page.main)
        self.assertIn("plan.pdf", page.main)
        self.send(page, consent="1", confirm="1")
        letter = self.env["registry.letter"].search([("office_id", "=", other.id)])
        self.assertEqual(len(letter.document_ids), 1)

    def test_another_administration_gets_its_own_copy(self):
        company = self.env["res.company"].create(
            {"name": "Other (GPO)", "gov_code": "GPO", "gov_tz": "Africa/Casablanca"}
        )
        other = self.env["registry.office"].create(
            {
                "name": "Far desk",
                "code": "FAR",
                "company_id": company.id,
                "is_published": True,
            }
        )
        other.action_create_registers()
        other.register_ids.filtered(
            lambda r: r.direction == "incoming"
        ).action_open_year()
        page = self.to_check(files=[("plan.pdf", make_pdf(), "application/pdf")])
        token = page.url.split("/")[-2]
        page = self.send(self.get(f"/deposit/{other.portal_slug}?draft={token}"))
        self.send(page, consent="1", confirm="1")
        letter = self.env["registry.letter"].search([("office_id", "=", other.id)])
        self.assertEqual(letter.document_ids.company_id, company)

    def test_language_change_keeps_what_was_typed(self):
        page = self.to_letter()
        # In the header, yet buttons of the form: what is typed goes along.
        buttons = page.all("//header//button[@name='language'][@form='deposit-form']")
        self.assertEqual(
            {button.get("value") for button in buttons} - {"en_US"},
            {"ar_MA", "fr_FR", "zgh"},
        )
        first = page.one(
            "//button[@form='deposit-form' or ancestor::form[@id='deposit-form']]"
        )
        self.assertIsNone(first.get("name"), "the Enter key goes on")
        page = self.send(
            page,
            files=[("plan.pdf", make_pdf(), "application/pdf")],
            subject="Half a sub",
            body="Half a letter",
            language="fr_FR",
        )
        self.assertIn("/fr/deposit/draft/", page.url)
        self.assertFalse(page.errors)
        self.assertEqual(
            page.one("//input[@name='subject']").get("value"), "Half a sub"
        )
        self.assertEqual(page.one("//textarea").value.strip(), "Half a letter")
        self.assertIn("plan.pdf", page.main)
        page = self.send(page, language="xx_XX")
        self.assertIn(
            "/fr/deposit/draft/", page.url, "an unknown language changes nothing"
        )
