import datetime
import hashlib
import random
import shutil
import subprocess
import tempfile
from pathlib import Path

from cryptography import x509

from odoo.tests import BaseCase, tagged

from ..lib import ca, trust, tsa, tsp
from .common_keys import authority, loaded, stamp_by, timestamper

DIGEST = hashlib.sha256(b"data").digest()
CONFIGURATION = """
[req]
distinguished_name=dn
[dn]
[ca]
basicConstraints=critical,CA:true
keyUsage=critical,keyCertSign,cRLSign
[good]
basicConstraints=critical,CA:false
keyUsage=critical,digitalSignature
extendedKeyUsage=critical,timeStamping
[tsa]
default_policy=1.2.3.4.1
digests=sha1,sha256,sha384,sha512
accuracy=secs:1,millisecs:500
clock_precision_digits=3
serial=serial
"""


@tagged("standard")
class TestTimestamps(BaseCase):
    """Tokens as made here and by openssl; each is read by the other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.root_key, cls.root = authority()
        cls.key = timestamper(cls.root_key, cls.root)
        cls.folder = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        (cls.folder / "root.pem").write_text(ca.pem(cls.root))
        (cls.folder / "tsa.pem").write_text(ca.pem(cls.key.certificate))
        (cls.folder / "data").write_bytes(b"data")
        (cls.folder / "cnf").write_text(CONFIGURATION)
        (cls.folder / "serial").write_text("01\n")

    def openssl(self, *arguments, check=True):
        done = subprocess.run(
            ["openssl", *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if check:
            self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout + done.stderr

    def answer(self, request, now=None):
        """What openssl reads in our answer."""
        (self.folder / "r").write_bytes(tsa.respond(request, self.key, now=now))
        return self.openssl("ts", "-reply", "-in", "r", "-text")

    def assertBroken(self, code, read, *arguments):
        with self.assertRaises(tsp.TimestampBroken) as caught:
            read(*arguments)
        self.assertEqual(caught.exception.code, code, str(caught.exception))

    def test_certificate_profile(self):
        found = x509.load_der_x509_certificate(self.key.certificate)
        use = found.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
        self.assertTrue(use.critical)
        self.assertEqual(list(use.value), [x509.oid.ExtendedKeyUsageOID.TIME_STAMPING])
        for name in ("Commune de Rabat", "جماعة الرباط أكدال", "ⴰⴳⴰⴷⵉⵔ", "N" * 90):
            key = timestamper(self.root_key, self.root, name)
            self.assertIn(tsp.NON_PROBANT, ca.common_name(key.certificate))

    def test_openssl_verifies(self):
        for hash_name in ("sha256", "sha384", "sha512"):
            for more in ([], ["-cert"], ["-no_nonce"]):
                with self.subTest(hash_name, more=more):
                    self.openssl(
                        *("ts", "-query", "-data", "data", f"-{hash_name}"),
                        *more,
                        *("-out", "q"),
                    )
                    told = self.answer((self.folder / "q").read_bytes())
                    self.assertIn("Status: Granted", told)
                    self.assertIn("Ordering: no", told)
                    self.assertIn("Accuracy: 0x01 seconds", told)
                    verified = self.openssl(
                        *("ts", "-verify", "-in", "r", "-queryfile", "q"),
                        *("-CAfile", "root.pem", "-untrusted", "tsa.pem"),
                    )
                    self.assertIn("Verification: OK", verified)

    def test_refusals(self):
        def query(*more):
            self.openssl("ts", "-query", "-data", "data", *more, "-out", "q")
            return (self.folder / "q").read_bytes()

        version_2 = bytearray(tsp.request(DIGEST).der)
        version_2[version_2.index(b"\x02\x01\x01") + 2] = 2
        short = tsp.request(DIGEST).der.replace(
            b"\x04\x20" + DIGEST, b"\x04\x1f\x01" + DIGEST[:-2]
        )
        extended = bytearray(tsp.request(DIGEST).der) + bytes.fromhex(
            "a00b3009060355040404023000"
        )
        extended[1] += 13
        for request, sentence in (
            (query("-sha1"), "unrecognized or unsupported algorithm"),
            (query("-sha256", "-tspolicy", "1.2.3"), "policy is not supported"),
            (bytes(version_2), "transaction not permitted or supported"),
            (bytes(extended), "extension is not supported"),
            (short, "the data submitted has the wrong format"),
            (b"", "the data submitted has the wrong format"),
            (b"\x30\x00", "the data submitted has the wrong format"),
            (b"\x30\x84\xff\xff\xff\xff", "the data submitted has the wrong format"),
            (b"0" * 9000, "the data submitted has the wrong format"),
            (tsp.request(DIGEST).der + b"\0", "submitted has the wrong format"),
        ):
            told = self.answer(request)
            self.assertIn("Rejected", told)
            self.assertIn(sentence, told)
            self.assertIn("Not included", told)
            self.assertBroken(
                "refused",
                tsp.read_response,
                (self.folder / "r").read_bytes(),
                tsp.request(DIGEST),
            )

    def test_what_is_read(self):
        now = datetime.datetime(2026, 11, 30, 9, 8, 7, tzinfo=datetime.UTC)
        now = max(now, datetime.datetime.now(datetime.UTC).replace(microsecond=0))
        asked = tsp.request(DIGEST)
        answers = [tsa.respond(asked.der, self.key, now=now) for _turn in range(2)]
        token, again = (tsp.read_response(answer, asked) for answer in answers)
        self.assertEqual(token.gen_time, now)
        self.assertEqual(token.imprint, DIGEST)
        self.assertEqual(token.nonce, asked.nonce)
        self.assertEqual(token.policy, tsa.POLICY)
        self.assertEqual(token.certificate, self.key.certificate)
        self.assertNotEqual(token.serial, again.serial)
        self.assertLessEqual(token.serial.bit_length(), 160)
        self.assertTrue(token.non_probant)
        self.assertLess(len(token.der), 2000)

    def test_whom_to_believe(self):
        token = tsp.read_token(stamp_by(self.key)(DIGEST), DIGEST)
        path = tsp.check_token(token, trust.Store.of([self.root]))
        self.assertEqual(path.level, "simple")
        _key, other = authority()
        check = tsp.check_token
        self.assertBroken("no_anchor", check, token, trust.Store.of([other]))
        later = token.gen_time + datetime.timedelta(days=3000)
        self.assertBroken("expired", check, token, trust.Store.of([self.root]), later)
        signing = trust.Anchor(self.root, uses=frozenset({"signature", "seal"}))
        self.assertBroken("wrong_usage", check, token, trust.Store((signing,)))

    def test_wrong_answers(self):
        asked = tsp.request(DIGEST)
        answer = tsa.respond(asked.der, self.key)
        other = tsp.request(hashlib.sha256(b"other").digest(), nonce=asked.nonce)
        read = tsp.read_response
        self.assertBroken("wrong_nonce", read, answer, tsp.request(DIGEST))
        self.assertBroken("wrong_imprint", read, answer, other)
        self.assertBroken("wrong_policy", read, answer, asked, ["1.2.3"])
        self.assertBroken("garbage", read, answer + b"\0", asked)
        self.assertBroken("garbage", read, b"<html>", asked)
        seal = loaded(self.root_key, self.root)
        self.assertBroken("wrong_usage", read, tsa.respond(asked.der, seal), asked)
        late = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=9000)
        late_answer = tsa.respond(asked.der, self.key, now=late)
        self.assertBroken("expired", read, late_answer, asked)

    def test_changed_by_a_bit(self):
        """Whatever is changed, it is refused or says the same: never another error."""
        good = stamp_by(self.key)(DIGEST)
        told = tsp.read_token(good, DIGEST)
        chance = random.Random(3161)
        refused = 0
        for _turn in range(600):
            changed = bytearray(good)
            at = chance.randrange(len(good))
            match chance.randrange(3):
                case 0:
                    changed[at] ^= 1 << chance.randrange(8)
                case 1:
                    del changed[at]
                case _:
                    changed.insert(at, chance.randrange(256))
            try:
                found = tsp.read_token(bytes(changed), DIGEST)
            except tsp.TimestampBroken:
                refused += 1
            else:
                self.assertEqual(found.gen_time, told.gen_time)
                self.assertEqual(found.serial, told.serial)
                self.assertEqual(found.certificate, told.certificate)
        self.assertGreater(refused, 590)

    def test_made_by_openssl(self):
        new = {
            "rsa": ("-newkey", "rsa:2048"),
            "ec": ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
        }
        for kind, arguments in new.items():
            self.openssl(
                *("req", "-x509", *arguments, "-nodes", "-keyout", "ca.key"),
                *("-out", "ca", "-subj", "/CN=R", "-config", "cnf"),
                *("-extensions", "ca", "-days", "9"),
            )
            self.openssl(
                *("req", *arguments, "-nodes", "-keyout", "key", "-out", "csr"),
                *("-subj", "/CN=Clock", "-config", "cnf"),
            )
            self.openssl(
                *("x509", "-req", "-in", "csr", "-CA", "ca", "-CAkey", "ca.key"),
                *("-CAcreateserial", "-out", "crt", "-days", "9"),
                *("-extfile", "cnf", "-extensions", "good"),
            )
            for signed, named in (
                ("sha256", "sha1"),
                ("sha256", "sha256"),
                ("sha512", "sha512"),
                ("sha1", "sha1"),
            ):
                with self.subTest(kind, signed=signed, named=named):
                    token = self.made_by_openssl(signed, named)
                    if signed == "sha1":
                        self.assertEqual(token, "weak")
                    else:
                        self.assertEqual(token.name, "Clock")
                        self.assertEqual(token.signature_hash, signed)
                        self.assertEqual(token.accuracy.total_seconds(), 1.5)

    def made_by_openssl(self, signed, named):
        (self.folder / "tsa.cnf").write_text(
            f"{CONFIGURATION}signer_digest={signed}\ness_cert_id_alg={named}\n"
        )
        asked = tsp.request(DIGEST)
        (self.folder / "q").write_bytes(asked.der)
        self.openssl(
            *("ts", "-reply", "-config", "tsa.cnf", "-section", "tsa"),
            *("-queryfile", "q", "-signer", "crt", "-inkey", "key", "-out", "r"),
        )
        try:
            return tsp.read_response((self.folder / "r").read_bytes(), asked)
        except tsp.TimestampBroken as error:
            return error.code
