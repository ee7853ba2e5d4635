import io

import qrcode
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from odoo.tests import BaseCase, tagged

from ..lib import ink

TEXT = "MKT:F:ABCDEFGHJK"


def _code(text=TEXT):
    return qrcode.make(text).get_image().convert("RGB")


@tagged("post_install", "-at_install")
class TestCodes(BaseCase):
    """QR codes of scans: PDF or picture, turned or not; what is hostile is refused."""

    def _pdf(self, *texts, angle=0):
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=(595, 842))
        for text in texts:
            canvas.translate(300, 400)
            canvas.rotate(angle)
            if text:
                canvas.drawImage(ImageReader(_code(text)), -60, -60, 120, 120)
            canvas.showPage()
        canvas.save()
        return out.getvalue()

    def test_pdf(self):
        self.assertEqual(ink.codes(self._pdf(TEXT)), [(0, TEXT)])
        self.assertEqual(ink.codes(self._pdf("", TEXT, "B")), [(1, TEXT), (2, "B")])
        for angle in (2, 90, 180, 275):
            self.assertEqual(ink.codes(self._pdf(TEXT, angle=angle)), [(0, TEXT)])
        self.assertEqual(ink.codes(self._pdf("", "", TEXT), pages=2), [])

    def test_pictures(self):
        for kind in ("PNG", "JPEG"):
            out = io.BytesIO()
            page = Image.new("RGB", (1200, 1600), "white")
            page.paste(_code(), (600, 900))
            page.save(out, kind)
            self.assertEqual(ink.codes(out.getvalue()), [(0, TEXT)], kind)

    def test_hostile(self):
        for content in (
            b"",
            b"x",
            b"%PDF-1.7\n%%EOF",
            b"\x89PNG\r\n\x1a\n" + b"0" * 99,
        ):
            with self.assertRaises(ink.Unreadable):
                ink.codes(content)
        self.assertEqual(ink.codes(self._pdf("")), [])
