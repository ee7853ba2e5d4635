"""The signature policy in our one form of CMS."""

import hashlib
import subprocess
import tempfile
from pathlib import Path

from odoo.tests import BaseCase, tagged

from ..lib import cms, der, keys
from .common_keys import KINDS, authority, loaded

DOCUMENT = b"what is signed"
DIGEST = hashlib.sha256(DOCUMENT).digest()
POLICY = cms.Policy("1.2.504.16384.5.128", hashlib.sha256(b"policy").digest())


def hexadecimal(value):
    return value.hex().upper().encode()


@tagged("post_install", "-at_install")
class TestCmsPolicy(BaseCase):
    """It is signed, read again as it was written, and in no other form."""

    def test_written_and_read(self):
        for make in KINDS.values():
            key = loaded(*authority(), private=make())
            value = cms.sign(key, DIGEST, policy=POLICY)
            found = cms.read(hexadecimal(value) + b"00" * 40)
            self.assertEqual((found.policy, found.digest), (POLICY, DIGEST))
            covered = cms.to_sign(found.certificate, found.digest, found.policy)
            public = cms._public_key(found.certificate)
            self.assertTrue(keys.verify(public, found.signature, covered))
            without = cms.to_sign(found.certificate, found.digest)
            self.assertFalse(keys.verify(public, found.signature, without))
            self.assertLess(len(value), cms.room(key))

    def test_openssl_agrees(self):
        key = loaded(*authority())
        with tempfile.TemporaryDirectory() as place:
            value, document = Path(place, "v.der"), Path(place, "document")
            value.write_bytes(cms.sign(key, DIGEST, policy=POLICY))
            document.write_bytes(DOCUMENT)
            command = ["openssl", "cms", "-verify", "-inform", "DER", "-binary"]
            command += ["-in", value, "-content", document, "-noverify"]
            done = subprocess.run(command, capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_no_other_form(self):
        key = loaded(*authority())
        value = cms.sign(key, DIGEST, policy=POLICY)
        start = value.index(der.oid(POLICY.oid))
        for at in range(start - 20, start + 60):
            odd = bytearray(value)
            odd[at] ^= 1
            try:
                found = cms.read(hexadecimal(bytes(odd)))
            except cms.CmsBroken:
                continue
            covered = cms.to_sign(found.certificate, found.digest, found.policy)
            public = cms._public_key(found.certificate)
            self.assertFalse(keys.verify(public, found.signature, covered), at)

    def test_identifiers(self):
        for text in ("0.0", "1.39", "2.999.3", "1.2.840.113549.1.9.16.2.15", "2.5.4.3"):
            self.assertEqual(der.oid_text(der.oid(text)), text)
        self.assertEqual(der.oid("1.2.840.113549").hex(), "06062a864886f70d")
        for odd in ("3.1", "1.40", "1", "", "1..2", "a.b"):
            with self.assertRaises(ValueError):
                der.oid(odd)
