import base64
import os
import shutil
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, Form, tagged

from ..exceptions import SealUnavailable
from ..lib import keys, pades, token, token_session
from .common_enrol import SOFTHSM, TOKEN_PIN, SoftToken, organisation, parents
from .common_keys import small_pdf
from .common_pki import new_key, pem
from .test_key_request import RequestCase

ABSENT = "SoftHSM2 is not installed"


@tagged("standard")
class TestLibraries(BaseCase):
    def test_configuration(self):
        with tempfile.TemporaryDirectory() as folder:
            conf = Path(folder) / "odoo.conf"
            conf.write_text(
                "[options]\npkcs11_no = /no.so\n[gov_trust]\nmaster_key_file = /k\n"
                "pkcs11_hsm = /usr/lib/hsm.so\npkcs11_empty =\n"
            )
            found = token_session.in_configuration(conf)
        self.assertEqual(found, {"hsm": "/usr/lib/hsm.so"})
        self.assertEqual(token_session.in_configuration("/nonexistent"), {})


@unittest.skipUnless(SOFTHSM and shutil.which("softhsm2-util"), ABSENT)
@tagged("standard")
class TestToken(RequestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.token = cls.enterClassContext(SoftToken())
        cls.pairs = {}
        for number, kind in enumerate(("p256", "rsa2048"), 1):
            private = new_key(kind, "token")
            leaf, _key = cls.middle.issue(subject=organisation(), key=private)
            cls.token.put(private, kind, f"0{number}")
            blob = b"".join(map(pem, [leaf, *parents(cls.middle)]))
            cls.pairs[kind] = (private.public_key(), leaf, blob)

    def place(self, label="p256", ident=""):
        return token.Place("soft", self.token.label, label, ident)

    def use(self, label="p256", pin=TOKEN_PIN, blob=None, user=None, ident=""):
        return self.keys.with_user(user or self.officer)._use_token(
            self.company,
            self.place(label, ident),
            pin,
            blob or self.pairs[label or "p256"][2],
        )

    def seal(self):
        return self.env["gov.seal"]._seal_pdf(self.company, small_pdf())

    def assertUnavailable(self, words, call, *args, **kwargs):
        with self.assertRaisesRegex(SealUnavailable, words):
            call(*args, **kwargs)

    def test_seals(self):
        before = self.keys._get(self.company, "seal")
        for kind, scheme in (("p256", keys.ECDSA), ("rsa2048", keys.RSA)):
            key = self.use(kind)
            self.assertEqual((key.kind, key.state), ("pkcs11", "active"))
            self.assertEqual(before.state, "retired")
            self.assertEqual(key._load().scheme, scheme)
            sealed = self.seal()
            store = self.env["gov.anchor"]._store(self.company)
            found = pades.check(sealed, store)
            self.assertIn("Rabat", found.subject)
            with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
                file.write(sealed)
                file.flush()
                told = subprocess.run(
                    ["pdfsig", file.name], capture_output=True, text=True, check=False
                ).stdout
            self.assertIn("Signature is Valid", told)
            self.assertIn("Total document signed", told)
            before = key

    def test_by_id(self):
        self.use("", ident="0:1")
        self.assertTrue(self.seal())

    def test_pin_is_encrypted_and_shown_nowhere(self):
        key = self.use()
        secret = self.env["gov.key.secret"].search([("key_id", "=", key.id)])
        self.assertNotIn(
            TOKEN_PIN, base64.b64decode(secret.ciphertext).decode("latin1")
        )
        self.assertNotIn(TOKEN_PIN, repr(key._load()))
        for event in self.events("key.imported", key):
            self.assertNotIn(TOKEN_PIN, event.body)

    def test_wrong_pin_is_tried_once(self):
        tried = []
        opened = token_session.open_session

        def counted(place, pin, writing=False):
            tried.append(pin)
            return opened(place, pin, writing)

        self.assertUnavailable("refuses its PIN", self.use, pin="000111")
        key = self.use()
        key._keep_secret(b"999999")
        token_session.forget(self.place())
        self.patch(token_session, "open_session", counted)
        for _time in range(3):
            self.assertUnavailable("refuses its PIN", self.seal)
        self.assertEqual(tried, ["999999"])
        key.invalidate_recordset()
        self.assertTrue(key.token_refused)
        self.assertTrue(self.events("key.token_refused", key))
        change = key.with_user(self.officer)._change_token_pin
        self.assertUnavailable("refuses its PIN", change, "888888")
        with self.assertRaises(AccessError):
            key.with_user(self.agent)._change_token_pin(TOKEN_PIN)
        form = Form(
            self.env["gov.key.token.pin.wizard"]
            .with_user(self.officer)
            .with_context(default_key_id=key.id)
        )
        form.token_pin = TOKEN_PIN
        form.save()
        self.assertFalse(key.token_refused)
        self.assertTrue(self.seal())

    def test_token_gone_and_back(self):
        key = self.use()
        loaded = key._load()
        self.token.pull()
        self.assertUnavailable("token is not there", self.seal)
        with self.assertRaises(keys.KeyUnavailable):
            pades.seal(small_pdf(), loaded)
        self.patch(type(key), "_log_in", lambda _self, _loaded: None)
        # The token went between the log-in and the signature.
        self.assertUnavailable("token is not there", self.seal)
        self.token.plug()
        self.assertTrue(self.seal())

    def test_what_is_not_there(self):
        self.assertUnavailable("does not hold this key", self.use, ident="77")
        for place, words in (
            (token.Place("none", "maktab", "p256"), "not named in the configuration"),
            (token.Place("soft", "elsewhere", "p256"), "token is not there"),
        ):
            self.assertUnavailable(
                words,
                self.keys.with_user(self.officer)._use_token,
                *(self.company, place, TOKEN_PIN, self.pairs["p256"][2]),
            )
        blob = self.pairs["rsa2048"][2]
        self.assertUnavailable("another one", self.use, "p256", blob=blob)
        with self.assertRaises(UserError):
            self.use(ident="xyz")

    def test_library_that_is_none(self):
        os.environ["GOV_TRUST_PKCS11_BROKEN"] = "/etc/hostname"
        self.addCleanup(os.environ.pop, "GOV_TRUST_PKCS11_BROKEN")
        place = token.Place("broken", "maktab", "p256")
        self.assertUnavailable(
            "cannot be loaded",
            self.keys.with_user(self.officer)._use_token,
            *(self.company, place, TOKEN_PIN, self.pairs["p256"][2]),
        )

    def test_certificates_that_do_not_do(self):
        two = self.pairs["p256"][2] + self.pairs["rsa2048"][2]
        self.assertRefused("several_certificates", self.use, blob=two)
        alone = pem(self.pairs["p256"][1])
        self.assertRefused("incomplete_chain", self.use, blob=alone)
        self.use()
        self.assertRefused("already", self.use)

    def test_rights(self):
        for user in (self.operator, self.auditor, self.agent):
            with self.assertRaises(AccessError):
                self.use(user=user)

    def test_request(self):
        for algorithm in ("p256", "p384", "rsa3072"):
            form = Form(self.env["gov.key.request.wizard"].with_user(self.officer))
            form.place = "token"
            form.algorithm = algorithm
            form.library = "soft"
            form.token_label = self.token.label
            form.key_label = f"new {algorithm}"
            form.key_ident = "aa"
            form.token_pin = TOKEN_PIN
            key = form.save().key_id
            self.assertEqual((key.kind, key.state), ("pkcs11", "waiting"))
            key.with_user(self.officer)._certify_with(self.answer(key)[1])
            self.assertEqual(key.state, "active")
            self.assertTrue(self.seal())
            request = self.keys.with_user(self.officer)._request_token
            place = self.place(f"new {algorithm}")
            self.assertUnavailable(
                "holds one already",
                *(request, self.company, algorithm, place, TOKEN_PIN),
            )

    def test_wizard(self):
        form = Form(self.env["gov.key.token.wizard"].with_user(self.officer))
        self.assertTrue(form.has_library)
        form.library = "soft"
        form.token_label = self.token.label
        form.key_label = "p256"
        form.token_pin = TOKEN_PIN
        form.certificate_file = base64.b64encode(self.pairs["p256"][2])
        wizard = form.save()
        self.assertEqual(wizard.key_id.state, "active")
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM gov_key_token_wizard")
        self.assertNotIn("token_pin", [c.name for c in self.env.cr.description])

    def test_threads(self):
        public = self.pairs["p256"][0]
        wrong = []

        def work():
            for number in range(20):
                data = b"%d" % number
                signature = token.sign(self.place(), TOKEN_PIN, public, data)
                if not keys.verify(public, signature, data):
                    wrong.append(number)

        threads = [threading.Thread(target=work) for _number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertFalse(wrong)

    def test_after_a_fork(self):
        public = self.pairs["p256"][0]
        token.sign(self.place(), TOKEN_PIN, public, b"here")
        child = os.fork()
        if not child:
            code = 1
            try:
                signature = token.sign(self.place(), TOKEN_PIN, public, b"there")
                code = 0 if keys.verify(public, signature, b"there") else 2
            finally:
                os._exit(code)
        _pid, status = os.waitpid(child, 0)
        self.assertEqual(os.waitstatus_to_exitcode(status), 0)
        signature = token.sign(self.place(), TOKEN_PIN, public, b"here")
        self.assertTrue(keys.verify(public, signature, b"here"))
