import dataclasses
import datetime
import io
import os
import random
import re
import subprocess
import tempfile
from pathlib import Path

import pikepdf

from odoo.tests import BaseCase, TransactionCase, tagged
from odoo.tools.misc import find_in_path

from ..exceptions import SealRefused, SealUnavailable
from ..lib import ca, pades
from .common_keys import MasterKeyFile, authority, loaded, small_pdf

CONTENTS = re.compile(rb"/Contents <([0-9A-F]+)>")


@tagged("standard", "alone")
class TestSeal(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.root_key, cls.root = authority()
        cls.key = loaded(cls.root_key, cls.root)
        cls.pdf = small_pdf()
        cls.sealed = pades.seal(cls.pdf, cls.key, reason="Receipt 2026/000142")

    def assertBroken(self, pdf, roots=None):
        with self.assertRaises((pades.SealBroken, pades.NotSealed)):
            pades.check(pdf, [self.root] if roots is None else roots)

    def test_it_holds(self):
        found = pades.check(self.sealed, [self.root])
        self.assertIn("RBT-01", found.subject)
        self.assertEqual(found.field_name, "Seal")
        age = datetime.datetime.now(datetime.UTC) - found.claimed_at
        self.assertLess(abs(age.total_seconds()), 300)
        self.assertTrue(self.sealed.startswith(self.pdf))

    def test_profile(self):
        """EN 319 142-1: S1–S3 and S10 of the reference."""
        with pikepdf.open(io.BytesIO(self.sealed)) as opened:
            (field,) = opened.Root.AcroForm.Fields
            value = field.V
            self.assertEqual(value.SubFilter, "/ETSI.CAdES.detached")
            self.assertNotIn("/Cert", value)
            self.assertIn("/M", value)
            self.assertEqual(str(value.Reason), "Receipt 2026/000142")
            (reference,) = value.Reference
            self.assertEqual(reference.TransformMethod, "/FieldMDP")
            self.assertEqual(reference.TransformParams.Action, "/All")
            self.assertEqual(field.Lock.P, 1)
        raw = bytes.fromhex(CONTENTS.search(self.sealed)[1].decode())
        self.assertEqual(raw.count(self.key.certificate), 1)
        self.assertNotIn(self.root, raw)
        signing_time = bytes.fromhex("06092a864886f70d010905")
        self.assertNotIn(signing_time, raw)

    def test_other_programs_agree(self):
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            (place / "sealed.pdf").write_bytes(self.sealed)
            (place / "root.pem").write_text(ca.pem(self.root))
            match = CONTENTS.search(self.sealed)
            begin, end = match.start(1) - 1, match.end(1) + 1
            (place / "covered").write_bytes(self.sealed[:begin] + self.sealed[end:])
            (place / "cms.der").write_bytes(bytes.fromhex(match[1].decode()))
            verify = "openssl cms -verify -inform DER -in cms.der -content covered"
            options = "-binary -CAfile root.pem -purpose any -out /dev/null"
            self.assertRuns(f"{verify} {options}", folder, "successful")
            if find_in_path("pdfsig"):
                self.assertRuns(
                    "pdfsig -nocert sealed.pdf", folder, "Signature is Valid"
                )
                self.assertRuns(
                    "pdfsig -nocert sealed.pdf", folder, "Total document signed"
                )

    def assertRuns(self, command, folder, said):
        done = subprocess.run(
            command.split(),
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(said, done.stdout + done.stderr)

    def test_pyhanko_with_a_strict_policy_agrees(self):
        from asn1crypto import x509
        from pyhanko.pdf_utils.reader import PdfFileReader
        from pyhanko.sign.validation import validate_pdf_signature
        from pyhanko_certvalidator import ValidationContext

        reader = PdfFileReader(io.BytesIO(self.sealed))
        context = ValidationContext(
            trust_roots=[x509.Certificate.load(self.root)], allow_fetching=False
        )
        status = validate_pdf_signature(reader.embedded_signatures[0], context)
        self.assertTrue(status.bottom_line)
        self.assertEqual(status.coverage.name, "ENTIRE_FILE")

    def test_any_flipped_byte_of_the_seal_breaks_it(self):
        match = CONTENTS.search(self.sealed)
        spots = range(match.start() - 40, match.end() + 80)
        self._flip(spots)

    def test_any_flipped_byte_elsewhere_breaks_it(self):
        spots = random.Random(20261122).sample(range(len(self.sealed)), 300)
        self._flip([*spots, 0, 1, len(self.sealed) - 1])

    def _flip(self, spots):
        for spot in spots:
            for bit in (1, 0x20):
                changed = bytearray(self.sealed)
                changed[spot] ^= bit
                with self.subTest(spot=spot, bit=bit):
                    self.assertBroken(bytes(changed))

    def test_appended_revision(self):
        self.assertBroken(self.sealed + b"\n% more\n")
        with pikepdf.open(io.BytesIO(self.sealed)) as opened:
            out = io.BytesIO()
            opened.save(out)
        self.assertBroken(out.getvalue())

    def test_truncated(self):
        for size in (0, 100, len(self.pdf), len(self.sealed) - 1):
            self.assertBroken(self.sealed[:size])

    def test_a_seal_moved_to_another_file(self):
        other = pades.seal(small_pdf(b"{}"), self.key)
        mine, theirs = (CONTENTS.search(file)[1] for file in (self.sealed, other))
        self.assertEqual(len(mine), len(theirs))
        self.assertBroken(other.replace(theirs, mine))

    def test_another_authority_of_the_same_name(self):
        other_key, other = authority()
        forged = pades.seal(self.pdf, loaded(other_key, other))
        self.assertBroken(forged)
        pades.check(forged, [other])

    def test_a_key_that_is_not_for_seals(self):
        wrong = loaded(self.root_key, self.root, ca.JOURNAL)
        self.assertBroken(pades.seal(self.pdf, wrong))

    def test_a_time_to_come(self):
        tomorrow = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)
        self.assertBroken(pades.seal(self.pdf, self.key, now=tomorrow))

    def test_a_certificate_that_was_not_valid(self):
        before = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
        self.assertBroken(pades.seal(self.pdf, self.key, now=before))

    def test_a_certificate_in_the_place_of_another(self):
        twin = dataclasses.replace(
            self.key, certificate=loaded(self.root_key, self.root).certificate
        )
        self.assertBroken(pades.seal(self.pdf, twin))

    def test_what_cannot_be_sealed(self):
        encrypted = io.BytesIO()
        with pikepdf.open(io.BytesIO(self.pdf)) as opened:
            opened.save(encrypted, encryption=pikepdf.Encryption(owner="o", user="u"))
        for name, hostile in {
            "empty": b"",
            "no PDF": b"hello",
            "cut": self.pdf[:200],
            "encrypted": encrypted.getvalue(),
            "sealed": self.sealed,
        }.items():
            with self.subTest(name), self.assertRaises(pades.SealBroken):
                pades.seal(hostile, self.key)

    def test_no_seal(self):
        with self.assertRaises(pades.NotSealed):
            pades.check(self.pdf, [self.root])


@tagged("standard", "alone")
class TestGovSeal(TransactionCase):
    def test_sealed_with_the_key_of_the_administration(self):
        company = self.env.company
        sealed = self.env["gov.seal"]._seal_pdf(company, small_pdf(), reason="Test")
        roots = [der for pem in self.roots() for der in ca.der(pem)]
        found = pades.check(sealed, roots)
        key = self.env["gov.key"]._get(company, "seal")
        self.assertEqual(found.certificate_sha256, key.certificate_ids.sha256)

    def roots(self):
        return self.env["gov.certificate"]._roots()

    def test_a_copy_does_not_seal(self):
        self.patch(
            type(self.env["gov.trust.identity"]), "_may_seal", lambda _self: False
        )
        self.patch(
            type(self.env["gov.trust.identity"]),
            "_explain",
            lambda _self, state=None: "This database is a copy.",
        )
        with self.assertRaisesRegex(SealUnavailable, "is a copy"):
            self.env["gov.seal"]._seal_pdf(self.env.company, small_pdf())

    def test_without_its_master_key(self):
        self.env["gov.key"]._get(self.env.company, "seal")
        with MasterKeyFile():
            with self.assertRaisesRegex(SealUnavailable, "another master key"):
                self.env["gov.seal"]._seal_pdf(self.env.company, small_pdf())

    def test_a_file_that_cannot_be_sealed(self):
        with self.assertRaisesRegex(SealRefused, "cannot be sealed"):
            self.env["gov.seal"]._seal_pdf(self.env.company, b"not a PDF")
