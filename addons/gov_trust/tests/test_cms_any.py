"""Signatures of other programs: every kind read, every odd one refused."""

import hashlib
import random

from asn1crypto import cms as asn1, parser, x509 as asn1_x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import pkcs7

from odoo.tests import BaseCase, tagged

from ..lib import cms, cms_any, der_walk
from .common_acts import page_pdf
from .common_elsewhere import sign_elsewhere
from .common_keys import authority, loaded, stamp_by, timestamper
from .common_pki import Authority

KINDS = {
    "P-256": {"kind": "p256"},
    "P-384": {"kind": "p384"},
    "RSA": {"kind": "rsa2048", "mark": "elsewhere"},
}


def value_of(pdf):
    """The bytes of the last /Contents of a file."""
    begin = pdf.rindex(b"/Contents <") + len(b"/Contents <")
    return bytes.fromhex(pdf[begin : pdf.index(b">", begin)].decode())


def element(value):
    """The DER at the beginning of a value that zeros fill up; its own may end in one."""
    return value[: parser.peek(value)]


def twice(_data, info):
    info["signed_attrs"].append(info["signed_attrs"][0].copy())


def two_values(_data, info):
    for one in info["signed_attrs"]:
        if one["type"].native == "message_digest":
            one["values"].append(b"\0" * 32)


def without_digest(_data, info):
    kept = [
        one for one in info["signed_attrs"] if one["type"].native != "message_digest"
    ]
    info["signed_attrs"] = asn1.CMSAttributes(kept)


def two_signers(data, info):
    data["signer_infos"].append(info.copy())


def no_signer(data, _info):
    data["signer_infos"] = asn1.SignerInfos([])


def attached(data, _info):
    data["encap_content_info"]["content"] = b"hello"


def no_certificate(data, _info):
    data["certificates"] = asn1.CertificateSet([])


@tagged("standard")
class TestCmsAny(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.top = Authority("Other root")
        cls.below = Authority("Other issuer", cls.top)
        cls.values = {}
        for name, options in KINDS.items():
            made, key = cls.below.issue("Signer", **options)
            chain = cls.below.chain
            cls.values[name] = value_of(sign_elsewhere(page_pdf(), made, key, chain))
        made, key = cls.below.issue("Signer", kind="rsa2048", mark="elsewhere")
        chain = cls.below.chain
        cls.values["PSS"] = value_of(
            sign_elsewhere(page_pdf(), made, key, chain, pss=True)
        )
        cls.values["sha512"] = value_of(
            sign_elsewhere(page_pdf(), made, key, chain, hash_name="sha512")
        )
        edwards = ed25519.Ed25519PrivateKey.generate()
        made, _key = cls.below.issue("Signer", key=edwards)
        cls.values["Ed25519"] = value_of(
            sign_elsewhere(page_pdf(), made, edwards, chain, hash_name="sha512")
        )

    def assertRefused(self, value, code=None):
        with self.assertRaises(cms_any.OtherBroken) as caught:
            cms_any.verify(cms_any.read(value))
        if code:
            self.assertEqual(caught.exception.code, code, caught.exception)

    def changed(self, change, name="P-256"):
        message = asn1.ContentInfo.load(element(self.values[name]))
        change(message["content"], message["content"]["signer_infos"][0])
        return message.dump(force=True)

    def test_every_kind(self):
        for name, value in self.values.items():
            with self.subTest(name):
                other = cms_any.read(value)
                cms_any.verify(other)
                self.assertTrue(other.signing_certificate_ok)
                self.assertIn(self.below.der, other.certificates)
        self.assertEqual(
            cms_any.read(self.values["PSS"]).signature_algorithm, "rsassa_pss"
        )
        self.assertEqual(cms_any.read(self.values["sha512"]).digest_algorithm, "sha512")

    def test_our_own_form_is_read_too(self):
        root_key, root = authority()
        key = loaded(root_key, root)
        stamp = stamp_by(timestamper(root_key, root))
        digest = hashlib.sha256(b"x").digest()
        other = cms_any.read(cms.sign(key, digest, stamp) + b"\0\0")
        cms_any.verify(other)
        self.assertEqual(other.digest, digest)
        self.assertEqual(len(other.timestamps), 1)

    def test_without_the_name_of_its_certificate(self):
        """As PKCS#7 of other programs: read, and said."""
        made, key = self.below.issue("Signer", kind="rsa2048", mark="elsewhere")
        value = (
            pkcs7.PKCS7SignatureBuilder()
            .set_data(b"what is signed")
            .add_signer(made, key, hashes.SHA256())
            .sign(
                serialization.Encoding.DER,
                [
                    pkcs7.PKCS7Options.DetachedSignature,
                    pkcs7.PKCS7Options.NoCapabilities,
                    pkcs7.PKCS7Options.Binary,
                ],
            )
        )
        other = cms_any.read(value)
        cms_any.verify(other)
        self.assertIsNone(other.signing_certificate_ok)
        self.assertIsNotNone(other.signing_time)
        self.assertEqual(cms_any.digest_of(other, b"what is", b" signed"), other.digest)

    def test_old_hashes_are_named(self):
        made, key = self.below.issue("Signer", kind="rsa2048", mark="elsewhere")
        value = sign_elsewhere(page_pdf(), made, key, hash_name="sha1")
        self.assertEqual(cms_any.read(value_of(value)).digest_algorithm, "sha1")

    def test_any_flipped_byte(self):
        """What is signed holds to the last byte; the rest is read or refused."""
        for name in ("P-256", "RSA", "PSS"):
            value = element(self.values[name])
            good = cms_any.read(value)
            for spot in range(len(value)):
                changed = bytearray(value)
                changed[spot] ^= 1
                try:
                    other = cms_any.read(bytes(changed))
                    cms_any.verify(other)
                except cms_any.OtherBroken:
                    continue
                self.assertEqual(other.digest, good.digest, (name, spot))
                self.assertEqual(other.certificate, good.certificate, (name, spot))
                self.assertEqual(other.signed, good.signed, (name, spot))

    def test_odd_structures(self):
        for change in (
            twice,
            two_values,
            without_digest,
            two_signers,
            no_signer,
            attached,
            no_certificate,
        ):
            with self.subTest(change.__name__):
                self.assertRefused(self.changed(change))

        def another_signer(data, _info):
            data["certificates"] = asn1.CertificateSet(
                [asn1_x509.Certificate.load(self.top.der)]
            )

        self.assertRefused(self.changed(another_signer), "certificate")

    def test_another_certificate_of_the_same_number(self):
        """The signature names its certificate: one that looks the same is refused."""
        value = self.values["P-256"]
        mine = cms_any.read(value).certificate
        wanted = asn1_x509.Certificate.load(mine)
        twin = asn1_x509.Certificate.load(mine).copy()
        twin["tbs_certificate"]["subject"] = asn1_x509.Name.build(
            {"common_name": "Somebody else"}
        )

        def swap(data, _info):
            data["certificates"] = asn1.CertificateSet(
                [asn1_x509.Certificate.load(twin.dump(force=True))]
            )

        self.assertRefused(self.changed(swap), "certificate")
        self.assertEqual(wanted.serial_number, twin.serial_number)

    def test_what_stands_after(self):
        value = element(self.values["P-256"])
        cms_any.read(value + b"\0" * 5000)
        self.assertRefused(value + b"\1", "structure")
        self.assertRefused(value + b"\0\0x", "structure")
        self.assertRefused(value[:-1])
        self.assertRefused(b"")
        self.assertRefused(b"\0" * 4000)

    def test_hostile(self):
        """Whatever comes in, one class comes out."""
        chance = random.Random(20261130)
        value = element(self.values["RSA"])
        for _round in range(600):
            changed = bytearray(value)
            for _times in range(chance.randint(1, 6)):
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            try:
                cms_any.verify(cms_any.read(bytes(changed)))
            except cms_any.OtherBroken:
                continue
        for odd in (
            b"\x30\x80" + b"\x30\x80" * 2000 + b"\0" * 4000,
            b"\x30\x84\xff\xff\xff\xff" + b"x" * 100,
            b"\x30\x82\x03\xe8" + b"\x30\0" * 500,
            b"\x1f" * 50,
            chance.randbytes(3000),
        ):
            self.assertRefused(odd)

    def test_der(self):
        for good in (b"\x30\0", b"\x30\x02\x05\0", b"\x04\x01x"):
            self.assertEqual(der_walk.check(good + b"rest"), len(good))
        for odd in (
            b"",
            b"\x30",
            b"\x30\x01",
            b"\x30\x80\0\0",
            b"\x30\x81\x02\x05\0",
            b"\x30\x82\0\x02\x05\0",
            b"\x30\x02\x05\x01",
            b"\x24\x03\x04\x01x",
            b"\x3f\x81\x01\0",
            b"\x30\x03" + b"\x30\x05\0",
        ):
            with self.subTest(odd.hex()), self.assertRaises(der_walk.NotDer):
                der_walk.check(odd)
        nested = b""
        for _level in range(60):
            nested = (
                b"\x30" + bytes([len(nested)]) + nested
                if len(nested) < 126
                else (b"\x30\x81" + bytes([len(nested)]) + nested)
            )
        with self.assertRaises(der_walk.NotDer):
            der_walk.check(nested)
