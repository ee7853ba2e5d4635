import io

import pypdfium2
from reportlab.pdfgen.canvas import Canvas

from odoo.tests import BaseCase, tagged

from ..lib import bidi, fonts


@tagged("standard", "alone")
class TestBidi(BaseCase):
    """Machine drawings (B10): labels, stamps, register books by reportlab."""

    def test_direction_of_the_first_letter(self):
        self.assertEqual(bidi.base_direction("2026/000142 رقم"), "rtl")
        self.assertEqual(bidi.base_direction("2026/000142 no"), "ltr")
        self.assertEqual(bidi.base_direction("ⵜⴰⵎ"), "ltr")
        self.assertEqual(bidi.base_direction("2026"), "ltr")

    def test_number_keeps_its_order_and_letters_join(self):
        shaped = bidi.shape("رقم 2026/000142")
        self.assertTrue(shaped.startswith("2026/000142 "), shaped)
        self.assertEqual(
            shaped.split()[1], "\ufee2\ufed7\u0631"[:2] + shaped.split()[1][2:]
        )
        self.assertFalse(set("قم") & set(shaped), "letters in their joined forms")
        self.assertEqual(bidi.shape("Commune 12"), "Commune 12")

    def test_reference_of_digits_and_letters_keeps_its_order(self):
        for reference in ("2026/D/00142", "D-2026/A", "PF-2026-C8TH3BA", "12/OUED/3"):
            for line in (f"رقم {reference}", f"{reference} رقم {reference}"):
                shaped = bidi.shape(line, "rtl")
                self.assertEqual(shaped.count(reference), line.count(reference), shaped)
        self.assertTrue(bidi.shape("رقم 2026/D/00142").startswith("2026/D/00142 "))
        self.assertEqual(bidi.shape("2026/D/00142", "rtl"), "2026/D/00142")

    def test_lam_alef_is_one_sign(self):
        self.assertEqual(bidi.shape("لا"), "\ufefb")

    def test_one_font_for_each_script_and_never_a_box(self):
        runs = bidi.runs("Été محمد ⵜⴰⵎ 漢")
        names = [name for name, _piece in runs]
        self.assertEqual(
            names, ["Noto Sans", "Noto Naskh Arabic", "Noto Sans Tifinagh", "Noto Sans"]
        )
        self.assertEqual(runs[-1][1], "[U+6F22]")
        coverage = fonts.register_reportlab()
        for name, piece in runs:
            self.assertFalse({ord(char) for char in piece} - coverage[name])

    def test_drawn_line(self):
        """Arabic text and a number, aligned at the right, read back from the PDF."""
        target = io.BytesIO()
        canvas = Canvas(target, pagesize=(400, 100), invariant=1)
        width = bidi.draw(
            canvas, 390, 50, "سجل رقم 2026/000142", 14, align="right", bold=True
        )
        self.assertAlmostEqual(width, bidi.width("سجل رقم 2026/000142", 14, bold=True))
        canvas.save()
        page = pypdfium2.PdfDocument(target.getvalue())[0].get_textpage()
        text = page.get_text_range()
        self.assertIn("2026/000142", text)
        start = text.index("2026/000142")
        lefts = [page.get_charbox(start + offset)[0] for offset in range(11)]
        self.assertEqual(lefts, sorted(lefts), "digits run from left to right")
        self.assertLess(max(lefts), 390)
        self.assertGreater(min(lefts), 390 - width - 1)
