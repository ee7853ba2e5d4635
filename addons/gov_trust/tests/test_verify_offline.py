import base64
import json
import re

from odoo.tests import HttpCase, tagged

from ..controllers import verify_offline
from ..lib import ca, keys, qr
from ..lib.http import CONTENT_SECURITY_POLICY
from .common_keys import authority, loaded
from .test_proof import ProofCase

SITE = "/verify/offline"


@tagged("post_install", "-at_install", "alone")
class TestVerifyOffline(HttpCase, ProofCase):
    """Files that a device keeps, and what their script answers, in Chromium."""

    def get(self, path, status=200):
        response = self.url_open(path)
        self.assertEqual(response.status_code, status, path)
        return response

    def keys_told(self):
        return self.get(f"{SITE}/keys.json").json()

    def test_files_and_headers(self):
        kinds = {
            "": "text/html",
            "/page.css": "text/css",
            "/page.js": "text/javascript",
            "/worker.js": "text/javascript",
            "/keys.json": "application/json",
            "/save": "text/html",
        }
        for name, kind in kinds.items():
            response = self.get(f"{SITE}{name}")
            self.assertTrue(response.headers["Content-Type"].startswith(kind), name)
            self.assertEqual(
                response.headers["Content-Security-Policy"], CONTENT_SECURITY_POLICY
            )
            self.assertNotIn("session_id", response.cookies)
        self.assertEqual(
            self.get(f"{SITE}/worker.js").headers["Service-Worker-Allowed"], "/verify"
        )
        for name in ("nothing", "page.html", "check.js"):
            self.get(f"{SITE}/{name}", 404)

    def test_no_inline_script_and_no_third_party(self):
        page = self.get(SITE).text
        self.assertFalse(re.search(r"<script(?![^>]*\ssrc=)", page))
        self.assertNotIn("<style", page)
        self.assertFalse(re.search(r"\son\w+=", page))
        for address in re.findall(r'(?:src|href)="([^"]*)"', page):
            self.assertRegex(address, r"^(/verify|#|data:)")

    def test_another_version_is_another_worker(self):
        worker = self.get(f"{SITE}/worker.js").text
        self.assertNotIn("__VERSION__", worker)
        self.assertRegex(worker, r"\$\{PREFIX\}[0-9a-f]{16}")

    def test_one_file_allows_its_own_script_alone(self):
        response = self.get(f"{SITE}/save")
        self.assertIn("attachment", response.headers["Content-Disposition"])
        page = response.text
        policy = re.search(r'Policy" content="([^"]+)"', page)[1]
        self.assertIn("default-src 'none'", policy)
        script = re.search(r"<script>(.*)</script>", page, re.DOTALL)[1]
        offline = self.env["gov.verify.offline"]
        self.assertIn(f"script-src 'sha256-{offline._hash(script)}'", policy)
        told = re.search(r'id="keys">(.*?)</script>', page)[1]
        self.assertTrue(json.loads(told)["keys"])

    def test_a_hostile_name_stays_data(self):
        self.env.company.name = "</script><script>alert(1)</script>"
        self.env["gov.verify.offline"]._keys()
        page = self.env["gov.verify.offline"]._single_file()
        self.assertEqual(page.count("</script>"), 2)

    def test_keys_past_and_revoked(self):
        told = self.keys_told()
        self.assertEqual(told["v"], 1)
        data = qr.parse(self.proof.qr_data)[0]
        (mine,) = [key for key in told["keys"] if key["key"] == data.key]
        self.assertIn(data.issuer, mine["codes"])
        self.assertIsNone(mine["revoked_at"])
        self.assertFalse({"secret", "ciphertext"} & set(mine))
        der = base64.b64decode(mine["spki"])
        public = keys.serialization.load_der_public_key(der)
        self.assertIsNotNone(qr.verify(self.proof.qr_data, public))
        key_sudo = self.env["gov.key"]._find(self.env.company, "seal")
        key_sudo._end("revoked", "lost")
        (mine,) = [key for key in self.keys_told()["keys"] if key["key"] == data.key]
        self.assertRegex(mine["revoked_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")

    def test_too_many(self):
        self.patch(verify_offline, "LIMIT", 1)
        self.get(SITE)
        response = self.get(SITE, 429)
        self.assertTrue(int(response.headers["Retry-After"]) > 0)

    def cases(self):
        """(signed text, state) of every kind of answer."""
        good = self.proof.qr_data
        payload, signature = good.split(".")
        data, raw, _signature = qr.parse(good)
        key = self.env["gov.key"]._get(self.env.company, "seal")._load()
        stranger = loaded(*authority())

        def signed(with_key=key, **changed):
            values = {name: getattr(data, name) for name in data.__dataclass_fields__}
            return qr.make(qr.KeyData(**(values | changed)), with_key)

        def spelled(text):
            return f"{qr._encode(text.encode())}.{signature}"

        other = signed(number="2026/000999").split(".")[1]
        number = raw.decode().replace("2026/000142", "2026/000143")
        return [
            (good, "good"),
            (f"{payload}.{other}", "forged"),
            (spelled(number), "forged"),
            (signed(stranger), "forged"),
            (signed(stranger, key=stranger.fingerprint[:16]), "unknown_key"),
            (signed(issuer="ELSEWHERE"), "unknown_issuer"),
            (signed(issuer="OTHER-1"), "other_issuer"),
            (signed(instant="2099-01-01T00:00:00Z"), "outside"),
            (signed(instant="2026-13-45T99:00:00Z"), "unreadable"),
            ("", "none"),
            (good[:-1], "unreadable"),
            (good + "=", "unreadable"),
            (good * 9, "unreadable"),
            (payload, "unreadable"),
            ("é.é", "unreadable"),
            ("<b>.<i>", "unreadable"),
            (spelled(raw.decode() + " "), "unreadable"),
            (spelled(raw.decode().replace("[1,", "[1.0,")), "unreadable"),
            (spelled(raw.decode().replace("[1,", "[2,")), "unreadable"),
            (spelled('{"a":1}'), "unreadable"),
            (spelled("[1,2,3,4,5,6]"), "unreadable"),
            (spelled("null"), "unreadable"),
            (f"{qr._encode(bytes([255, 254]))}.{signature}", "unreadable"),
        ]

    def test_answers_in_the_browser(self):
        told = self.env["gov.verify.offline"]._keys()
        told["keys"].append(
            {**told["keys"][0], "key": "0" * 16, "owner": -1, "codes": ["OTHER-1"]}
        )
        code = f"""
            (async () => {{
                const keys = {json.dumps(told["keys"])};
                for (const [text, state] of {json.dumps(self.cases())}) {{
                    const found = await MaktabCheck.check(text, keys);
                    if (found.state !== state) {{
                        throw new Error(`${{state}} expected, ${{found.state}}: ${{text}}`);
                    }}
                }}
                const revoked = keys.map((key) => ({{ ...key, revoked_at: key.from }}));
                const good = {json.dumps(self.proof.qr_data)};
                const found = await MaktabCheck.check(good, revoked);
                if (found.state !== "revoked") {{
                    throw new Error(`revoked expected, ${{found.state}}`);
                }}
                const address = "https://example.org/verify/ABCD#" + good;
                const {{ code, text }} = MaktabCheck.split(address);
                if (code !== "ABCD" || text !== good) {{
                    throw new Error("the address was not split");
                }}
                console.log("test successful");
            }})().catch((error) => console.error(error.message));
        """
        ready = "document.documentElement.dataset.ready === 'true'"
        self.browser_js(SITE, code, ready)

    def test_every_language_has_every_word(self):
        code = """
            const { WORDS, LANGUAGES } = MaktabWords;
            const names = Object.keys(WORDS.en);
            const missing = ["ar", "fr"].flatMap((lang) =>
                names.filter((name) => !WORDS[lang][name]).map((name) => `${lang} ${name}`)
            );
            const unknown = Object.keys(LANGUAGES).flatMap((lang) =>
                Object.keys(WORDS[lang]).filter((name) => !names.includes(name))
            );
            if (missing.length || unknown.length) {
                console.error(`${missing} | ${unknown}`);
            } else {
                console.log("test successful");
            }
        """
        ready = "document.documentElement.dataset.ready === 'true'"
        self.browser_js(SITE, code, ready)

    def test_the_certificate_names_the_seal(self):
        certificate = self.env["gov.key"]._find(self.env.company, "seal")
        der = ca.der(certificate.certificate_ids[0].pem)[0]
        (mine,) = [
            key
            for key in self.env["gov.verify.offline"]._keys()["keys"]
            if key["key"] == certificate.fingerprint[:16]
        ]
        self.assertIn(mine["name"], ca.describe(der)["subject"])
