import hashlib
import json

from lxml import html

from odoo.tests import HttpCase, tagged

from ..controllers import verify
from ..lib.http import CONTENT_SECURITY_POLICY
from .test_proof import ProofCase

BIG = 30_000


@tagged("post_install", "-at_install", "alone")
class TestVerifyPage(HttpCase, ProofCase):
    def page(self, path, status=200, **options):
        response = self.url_open(path, **options)
        self.assertEqual(response.status_code, status, path)
        return response

    def tree(self, path, status=200, **options):
        return html.fromstring(self.page(path, status, **options).text)

    def post_json(self, path, **body):
        return self.url_open(
            path,
            data=json.dumps(body),
            headers={"Content-Type": "application/json"},
        )

    def verdict(self, tree):
        return tree.xpath("string(//h2[hasclass('gov-verdict-title')])").strip()

    def setUp(self):
        super().setUp()
        html_tree = html.etree.FunctionNamespace(None)
        html_tree["hasclass"] = lambda context, name: (
            name in (context.context_node.get("class") or "").split()
        )

    def test_the_question(self):
        tree = self.tree("/verify")
        self.assertEqual(tree.get("lang"), "en-US")
        self.assertTrue(tree.xpath("//form[@method='get']//input[@name='code']"))
        self.assertTrue(tree.xpath("//input[@type='file'][not(@name)]"))

    def test_without_javascript_a_code_leads_to_its_page(self):
        typed = self.proof._code().lower()
        response = self.url_open(f"/verify?code={typed}", allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].endswith(self.proof._code()))
        tree = self.tree(f"/verify?code={typed}")
        self.assertEqual(self.verdict(tree), "Authentic")

    def test_verdict_first_then_the_facts(self):
        tree = self.tree(f"/verify/{self.proof._code()}")
        self.assertEqual(self.verdict(tree), "Authentic")
        text = tree.text_content()
        self.assertIn("2026/000142", text)
        self.assertIn(self.env.company.name, text)
        self.assertIn("a" * 64, text)
        self.assertNotIn("Mohamed", text)
        self.assertNotIn("ref-1", text)

    def test_one_answer_for_what_is_unknown(self):
        pages = {
            self.page(f"/verify/{code}", 404).text.replace(code, "")
            for code in ("0" * 16, "AAAA", "Z" * 60)
        }
        self.assertEqual(len(pages), 1)
        tree = self.tree("/verify/" + "0" * 16, 404)
        self.assertEqual(self.verdict(tree), "Cannot be established")

    def test_replaced_and_cancelled(self):
        other = self.issue("ref-2")
        self.proof._supersede(other)
        tree = self.tree(f"/verify/{self.proof._code()}")
        self.assertEqual(self.verdict(tree), "Replaced")
        self.assertNotIn(other._code(), tree.text_content())
        self.proof._cancel()
        tree = self.tree(f"/verify/{self.proof._code()}")
        self.assertEqual(self.verdict(tree), "Cancelled")

    def test_typed_digest_without_javascript(self):
        sha256 = hashlib.sha256(b"sealed").hexdigest()
        tree = self.tree("/verify/digest", data={"sha256": sha256})
        self.assertEqual(self.verdict(tree), "Changed or unknown")
        self.proof._set_document(sha256)
        tree = self.tree("/verify/digest", data={"sha256": sha256})
        self.assertEqual(self.verdict(tree), "Authentic")
        tree = self.tree("/verify/digest", data={"sha256": "nonsense"})
        self.assertEqual(self.verdict(tree), "Cannot be established")

    def test_fragment_for_javascript(self):
        data = {"sha256": "b" * 64, "code": self.proof._code(), "fragment": "1"}
        text = self.page("/verify/digest", data=data).text
        self.assertNotIn("<html", text)
        self.assertIn("Authentic", text)
        self.assertIn("gov-piece-match", text)

    def test_json(self):
        told = self.post_json("/verify/digest", sha256="c" * 64).json()
        self.assertEqual(told["verdict"], "indeterminate")
        told = self.post_json(
            "/verify/digest", sha256="c" * 64, code=self.proof._code()
        ).json()
        self.assertEqual(told["verdict"], "invalid")
        told = self.post_json(
            "/verify/qr", code=self.proof._code(), data=self.proof.qr_data
        ).json()
        self.assertIs(told["match"], True)

    def test_odd_bodies(self):
        bodies = ("", "[]", "{", '{"sha256": 5}', '{"sha256": null, "code": {}}')
        for body in (*bodies, "[" * 8000, '{"code":' * 1000):
            response = self.url_open(
                "/verify/digest",
                data=body or "x",
                headers={"Content-Type": "application/json"},
            )
            self.assertEqual(response.status_code, 200, body)
            self.assertEqual(response.json()["state"], "unreadable")

    def test_headers_and_no_third_party(self):
        for path in ("/verify", f"/verify/{self.proof._code()}"):
            response = self.page(path)
            headers = response.headers
            self.assertEqual(
                headers["Content-Security-Policy"], CONTENT_SECURITY_POLICY
            )
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
            self.assertEqual(headers["Referrer-Policy"], "same-origin")
            self.assertEqual(headers["Cache-Control"], "no-store")
            self.assertNotIn("session_id", response.cookies)
            tree = html.fromstring(response.text)
            for address in tree.xpath("//@src | //link/@href | //form/@action"):
                self.assertRegex(address, r"^/[^/]")
            self.assertFalse(tree.xpath("//script[not(@src)] | //style | //@style"))
            handlers = [
                name for node in tree.iter() for name in node.attrib if name[:2] == "on"
            ]
            self.assertFalse(handlers)

    def test_light(self):
        tree = self.tree("/verify")
        # An addon may put its own bundle beside ours: the bounds are those of a page.
        sheets = tree.xpath("//link[@rel='stylesheet']/@href")
        scripts = tree.xpath("//script/@src")
        css = "".join(self.page(sheet).text for sheet in sheets)
        js = "".join(self.page(script).text for script in scripts)
        self.assertLess(len(css), BIG)
        self.assertLess(len(js), BIG)
        self.assertIn("gov-verdict", css)
        self.assertIn("crypto.subtle", js)
        self.assertNotIn("odoo.define", js)

    def test_languages(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        arabic = self.env["res.lang"]._activate_lang("ar_001")
        tree = self.tree(f"/{arabic.url_code}/verify/{self.proof._code()}")
        self.assertEqual(tree.get("dir"), "rtl")
        links = tree.xpath("//nav[hasclass('gov-languages')]//a")
        self.assertEqual(links[0].get("dir"), "rtl")
        self.assertEqual(links[0].get("aria-current"), "true")
        french = next(link for link in links if link.get("lang") == "fr-FR")
        self.assertIn(f"/verify/{self.proof._code()}", french.get("href"))
        tree = self.tree(french.get("href"))
        self.assertEqual((tree.get("lang"), tree.get("dir")), ("fr-FR", "ltr"))

    def test_too_many_questions(self):
        self.patch(verify, "LIMIT", 2)
        for _ in range(2):
            self.page("/verify/" + "0" * 16, 404)
        response = self.page(f"/verify/{self.proof._code()}", 429)
        self.assertTrue(0 < int(response.headers["Retry-After"]) <= verify.PERIOD)
        self.assertIn("Too many checks", response.text)
        self.assertNotIn("2026/000142", response.text)
        told = self.post_json("/verify/digest", sha256="c" * 64)
        self.assertEqual(told.status_code, 429)
        self.page("/verify")

    def test_big_body(self):
        response = self.url_open("/verify/digest", data={"sha256": "a" * 20_000})
        self.assertEqual(response.status_code, 413)

    def test_root_certificate(self):
        response = self.page("/trust/ca.pem")
        self.assertEqual(response.text, self.env["gov.certificate"]._roots()[0])
        self.assertIn("attachment", response.headers["Content-Disposition"])


@tagged("post_install", "-at_install", "alone")
class TestVerifyInTheBrowser(HttpCase, ProofCase):
    """The page's own script, in Chromium: digests are computed there."""

    READY = "document.readyState === 'complete'"
    WAIT = """
        const wait = (found) => new Promise((done, fail) => {
            let left = 100;
            const look = () => {
                if (found()) { done(); }
                else if (!left--) { fail(new Error("not found: " + found)); }
                else { setTimeout(look, 50); }
            };
            look();
        });
        const title = () => document.querySelector(".gov-verdict-title");
        const drop = (text) => {
            const data = new DataTransfer();
            data.items.add(new File([text], "file.pdf"));
            document.querySelector("[data-gov-drop]").dispatchEvent(
                new DragEvent("drop", { dataTransfer: data, bubbles: true })
            );
        };
    """

    def run_js(self, path, steps):
        code = f"""
            (async () => {{
                {self.WAIT}
                {steps}
                console.log("test successful");
            }})().catch((error) => console.error(error.message));
        """
        self.browser_js(path, code, self.READY)

    def test_a_file_dropped(self):
        self.proof._set_document(hashlib.sha256(b"sealed").hexdigest())
        self.run_js(
            "/verify",
            """
            drop("sealed");
            await wait(() => title()?.textContent.includes("Authentic"));
            await wait(() => document.activeElement.matches("[data-gov-result]"));
            drop("changed");
            await wait(() => title().textContent.includes("Changed"));
            """,
        )

    def test_a_file_dropped_under_its_code(self):
        self.proof._set_document(hashlib.sha256(b"sealed").hexdigest())
        self.run_js(
            f"/verify/{self.proof._code()}",
            """
            drop("changed");
            await wait(() => title().textContent.includes("Changed"));
            drop("sealed");
            await wait(() => document.querySelector(".gov-piece-match"));
            """,
        )

    def test_signed_data_of_the_square_code(self):
        code, data = self.proof._code(), self.proof.qr_data
        shown = """
            const shown = (state) => document.querySelector(
                `[data-gov-qr-state="${state}"]:not([hidden])`
            );
        """
        self.run_js(f"/verify/{code}#{data}", f"{shown} await wait(() => shown(true));")
        other = self.issue("ref-2", "2026/000999").qr_data
        self.run_js(
            f"/verify/{code}#{other}", f"{shown} await wait(() => shown(false));"
        )
