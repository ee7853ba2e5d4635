import base64
import datetime
import subprocess

from cryptography import x509
from cryptography.x509.oid import NameOID

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, new_test_user, tagged

from ..exceptions import PinRefused
from ..lib import ca
from .common_keys import small_pdf
from .common_pki import DAY, der, name, pem
from .test_key_import import OTHER_PIN, PIN, ImportCase

NOW = datetime.datetime.now(datetime.UTC)


class RequestCase(ImportCase):
    def answer(self, key, authority=None, subject=None, **options):
        """What an authority makes of a request."""
        request = x509.load_pem_x509_csr(key.request_pem.encode())
        self.assertTrue(request.is_signature_valid)
        authority = authority or self.middle

        class Asked:
            @staticmethod
            def public_key():
                return request.public_key()

        leaf, _key = authority.issue(
            subject=subject or request.subject, key=Asked, **options
        )
        chain = [x509.load_der_x509_certificate(one) for one in authority.chain]
        return leaf, b"".join(map(pem, [leaf, *chain]))


@tagged("standard", "alone")
class TestRequestSeal(RequestCase):
    def request(self, algorithm="p256", user=None):
        return self.keys.with_user(user or self.officer)._request_seal(
            self.company, algorithm
        )

    def certify(self, key, blob, user=None):
        return key.with_user(user or self.officer)._certify_with(blob)

    def test_every_kind(self):
        for algorithm in ("p256", "p384", "rsa3072"):
            before = self.keys._get(self.company, "seal")
            key = self.request(algorithm)
            self.assertEqual((key.state, key.origin), ("waiting", "requested"))
            self.assertEqual(self.keys._get(self.company, "seal"), before)
            leaf, blob = self.answer(key)
            self.certify(key, blob)
            self.assertEqual((key.state, before.state), ("active", "retired"))
            self.assertEqual(key._load().certificate, der(leaf))
            self.assertTrue(self.env["gov.seal"]._seal_pdf(self.company, small_pdf()))
            self.assertTrue(self.events("key.requested", key))
            self.assertTrue(self.events("key.certified", key))

    def test_request_says_what_it_is_for(self):
        key = self.request()
        request = x509.load_pem_x509_csr(key.request_pem.encode())
        code = request.subject.get_attributes_for_oid(NameOID.ORGANIZATION_IDENTIFIER)
        issuer = self.env["gov.seal"]._issuer(self.company)
        self.assertEqual(code[0].value, issuer["code"])
        kind = x509.ExtendedKeyUsage
        purposes = request.extensions.get_extension_for_class(kind).value
        self.assertIn(ca.DOCUMENT_SIGNING, purposes)
        said = subprocess.run(
            ["openssl", "req", "-verify", "-noout"],
            input=base64.b64decode(key.request_file),
            capture_output=True,
            check=True,
        )
        self.assertIn(b"verify OK", said.stderr + said.stdout)

    def test_answers_that_do_not_do(self):
        key = self.request()
        other, _key = self.middle.issue(subject=self.answer(key)[0].subject)
        self.assertRefused("mismatch", self.certify, key, pem(other))
        self.assertRefused("not_certificates", self.certify, key, b"x")
        leaf, _blob = self.answer(key)
        self.assertRefused("incomplete_chain", self.certify, key, pem(leaf))
        _leaf, blob = self.answer(key, subject=name("Amina", given="Amina"))
        self.assertRefused("wrong_kind", self.certify, key, blob)
        _leaf, blob = self.answer(key, begin=NOW - 9 * DAY, days=8)
        self.assertRefused("expired", self.certify, key, blob)
        self.assertEqual(key.state, "waiting")

    def test_one_waits(self):
        first = self.request()
        second = self.request()
        self.assertEqual((first.state, second.state), ("retired", "waiting"))
        with self.assertRaises(UserError):
            self.certify(first, self.answer(first)[1])
        second.with_user(self.officer).action_abandon()
        self.assertEqual(second.state, "retired")
        with self.assertRaises(UserError):
            second.with_user(self.officer).action_abandon()

    def test_renewed(self):
        key = self.request()
        _leaf, blob = self.answer(key)
        self.certify(key, blob)
        self.assertRefused("already", self.certify, key, blob)
        leaf, blob = self.answer(key, days=999)
        self.certify(key, blob)
        self.assertEqual(key.state, "active")
        self.assertEqual(key._load().certificate, der(leaf))
        made = self.keys._get(self.env["res.company"], "ca")
        with self.assertRaises(UserError):
            made.with_user(self.officer).sudo()._certify_with(blob)

    def test_rights(self):
        for user in (self.operator, self.auditor, self.agent):
            with self.assertRaises(AccessError):
                self.request(user=user)
        key = self.request()
        blob = self.answer(key)[1]
        for user in (self.operator, self.auditor, self.agent, self.amina):
            with self.assertRaises(AccessError):
                self.certify(key, blob, user=user)
            with self.assertRaises(AccessError):
                key.with_user(user).action_abandon()

    def test_a_waiting_key_signs_nothing(self):
        key = self.request()
        self.assertFalse(key._stored(self.env.cr))

    def test_wizards(self):
        form = Form(self.env["gov.key.request.wizard"].with_user(self.officer))
        form.algorithm = "p384"
        wizard = form.save()
        key = wizard.key_id
        self.assertEqual(wizard.action_confirm()["res_id"], key.id)
        self.assertEqual(key.request_name, f"request-{key.fingerprint[:8]}.csr")
        certify = Form(
            self.env["gov.key.certify.wizard"]
            .with_user(self.officer)
            .with_context(default_key_id=key.id)
        )
        certify.certificate_file = base64.b64encode(self.answer(key)[1])
        certify.save()
        self.assertEqual(key.state, "active")


@tagged("standard", "alone")
class TestRequestPersonal(RequestCase):
    def wizard(self, **values):
        return (
            self.env["gov.signature.wizard"]
            .with_user(self.amina)
            .create({"way": "request", **values})
        )

    def test_my_signature(self):
        wizard = self.wizard(pin=PIN, pin_again=PIN, algorithm="p384")
        again = wizard.action_done()
        self.assertEqual(again["res_model"], "gov.signature.wizard")
        key = self.keys._waiting(self.company, self.amina)
        self.assertEqual(key.state, "waiting")
        wizards = self.env["gov.signature.wizard"].with_user(self.amina)
        shown = wizards.new({"way": "request"})
        self.assertTrue(shown.waiting)
        request = x509.load_pem_x509_csr(key.request_pem.encode())
        names = request.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        self.assertEqual(
            names.value.get_values_for_type(x509.RFC822Name), ["amina@commune.ma"]
        )
        leaf, blob = self.answer(key)
        done = self.wizard(certificate_file=base64.b64encode(blob).decode())
        self.assertEqual(done.action_done()["tag"], "display_notification")
        self.assertEqual(key.state, "active")
        mine = self.keys.with_user(self.amina)._personal(self.amina)
        loaded = mine.with_user(self.amina)._unlock(PIN)
        self.assertEqual(loaded.certificate, der(leaf))
        with self.assertRaises(PinRefused):
            mine.with_user(self.amina)._unlock(OTHER_PIN)

    def test_another_request(self):
        self.wizard(pin=PIN, pin_again=PIN)
        first = self.keys._waiting(self.company, self.amina)
        self.wizard(pin=OTHER_PIN, pin_again=OTHER_PIN, again=True)
        second = self.keys._waiting(self.company, self.amina)
        self.assertNotEqual(first, second)
        self.assertEqual(first.state, "retired")

    def test_certificate_of_somebody_else(self):
        self.wizard(pin=PIN, pin_again=PIN)
        key = self.keys._waiting(self.company, self.amina)
        subject = name("Omar Bennis", given="Omar")
        _leaf, blob = self.answer(key, subject=subject)
        mine = key.with_user(self.amina)
        self.assertRefused("wrong_person", mine._certify_with, blob)
        _leaf, blob = self.answer(key)
        with self.assertRaises(AccessError):
            key.with_user(self.officer)._certify_with(blob)

    def test_pins_differ(self):
        with self.assertRaises(PinRefused):
            self.wizard(pin=PIN, pin_again=OTHER_PIN)
        self.assertFalse(self.keys._waiting(self.company, self.amina))


@tagged("standard", "post_install", "-at_install")
class TestRequestRoute(HttpCase):
    def test_download(self):
        for login in ("mine", "yours"):
            new_test_user(self.env, login, password=f"{login}-{login}")
        mine = self.env["res.users"].search([("login", "=", "mine")])
        key = (
            self.env["gov.key"]
            .with_user(mine)
            ._request_personal(mine, self.env.company, "p256", PIN)
        )
        self.env.flush_all()
        self.authenticate("mine", "mine-mine")
        answer = self.url_open("/trust/my-request.csr")
        self.assertEqual(answer.text, key.request_pem)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.authenticate("yours", "yours-yours")
        self.assertEqual(self.url_open("/trust/my-request.csr").status_code, 404)
        self.authenticate(None, None)
        answer = self.url_open("/trust/my-request.csr", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
