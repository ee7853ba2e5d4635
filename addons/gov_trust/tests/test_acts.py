import datetime
import io
import os
import re
import subprocess
import tempfile
from pathlib import Path

import pikepdf

from odoo.tests import tagged
from odoo.tools.misc import find_in_path

from ..lib import acts, ca, pades
from .common_acts import (
    ActCase,
    block_pdf,
    fields,
    page_pdf,
    plain_pdf,
    rebuilt,
    revised,
)
from .common_keys import authority, person, small_pdf

CONTENTS = re.compile(rb"/Contents <([0-9A-F]+)>")
A3 = (842, 1191)


@tagged("standard", "alone")
class TestActs(ActCase):
    def test_who_signed_in_which_order(self):
        act = self.assertActHolds(self.closed, True)
        told = [(one.field, one.kind, one.name) for one in act.signatures]
        self.assertEqual(
            told,
            [
                ("S1", "signature", "Ahmed Alami"),
                ("S2", "signature", "رشيد التازي"),
                ("Seal", "seal", ca.common_name(self.seal_key.certificate)),
            ],
        )
        sizes = [one.size for one in act.signatures]
        self.assertEqual(sizes, [len(self.one), len(self.two), len(self.closed)])
        first = act.signatures[0]
        self.assertEqual(
            first.certificate_sha256, ca.describe(self.people[0].certificate)["sha256"]
        )
        self.assertIn("RBT-01-1", first.subject)
        self.assertIn("Internal authority", first.issuer)
        age = datetime.datetime.now(datetime.UTC) - first.claimed_at
        self.assertLess(abs(age.total_seconds()), 300)

    def test_each_file_begins_with_the_one_before(self):
        chain = [page_pdf(), self.prepared, self.one, self.two, self.closed]
        for before, after in zip(chain[1:], chain[2:], strict=False):
            self.assertTrue(after.startswith(before))

    def test_one_two_and_four_signers_in_any_order(self):
        for count, order in ((1, "1"), (2, "21"), (4, "3142")):
            pdf = acts.prepare(page_pdf(), fields(count))
            for number in order:
                pdf = self.sign(pdf, f"S{number}")
                self.assertActHolds(pdf, False)
            pdf = self.sign(pdf, "Seal", reason="Closed", location="Rabat")
            act = self.assertActHolds(pdf, True)
            self.assertEqual(len(act.signatures), count + 1)
            self.second_opinions(pdf)

    def test_without_a_seal_field(self):
        pdf = acts.prepare(page_pdf(), fields(2, seal=False))
        pdf = self.sign(self.sign(pdf, "S1"), "S2")
        self.assertActHolds(pdf, False)

    def test_a_seal_alone(self):
        pdf = acts.prepare(page_pdf(), fields(0))
        act = acts.check(self.sign(pdf, "Seal"), [self.root])
        self.assertTrue(act.closed)

    def test_some_boxes_may_stay_empty(self):
        self.assertActHolds(self.sign(self.one, "Seal"), True)

    def test_one_person_twice(self):
        pdf = self.sign(self.one, "S2", self.people[0])
        self.assertActHolds(pdf, False)

    def second_opinions(self, pdf):
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            (place / "act.pdf").write_bytes(pdf)
            (place / "root.pem").write_text(ca.pem(self.root))
            found = CONTENTS.findall(pdf)
            for match in CONTENTS.finditer(pdf):
                begin, end = match.start(1) - 1, match.end(1) + 1
                told = re.search(rb"/ByteRange \[0 %d %d (\d+)" % (begin, end), pdf)
                size = end + int(told[1])
                (place / "covered").write_bytes(pdf[:begin] + pdf[end:size])
                (place / "cms.der").write_bytes(bytes.fromhex(match[1].decode()))
                verify = "openssl cms -verify -inform DER -in cms.der -content covered"
                options = "-binary -CAfile root.pem -purpose any -out /dev/null"
                self.assertIn("successful", self.run_in(folder, f"{verify} {options}"))
            if find_in_path("pdfsig"):
                told = self.run_in(folder, "pdfsig -nocert act.pdf")
                self.assertEqual(told.count("Signature is Valid"), len(found))
                self.assertEqual(told.count("Total document signed"), 1)
            if find_in_path("qpdf"):
                self.assertIn(
                    "No syntax or stream", self.run_in(folder, "qpdf --check act.pdf")
                )

    def run_in(self, folder, command):
        done = subprocess.run(
            command.split(),
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def test_pyhanko_agrees(self):
        from asn1crypto import x509
        from pyhanko.pdf_utils.reader import PdfFileReader
        from pyhanko.sign.validation import validate_pdf_signature
        from pyhanko_certvalidator import ValidationContext

        reader = PdfFileReader(io.BytesIO(self.closed))
        self.assertEqual(len(reader.embedded_signatures), 3)
        for signature in reader.embedded_signatures:
            context = ValidationContext(
                trust_roots=[x509.Certificate.load(self.root)], allow_fetching=False
            )
            status = validate_pdf_signature(signature, context)
            self.assertTrue(status.bottom_line, status.pretty_print_details())

    def test_profile(self):
        with pikepdf.open(io.BytesIO(self.closed)) as opened:
            form = opened.Root.AcroForm
            self.assertEqual(form.SigFlags, 3)
            by_name = {str(field.T): field for field in form.Fields}
            for name in ("S1", "S2"):
                value = by_name[name].V
                self.assertEqual(value.SubFilter, "/ETSI.CAdES.detached")
                for key in ("/Cert", "/Reference"):
                    self.assertNotIn(key, value)
                self.assertNotIn("/Lock", by_name[name])
            seal = by_name["Seal"]
            self.assertEqual((seal.Lock.Action, seal.Lock.P), ("/All", 1))
            (reference,) = seal.V.Reference
            self.assertEqual(reference.TransformMethod, "/FieldMDP")
            self.assertEqual(reference.TransformParams.Action, "/All")
            self.assertEqual(str(opened.docinfo["/Title"]), "Decision")
            self.assertNotIn("/ModDate", opened.docinfo)

    def test_turned_pages_and_odd_boxes(self):
        """The block is drawn upright and in the shape it has, whatever the page."""
        for turn, matrix in {
            0: [1, 0, 0, 1],
            90: [0, 1, -1, 0],
            180: [-1, 0, 0, -1],
            270: [0, -1, 1, 0],
        }.items():
            pdf = acts.prepare(page_pdf(2, A3, Rotate=turn), fields())
            pdf = self.sign(self.sign(pdf, "S1"), "Seal")
            self.assertActHolds(pdf, True)
            with pikepdf.open(io.BytesIO(pdf)) as opened:
                drawn = opened.Root.AcroForm.Fields[0].AP.N
                self.assertEqual([int(n) for n in drawn.Matrix][:4], matrix)
                x0, y0, x1, y1 = map(float, drawn.BBox)
                wide, high = x1 - x0, y1 - y0
                if turn % 180:
                    wide, high = high, wide
                self.assertAlmostEqual(wide / high, 160 / 50, places=2)
                self.assertIn(b"Tj", drawn.read_bytes())
        shifted = page_pdf(
            2, MediaBox=[100, -50, 695, 792], CropBox=[110, -40, 685, 780]
        )
        box = acts.Box(1, (115, -35, 300, 20))
        pdf = acts.prepare(shifted, [acts.Field("S1", "signature", box)])
        self.assertActHolds(self.sign(pdf, "S1"), False)
        for rect in ((100, -35, 300, 20), (115, -45, 300, 20), (600, 700, 690, 770)):
            field = acts.Field("S1", "signature", acts.Box(1, rect))
            with self.assertRaisesRegex(acts.ActRefused, "not inside its page"):
                acts.prepare(shifted, [field])

    def test_a_signer_who_was_not_foreseen(self):
        late = acts.Field("S3", "signature", acts.Box(0, (40, 200, 200, 250)))
        opened = acts.add_field(self.one, late)
        # Complete again once it is signed, not before.
        self.assertIn("that nobody signed", self.assertActBroken(opened))
        pdf = self.sign(self.sign(self.sign(opened, "S3"), "S2"), "Seal")
        act = self.assertActHolds(pdf, True)
        self.assertEqual(
            [one.field for one in act.signatures], ["S1", "S3", "S2", "Seal"]
        )
        told = self.tool.check(pdf, self.roots)
        self.assertIn("S3 was added after", told["reasons"][0])
        self.second_opinions(pdf)

    def test_what_cannot_be_added(self):
        box = acts.Box(1, (40, 300, 200, 350))
        for pdf, field, why in (
            (self.closed, acts.Field("S9", "signature", box), "closed by its seal"),
            (self.one, acts.Field("S9", "seal", box), "only a signature"),
            (self.one, acts.Field("S1", "signature", box), "names"),
            (self.one, acts.Field("S 9", "signature", box), "names"),
            (
                self.one,
                acts.Field("S9", "signature", acts.Box(1, (150, 100, 250, 140))),
                "lies over",
            ),
            (page_pdf(), acts.Field("S9", "signature", box), "not prepared"),
        ):
            with self.assertRaisesRegex(acts.ActRefused, why):
                acts.add_field(pdf, field)

    def test_what_cannot_be_prepared(self):
        encrypted = io.BytesIO()
        with pikepdf.open(io.BytesIO(small_pdf())) as opened:
            opened.save(encrypted, encryption=pikepdf.Encryption(owner="o", user=""))
        form = pikepdf.open(io.BytesIO(page_pdf()))
        text = pikepdf.Dictionary(FT=pikepdf.Name.Tx, T="amount", V="1000")
        form.Root.AcroForm = pikepdf.Dictionary(Fields=[form.make_indirect(text)])
        filled = io.BytesIO()
        form.save(filled)
        for pdf, why in (
            (b"", "cannot be prepared"),
            (b"hello", "cannot be prepared"),
            (page_pdf()[:300], "cannot be prepared"),
            (encrypted.getvalue(), "encrypted"),
            (self.one, "signed already"),
            (pades.seal(page_pdf(), self.seal_key), "signed already"),
            (self.prepared, "holds a form"),
            (filled.getvalue(), "holds a form"),
        ):
            with self.assertRaisesRegex(acts.ActRefused, why):
                acts.prepare(pdf, fields())
        seal, one, two = fields(2)[2], *fields(2)[:2]
        for wanted in ([], [seal, one], [seal, seal], [one, one]):
            with self.assertRaises(acts.ActRefused):
                acts.prepare(page_pdf(), wanted)
        over = acts.Field("S9", "signature", acts.Box(1, (100, 80, 240, 100)))
        with self.assertRaisesRegex(acts.ActRefused, "lies over"):
            acts.prepare(page_pdf(), [one, two, over])
        with self.assertRaises(acts.ActRefused):
            acts.prepare(page_pdf(1), fields(page=7))

    def test_who_cannot_sign_where(self):
        for pdf, name, key, why in (
            (self.prepared, "Seal", self.people[0], "cannot close an act"),
            (self.prepared, "S1", self.seal_key, "never stands for a person"),
            (self.prepared, "S7", self.people[0], "has no field"),
            (self.one, "S1", self.people[0], "signed already"),
            (self.closed, "S2", self.people[0], "closed by its seal"),
            (page_pdf(), "S1", self.people[0], "has no field"),
            (b"hello", "S1", self.people[0], "cannot be signed"),
        ):
            with self.assertRaisesRegex(acts.ActRefused, why):
                self.sign(pdf, name, key)
        with self.assertRaisesRegex(acts.ActRefused, "one page"):
            self.sign(self.prepared, "S1", appearance=page_pdf(2))
        self.assertActHolds(self.sign(self.prepared, "S1", appearance=None), False)

    def test_no_signature(self):
        for pdf in (page_pdf(), self.prepared, b"", b"hello", b"%PDF-1.7"):
            with self.assertRaises(acts.ActBroken):
                acts.check(pdf, [self.root])

    def test_rolled_back_is_an_open_act(self):
        """Only the registry can say that more signatures were expected."""
        act = acts.check(self.closed, [self.root])
        for found, more in zip(act.signatures[:-1], (1, 2), strict=True):
            earlier = self.assertActHolds(self.closed[: found.size], False)
            self.assertEqual(len(earlier.signatures), more)
            told = self.tool.check(self.closed[: found.size], self.roots)
            self.assertIn("Not closed yet", told["reasons"][0])

    def test_only_the_authority_that_is_trusted(self):
        self.assertActBroken(self.closed, roots=[])
        other_key, other = authority()
        forged = self.sign(self.prepared, "S1", person(other_key, other))
        self.assertActBroken(forged)
        acts.check(forged, [other])
        self.assertActBroken(self.sign(forged, "Seal"))

    def test_claimed_times(self):
        now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
        self.assertActBroken(
            self.sign(self.one, "S2", now=now + datetime.timedelta(hours=1))
        )
        self.assertActBroken(
            self.sign(self.one, "S2", now=now - datetime.timedelta(days=1))
        )
        # Valid certificates, clocks that differ by more than servers do.
        early = person(self.root_key, self.root)
        late = self.sign(
            self.prepared, "S1", early, now=now + datetime.timedelta(minutes=4)
        )
        self.assertIn(
            "before the one it follows",
            self.assertActBroken(
                self.sign(late, "S2", now=now - datetime.timedelta(minutes=3))
            ),
        )

    def test_numbers_that_are_objects(self):
        """``/Length 9 0 R``: an object that is only a number."""
        raw = plain_pdf()
        spot = b"/Length 55 >>"
        self.assertIn(spot, raw)
        body = raw.replace(spot, b"/Length 9 0 R >>").replace(
            b"\nxref\n0 ", b"\n8 0 obj\n(x)\nendobj\n9 0 obj\n55\nendobj\nxref\n0 "
        )
        pdf = acts.prepare(rebuilt(body), fields())
        pdf = self.sign(self.sign(self.sign(pdf, "S1"), "S2"), "Seal")
        self.assertActHolds(pdf, True)

    def test_large_documents(self):
        pdf = acts.prepare(page_pdf(200), fields(2, page=199))
        pdf = self.sign(self.sign(self.sign(pdf, "S1"), "S2"), "Seal")
        self.assertActHolds(pdf, True)

    def test_an_appended_revision_that_does_nothing(self):
        self.assertActBroken(self.closed + b"\n")
        self.assertActBroken(revised(self.closed, lambda writer: None) + b"\n")
        self.assertActBroken(self.closed + self.closed)

    def test_text_of_the_block_can_be_selected(self):
        if not find_in_path("pdftotext"):
            self.skipTest("poppler is not installed")
        pdf = self.sign(
            self.prepared, "S1", appearance=block_pdf("Amina Fassi 2026/142")
        )
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "act.pdf").write_bytes(pdf)
            self.assertIn(
                "Amina Fassi 2026/142", self.run_in(folder, "pdftotext act.pdf -")
            )
