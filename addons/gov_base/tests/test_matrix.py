"""Every kind of signed file, shown to every checker there is; all must agree.

{1, 2, 4 signers} × {B-B, B-T, B-LT, B-LTA} × {image, code, Arabic block} × {upright, turned
three ways, A3, 200 pages}: as many files as cover each pair of these. Ours, pdfsig, openssl
(CMS and time-stamps), qpdf, PDFium and mutool each say what they can judge.
"""

import ctypes
import io
import itertools
import os
import subprocess
import tempfile
from pathlib import Path

import pypdfium2
from asn1crypto import cms as asn1_cms, parser
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from odoo.tests import tagged

from odoo.addons.gov_trust.lib import acts, ca, lta
from odoo.addons.gov_trust.tests.common_acts import fields, page_pdf
from odoo.addons.gov_trust.tests.common_lta import LtaCase

from ..lib import sign_block

SIGNERS = (1, 2, 4)
LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")
DRAWN = ("image", "code", "arabic")
PAGES = {
    "upright": {},
    "turned 90": {"Rotate": 90},
    "turned 180": {"Rotate": 180},
    "turned 270": {"Rotate": 270},
    "A3": {"size": (842, 1191)},
    "200 pages": {"pages": 200},
}
#: One file for each level and page; the two others turn, so that all pairs are there.
FILES = [
    (
        SIGNERS[(level + page) % 3],
        LEVELS[level],
        DRAWN[(level + 2 * page) % 3],
        list(PAGES)[page],
    )
    for level, page in itertools.product(range(len(LEVELS)), range(len(PAGES)))
]
SIZE = (160, 50)
URL = "https://maktab.example/verify/ABCDEFGHJKLMNPQR"


def block(kind):
    """What is drawn in the boxes of a file."""
    if kind == "image":
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=SIZE)
        picture = Image.effect_mandelbrot((160, 50), (-2, -1, 1, 1), 20)
        canvas.drawImage(ImageReader(picture), 2, 2, 156, 46)
        canvas.showPage()
        canvas.save()
        return out.getvalue()
    told = {
        "name": "محمد أمين الفاسي الفهري",
        "quality": "مدير الشؤون الإدارية",
        "date_text": "22 نونبر 2026 على الساعة 15:00:05",
        "reference": "2026/000142",
        "lang": "ar_001",
    }
    if kind == "code":
        told |= {"name": "Fatima Zahra", "quality": "", "lang": "fr_FR"}
        told["date_text"] = "22 novembre 2026"
    return sign_block.person_block(*SIZE, **told, qr_url=URL if kind == "code" else "")


@tagged("standard", "alone")
class TestMatrix(LtaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.blocks = {kind: block(kind) for kind in DRAWN}

    def test_every_pair_is_there(self):
        for one, other in itertools.combinations(range(4), 2):
            values = [{file[place] for file in FILES} for place in (one, other)]
            self.assertEqual(
                {(file[one], file[other]) for file in FILES},
                set(itertools.product(*values)),
            )

    def test_all_agree(self):
        for signers, level, drawn, page in FILES:
            with (
                self.subTest(f"{signers} {level} {drawn} {page}"),
                tempfile.TemporaryDirectory() as folder,
            ):
                pdf = self.made(signers, level, drawn, page)
                self.judged(pdf, signers, level, Path(folder))

    def made(self, signers, level, drawn, page):
        pages = {"pages": 2, "size": (595, 842), **PAGES[page]}
        pdf = acts.prepare(page_pdf(**pages), fields(signers))
        stamp = None if level == "B-B" else self.stamp
        look = self.blocks[drawn]
        for number in range(1, signers + 1):
            pdf = self.sign(pdf, f"S{number}", stamp=stamp, appearance=look)
            if level == "B-LTA" and number == 1 and signers > 1:
                # Proven before the others sign: that must hold as well.
                pdf = lta.extend(pdf, self.store, stamp)
        pdf = self.sign(pdf, "Seal", stamp=stamp, appearance=look)
        return lta.extend(pdf, self.store, stamp, level) if stamp else pdf

    def judged(self, pdf, signers, level, folder):
        act = acts.check(pdf, self.store)
        self.assertTrue(act.closed)
        self.assertEqual({one.level for one in act.signatures}, {level})
        self.assertActHolds(pdf, True)
        found = list(signatures(pdf))
        signed = [one for one in found if one["kind"] == "ETSI.CAdES.detached"]
        over = [one for one in found if one["kind"] == "ETSI.RFC3161"]
        self.assertEqual(len(signed), signers + 1)
        expected = {"B-LTA": 1 + (signers > 1)}.get(level, 0)
        self.assertEqual((len(over), len(found)), (expected, signers + 1 + expected))
        for one in found:
            zero, begin, end, length = one["range"]
            self.assertEqual(zero, 0)
            self.assertEqual(pdf[begin : begin + 1] + pdf[end - 1 : end], b"<>")
            self.assertEqual(
                bytes.fromhex(pdf[begin + 1 : end - 1].decode()), one["value"]
            )
            one["covered"] = pdf[:begin] + pdf[end : end + length]
        sizes = [sum(one["range"][2:]) for one in found]
        self.assertEqual(len(pdf) in sizes, level != "B-LT")
        (folder / "act.pdf").write_bytes(pdf)
        (folder / "root.pem").write_text(ca.pem(self.root))
        self.openssl(folder, signed, over, stamped=level != "B-B")
        self.readers(folder, signed, over, whole=len(pdf) in sizes)

    def openssl(self, folder, signed, over, stamped):
        for one in signed:
            (folder / "covered").write_bytes(one["covered"])
            (folder / "value").write_bytes(unpadded(one["value"]))
            told = self.run_in(
                folder,
                "openssl cms -verify -inform DER -in value -content covered -binary "
                "-CAfile root.pem -purpose any -out /dev/null",
            )
            self.assertIn("successful", told)
            signer = asn1_cms.ContentInfo.load(one["value"])["content"]["signer_infos"][
                0
            ]
            tokens = [
                attribute["values"][0].dump()
                for attribute in signer["unsigned_attrs"] or ()
                if attribute["type"].native == "signature_time_stamp_token"
            ]
            self.assertEqual(len(tokens), int(stamped))
            for token in tokens:
                self.stands_on(folder, token, signer["signature"].native)
        for one in over:
            self.stands_on(folder, unpadded(one["value"]), one["covered"])

    def stands_on(self, folder, token, data):
        (folder / "token").write_bytes(token)
        (folder / "data").write_bytes(data)
        told = self.run_in(
            folder,
            "openssl ts -verify -token_in -in token -data data -CAfile root.pem",
        )
        self.assertIn("Verification: OK", told)

    def readers(self, folder, signed, over, whole):
        told = self.run_in(folder, "qpdf --check act.pdf")
        self.assertIn("No syntax or stream encoding errors found", told)
        told = self.run_in(folder, "pdfsig -nocert act.pdf")
        self.assertEqual(told.count("Signature is Valid"), len(signed), told)
        self.assertEqual(told.count("has not yet been verified"), len(over), told)
        self.assertEqual(told.count("Total document signed"), int(whole), told)
        told = self.run_in(folder, "mutool sign -v act.pdf")
        last = int(whole and not over)
        self.assertEqual(told.count("unchanged since signing"), last, told)
        self.assertEqual(told.count("The signature is valid"), len(signed) - last, told)
        # What it does not know are the time-stamps.
        self.assertEqual(told.count("Signature is not signed"), len(over), told)

    def run_in(self, folder, command):
        done = subprocess.run(
            command.split(),
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
        self.assertEqual(done.returncode, 0, f"{command}\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr


def signatures(pdf):
    """Yield what PDFium sees of each signature: kind, range, value."""
    raw = pypdfium2.raw
    document = pypdfium2.PdfDocument(pdf)
    for number in range(raw.FPDF_GetSignatureCount(document.raw)):
        found = raw.FPDF_GetSignatureObject(document.raw, number)
        kind = ctypes.create_string_buffer(100)
        raw.FPDFSignatureObj_GetSubFilter(found, kind, 100)
        span = (ctypes.c_int * 4)()
        raw.FPDFSignatureObj_GetByteRange(found, span, 4)
        size = raw.FPDFSignatureObj_GetContents(found, None, 0)
        value = ctypes.create_string_buffer(size)
        raw.FPDFSignatureObj_GetContents(found, value, size)
        yield {"kind": kind.value.decode(), "range": list(span), "value": value.raw}


def unpadded(value):
    """The DER at the beginning of a value that zeros fill up."""
    return value[: parser.peek(value)]
