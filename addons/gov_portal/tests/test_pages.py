import re

from odoo.tests import tagged

from .common import PortalCase, make_pdf


@tagged("post_install", "-at_install")
class TestPages(PortalCase):
    """What holds for every page: headers, no third party, no inline code, languages."""

    def _pages(self, prefix=""):
        yield self.get(f"{prefix}/desks")
        yield self.get(f"{prefix}/desks/{self.desk.portal_slug}")
        yield self.get(f"{prefix}/deposit")
        page = self.get(f"{prefix}/deposit/{self.desk.portal_slug}")
        yield page
        yield self.send(page)
        page = self.send(page, subject_type="URB")
        yield page
        yield self.send(page, name="")
        page = self.to_letter(prefix)
        yield page
        page = self.to_check(prefix, [("p.pdf", make_pdf(), "application/pdf")])
        yield page
        page = self.send(page, consent="1", confirm="1")
        yield page
        mark = page.one("//*[@data-number]")
        track = self.get(f"{prefix}/track")
        yield track
        yield self.send(track, number="1", code="2", control="3")
        yield self.send(
            track,
            number=mark.get("data-number"),
            code=mark.get("data-code"),
            control="5678",
        )
        yield self.get(f"{prefix}/deposit/nowhere")

    def test_headers_and_no_third_party(self):
        own = self.base_url().partition("://")[2]
        for page in self._pages():
            with self.subTest(url=page.url):
                headers = page.response.headers
                policy = headers["Content-Security-Policy"]
                self.assertIn("default-src 'none'", policy)
                self.assertIn("script-src 'self'", policy)
                self.assertNotIn("unsafe", policy)
                self.assertIn("frame-ancestors 'none'", policy)
                self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
                self.assertIn(
                    headers["Referrer-Policy"], ("no-referrer", "same-origin")
                )
                if "/desks" not in page.url:
                    self.assertEqual(headers["Cache-Control"], "no-store")
                for script in page.all("//script"):
                    self.assertTrue(script.get("src"), "no inline script")
                    self.assertFalse((script.text or "").strip())
                self.assertFalse(page.all("//style|//*[@style]"), "no inline style")
                self.assertFalse(
                    page.all("//@*[starts-with(name(), 'on') and name() != 'only']")
                )
                for url in re.findall(r"""(?:https?:)?//[^\s"'<>]+""", page.text):
                    host = url.partition("//")[2].split("/")[0]
                    if host not in ("www.w3.org",):
                        self.assertEqual(host, own, url)

    def test_sheets_and_scripts_ask_nobody_and_are_small(self):
        page = self.get("/deposit")
        own = self.base_url()
        scripts = 0
        for url in page.all("//link[@rel='stylesheet']/@href|//script/@src"):
            self.assertTrue(url.startswith("/"), url)
            body = self.url_open(url).text
            self.assertFalse(re.findall(r"url\(\s*['\"]?(?:https?:)?//", body), url)
            self.assertNotIn("@import", body)
            scripts += len(body) if url.endswith(".js") else 0
        self.assertLess(scripts, 100_000)
        self.assertTrue(own)

    def test_website_fonts_are_local(self):
        """The pages of the website ask no third party for a font either."""
        home = self.get("/")
        for url in home.all("//link[@rel='stylesheet']/@href"):
            self.assertNotIn("fonts.g", self.url_open(url, timeout=120).text, url)

    def test_language_and_direction(self):
        for prefix, lang, direction in (
            ("", "en", "ltr"),
            ("/fr", "fr", "ltr"),
            ("/ar", "ar", "rtl"),
            ("/zgh", "zgh", "ltr"),
        ):
            self.other_browser()
            for page in self._pages(prefix):
                self.assertTrue(page.tree.get("lang").startswith(lang), page.url)
                self.assertEqual(page.tree.get("dir"), direction, page.url)
                self.assertEqual(len(page.all("//h1")), 1, page.url)
                self.assertTrue(page.title.strip())

    def test_every_website_has_the_languages(self):
        codes = set(self.env["res.lang"]._gov_languages().mapped("code"))
        website = self.env["website"].create({"name": "A second site"})
        for site in self.env["website"].search([]):
            self.assertLessEqual(
                codes, set(site.language_ids.mapped("code")), site.name
            )
        self.assertTrue(
            website.menu_id.child_id.filtered(lambda m: m.url == "/deposit")
        )

    def test_fields_have_labels_and_targets(self):
        for page in self._pages():
            for node in page.all("//main//input|//main//textarea|//main//select"):
                if node.get("type") in ("hidden", "submit"):
                    continue
                label = (
                    page.all(f"//label[@for='{node.get('id')}']")
                    if node.get("id")
                    else []
                )
                inside = node.xpath("ancestor::label")
                self.assertTrue(label or inside, (page.url, node.attrib))
            for described in page.all("//@aria-describedby"):
                for target in described.split():
                    self.assertTrue(
                        page.all(f"//*[@id='{target}']"), (page.url, target)
                    )

    def test_host_header_makes_no_link(self):
        page = self.deposit()
        mark = page.one("//*[@data-public-id]").get("data-public-id")
        answer = self.url_open(
            f"/deposit/done/{mark}", headers={"X-Forwarded-Host": "evil.example"}
        )
        self.assertNotIn("evil.example", answer.text)

    def test_no_open_redirect(self):
        for path in ("/deposit//evil.example", "/track/%2F%2Fevil.example"):
            answer = self.url_open(path, allow_redirects=False)
            location = answer.headers.get("Location", "/")
            self.assertTrue(
                location.startswith(("/", self.base_url())) and location[:2] != "//"
            )
