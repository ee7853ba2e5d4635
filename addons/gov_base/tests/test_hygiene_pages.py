import io

from PIL import Image

from odoo.tests import BaseCase, tagged

from ..lib import bidi, hygiene
from . import intake_files as files
from .pdf_files import SCRIPT, changed, drawn


@tagged("standard", "alone", "at_install")
class TestHygienePages(BaseCase):
    """Tags, pictures and differences of the pages."""

    def examine(self, pdf, **options):
        report = hygiene.examine(pdf, **options)
        self.assertIsNone(report.refusal, report.facts)
        return report

    # ------------------------------------------------------------------
    # Tags, and what somebody signed
    # ------------------------------------------------------------------
    def test_tags_are_found_and_not_taken_for_hidden_words(self):
        def draw(canvas):
            canvas.setFillColorRGB(1, 1, 1)
            canvas.drawString(72, 300, "#signature2#")
            canvas.drawString(300, 300, "# Signature 1 #")
            canvas.drawString(72, 100, "#cachet#")

        words = {"signature": "signature", "cachet": "seal"}
        report = self.examine(drawn(draw), words=words)
        self.assertEqual(
            [(page, kind, number) for page, kind, number, *_box in report.tags],
            [(0, "signature", 2), (0, "signature", 1), (0, "seal", 0)],
        )
        x, y = report.tags[0][3:5]
        self.assertAlmostEqual(x, 72, delta=2)
        self.assertAlmostEqual(y, 842 - 310, delta=6)
        self.assertEqual(report.level, "info")
        self.assertEqual(self.examine(drawn(draw)).level, "warning")

    def test_arabic_tags_with_their_number(self):
        def draw(canvas):
            for row, word in enumerate(("#توقيع#", "#توقيع2#", "#توقيع٣#", "#ختم#")):
                bidi.draw(canvas, 300, 700 - 40 * row, word, 12)

        words = {"توقيع": "signature", "ختم": "seal"}
        report = self.examine(drawn(draw), words=words)
        self.assertEqual(
            [(tag[1], tag[2], tag[7]) for tag in report.tags],
            [
                ("signature", 0, "توقيع"),
                ("signature", 2, "توقيع"),
                ("signature", 3, "توقيع"),
                ("seal", 0, "ختم"),
            ],
        )

    def test_a_signed_file_is_looked_at_and_not_touched(self):
        pdf = drawn()
        report = self.examine(pdf, clean=False)
        self.assertIsNone(report.content)
        self.assertEqual(report.before, report.after)
        acting = files.pdf(catalog=f"/OpenAction {SCRIPT}")
        self.assertEqual(hygiene.examine(acting, clean=False).refusal, "signed_active")

    # ------------------------------------------------------------------
    # Pictures and differences
    # ------------------------------------------------------------------
    def test_pictures_and_digests(self):
        pdf = drawn(pages=2)
        found, engine = hygiene.digests(pdf)
        report = self.examine(pdf)
        self.assertEqual((found, engine), (report.after, report.engine))
        self.assertNotEqual(found[0], found[1])
        shot = Image.open(io.BytesIO(hygiene.picture(pdf, 1, 300)))
        self.assertEqual(shot.format, "PNG")
        self.assertEqual(shot.width, 300)
        with self.assertRaises(ValueError):
            hygiene.picture(pdf, 2, 300)
        with self.assertRaises(ValueError):
            hygiene.picture(b"%PDF-1.4 nothing", 0, 300)

    def test_differences(self):
        old = drawn(
            lambda canvas: canvas.drawString(72, 300, "Amount: 1000 DH"), pages=3
        )
        new = drawn(
            lambda canvas: canvas.drawString(72, 300, "Amount: 9000 DH"), pages=3
        )
        self.assertEqual({row["state"] for row in hygiene.compare(old, old)}, {"same"})
        rows = hygiene.compare(old, new)
        self.assertEqual([row["state"] for row in rows], ["changed"] * 3)
        ((x, y, wide, high),) = rows[0]["marks"]
        self.assertAlmostEqual(y + high / 2, (842 - 305) / 842, delta=0.03)
        self.assertTrue(0.1 < x < 0.3 and wide < 0.2)
        self.assertIn("9000", rows[0]["texts"][1])

    def test_pages_added_and_taken_out(self):
        def drop(document):
            del document.pages[1]

        old = drawn(pages=4)
        new = changed(old, drop)
        rows = hygiene.compare(old, new)
        self.assertEqual(
            [(row["state"], row["old"], row["new"]) for row in rows],
            [("same", 0, 0), ("removed", 1, None), ("same", 2, 1), ("same", 3, 2)],
        )
        back = hygiene.compare(new, old)
        self.assertEqual(
            [row["state"] for row in back], ["same", "added", "same", "same"]
        )

    def test_a_parser_that_dies_is_an_answer(self):
        report = hygiene.examine(files.exponential_pdf())
        self.assertIn(report.refusal, hygiene.REFUSALS)
        self.assertEqual(self.examine(drawn()).level, "info")
