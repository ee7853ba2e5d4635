"""Our one form of CMS: every kind of key, chains, tokens, and every byte of it."""

import dataclasses
import datetime
import hashlib
import subprocess
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.x509.oid import NameOID

from odoo.tests import BaseCase, tagged

from ..lib import ca, cms, keys
from .common_keys import KINDS, authority, loaded

DOCUMENT = b"what is signed"
DIGEST = hashlib.sha256(DOCUMENT).digest()
#: One DER element is all that our form asks of a token.
TOKEN = bytes.fromhex("30060401aa0401bb")


def issue(key, name, issuer_key, issuer, authority_too=True):
    """DER of a certificate issued by (key, DER), or by itself when ``issuer`` is None."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    above = x509.load_der_x509_certificate(issuer).subject if issuer else subject
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=9))
        .add_extension(x509.BasicConstraints(authority_too, None), critical=True)
    )
    return builder.sign(issuer_key, hashes.SHA256()).public_bytes(
        serialization.Encoding.DER
    )


def chained(private=None):
    """A key whose certificate hangs below two intermediates: (key, root)."""
    names = [keys.generate() for _level in range(3)]
    root = issue(names[0], "Root", names[0], None)
    first = issue(names[1], "First", names[0], root)
    second = issue(names[2], "Second", names[1], first)
    private = private or keys.generate()
    leaf = issue(private, "Leaf", names[2], second, authority_too=False)
    return keys.LoadedKey(private, leaf, (second, first, root)), root


def text(der):
    return der.hex().upper().encode()


@tagged("standard")
class TestCms(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.root_key, cls.root = authority()
        cls.keys = {
            name: loaded(cls.root_key, cls.root, private=make())
            for name, make in KINDS.items()
        }
        cls.chained, cls.far_root = chained()

    def assertRefused(self, der, said=""):
        with self.assertRaisesRegex(cms.CmsBroken, said):
            cms.read(text(der))

    def test_every_kind_of_key(self):
        for name, key in self.keys.items():
            with self.subTest(name):
                self.assertEqual(key.scheme, "rsa" if "RSA" in name else "ecdsa")
                der = cms.sign(key, DIGEST)
                read = cms.read(text(der) + b"0000")
                self.assertEqual(
                    (read.certificate, read.chain, read.digest, read.timestamp),
                    (key.certificate, (), DIGEST, None),
                )
                public = key.private_key.public_key()
                signed = cms.to_sign(key.certificate, DIGEST)
                self.assertTrue(keys.verify(public, read.signature, signed))
                self.assertFalse(keys.verify(public, read.signature, signed + b"x"))
                self.assertLessEqual(len(der), cms.room(key))

    def test_openssl_agrees(self):
        for name, key in {**self.keys, "chain": self.chained}.items():
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                place = Path(folder)
                root = self.far_root if name == "chain" else self.root
                (place / "root.pem").write_text(ca.pem(root))
                (place / "data").write_bytes(DOCUMENT)
                (place / "cms.der").write_bytes(cms.sign(key, DIGEST))
                command = (
                    "openssl cms -verify -inform DER -in cms.der -content data -binary "
                    "-CAfile root.pem -purpose any -out /dev/null"
                )
                done = subprocess.run(
                    command.split(),
                    cwd=folder,
                    capture_output=True,
                    text=True,
                    check=False,
                )
                self.assertEqual(done.returncode, 0, done.stderr)

    def test_the_other_ecdsa_signature_is_refused(self):
        """(r, n-s) verifies as well as (r, s): only one of them is ours."""
        for name in ("P-256", "P-384", "P-521"):
            key = self.keys[name]
            low = cms.signature(key, DIGEST)
            r, s = decode_dss_signature(low)
            order = keys.ORDERS[key.private_key.curve.name]
            high = encode_dss_signature(r, order - s)
            signed = cms.to_sign(key.certificate, DIGEST)
            with self.subTest(name):
                public = key.private_key.public_key()
                self.assertTrue(keys.verify(public, high, signed))
                self.assertRefused(cms.assemble(key.certificate, (), DIGEST, high))

    def test_a_chain(self):
        """Intermediates in DER order, the root left out, the leaf found by its number."""
        key = self.chained
        read = cms.read(text(cms.sign(key, DIGEST)))
        self.assertEqual(read.certificate, key.certificate)
        self.assertEqual(read.chain, key.chain[:-1])
        value = read.signature
        shuffled = cms.assemble(key.certificate, key.chain[::-1], DIGEST, value)
        self.assertEqual(cms.read(text(shuffled)), read)

    def test_a_certificate_that_is_not_of_the_chain(self):
        stranger, _root = chained()
        with self.assertRaises(cms.CmsBroken):
            cms.assemble(
                self.chained.certificate, stranger.chain, DIGEST, b"\x30\x00", None
            )
        # Put in by hand, in its place in the set.
        certificates = sorted([self.chained.certificate, *stranger.chain[:-1]])
        plain = cms.Cms(self.chained.certificate, (), DIGEST, b"\x30\x00")
        forged = cms._cms(dataclasses.replace(plain, chain=tuple(certificates[:1])))
        self.assertRefused(forged)

    def test_a_token(self):
        seen = []

        def stamp(digest):
            seen.append(digest)
            return TOKEN

        for key in (self.keys["P-256"], self.keys["RSA-2048"], self.chained):
            der = cms.sign(key, DIGEST, stamp)
            read = cms.read(text(der) + b"00" * 99)
            self.assertEqual(read.timestamp, TOKEN)
            self.assertEqual(seen[-1], hashlib.sha256(read.signature).digest())
            self.assertLessEqual(len(der), cms.room(key, stamp))

    def test_what_is_no_token(self):
        key = self.keys["P-256"]
        for odd in (
            b"",
            b"\x30",
            TOKEN + b"\0",
            TOKEN + TOKEN,
            b"\x31" + TOKEN[1:],
            TOKEN[:-1],
            b"\x30\x80\0\0",
            b"\x30\x81\x06" + TOKEN[2:],
        ):
            with self.subTest(odd.hex()), self.assertRaises(cms.CmsBroken):
                cms.sign(key, DIGEST, lambda _digest, odd=odd: odd)

    def test_every_byte(self):
        """No byte changes unseen: read refuses, or the signature does not match, or the
        certificate is another one. Inside the token, the token's own check sees it."""
        stamp = lambda _digest: TOKEN  # noqa: E731
        for name in ("P-256", "P-521", "RSA-2048", "chain"):
            key = self.chained if name == "chain" else self.keys[name]
            der = cms.sign(key, DIGEST, stamp) + b"\0\0"
            token = der.index(TOKEN)
            inside = range(token + 2, token + len(TOKEN))
            top = key.chain[0] if name != "chain" else self.far_root
            for spot in range(len(der)):
                changed = bytearray(der)
                changed[spot] ^= 1
                if spot not in inside and self._accepted(bytes(changed), key, top):
                    self.fail(f"{name}: byte {spot} may change")

    def _accepted(self, der, key, root):
        try:
            read = cms.read(text(der))
        except cms.CmsBroken:
            return False
        top = (read.certificate, *read.chain)[-1]
        try:
            cms._refuse_unissued(top, root)
        except cms.CmsBroken:
            return False
        public = ca.public_key(read.certificate)
        signed = cms.to_sign(read.certificate, read.digest)
        return read.digest == DIGEST and keys.verify(public, read.signature, signed)

    def test_odd_values(self):
        good = text(cms.sign(self.keys["P-256"], DIGEST))
        for odd in (
            b"",
            b"0",
            b"30",
            b"3080",
            b"00" * 40,
            good.lower(),
            good[:-2],
            good[2:],
            good + b"01",
            good + b"0",
            good + b" ",
            b"30" * 4000,
            b"A0" + b"30" * 4000,
        ):
            with self.subTest(odd[:40]), self.assertRaises(cms.CmsBroken):
                cms.read(odd)

    def test_keys_that_do_not_sign(self):
        weak = [
            rsa.generate_private_key(65537, 1024),
            ec.generate_private_key(ec.SECP224R1()),
            ec.generate_private_key(ec.SECP256K1()),
            ed25519.Ed25519PrivateKey.generate(),
        ]
        for private in weak:
            key = loaded(self.root_key, self.root, private=private)
            with self.subTest(type(private)):
                with self.assertRaises(keys.KeyUnfit):
                    cms.sign(key, DIGEST)
                with self.assertRaises(keys.KeyUnfit):
                    cms.room(key)
                public = private.public_key()
                self.assertFalse(keys.verify(public, b"\x30\x00", b"x"))

    def test_compact_signatures(self):
        for name in ("P-256", "P-384", "P-521"):
            key = self.keys[name]
            raw, public = key.sign_raw(b"x"), key.private_key.public_key()
            self.assertTrue(keys.verify_raw(public, raw, b"x"))
            self.assertFalse(keys.verify_raw(public, raw[:-1], b"x"))
        with self.assertRaises(keys.KeyUnfit):
            self.keys["RSA-2048"].sign_raw(b"x")
        rsa_key = self.keys["RSA-2048"].private_key.public_key()
        self.assertFalse(keys.verify_raw(rsa_key, b"0" * 64, b"x"))
