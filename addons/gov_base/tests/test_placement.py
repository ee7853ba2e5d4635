import io

import pikepdf
import pypdfium2
from reportlab.pdfgen.canvas import Canvas

from odoo.tests import BaseCase, tagged

from ..lib import ink, placement
from ..lib.placement import Wanted

A4, A3 = (595, 842), (842, 1191)


def drawn(pages=2, size=A4, lines=14, rotate=0, words=4):
    """Pages of text that are upright when they are seen."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=size)
    wide, high = size
    for number in range(pages):
        canvas.saveState()
        shift = {0: (0, 0), 90: (wide, 0), 180: (wide, high), 270: (0, high)}[rotate]
        canvas.translate(*shift)
        canvas.rotate(rotate)
        top = wide if rotate in (90, 270) else high
        canvas.drawString(50, top - 50, f"Page {number}")
        for line in range(lines):
            canvas.drawString(
                50, top - 110 - 14 * line, "Lorem ipsum dolor sit " * words
            )
        canvas.drawString(50, 34, "Footer")
        canvas.restoreState()
        canvas.showPage()
    canvas.save()
    if not rotate:
        return stream.getvalue()
    with pikepdf.open(io.BytesIO(stream.getvalue())) as pdf:
        for page in pdf.pages:
            page.Rotate = rotate
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def wanted(count=2, seal=True):
    boxes = [Wanted(f"S{number}", "signature", 170, 64) for number in range(count)]
    return boxes + ([Wanted("Seal", "seal", 180, 60)] if seal else [])


@tagged("standard", "alone")
class TestPlacement(BaseCase):
    def place(self, pdf, boxes):
        """Place, and check with our own eyes that nothing is covered."""
        placed, where = placement.place(pdf, boxes)
        self.assertEqual(list(where), [box.name for box in boxes])
        document = pypdfium2.PdfDocument(placed)
        taken = {}
        for box in boxes:
            number, rect = where[box.name]
            page = document[number]
            x0, y0, x1, y1 = rect
            size = (x1 - x0, y1 - y0)
            if page.get_rotation() in (90, 270):
                size = size[::-1]
            self.assertAlmostEqual(size[0], box.width, delta=0.05)
            self.assertAlmostEqual(size[1], box.height, delta=0.05)
            for a0, b0, a1, b1 in taken.setdefault(number, []):
                self.assertTrue(x1 <= a0 or a1 <= x0 or y1 <= b0 or b1 <= y0)
            taken[number].append(rect)
            self.assertBlank(page, rect)
        return document, where

    def assertBlank(self, page, rect):
        left, low, right, high = page.get_mediabox()
        x0, y0, x1, y1 = rect
        page.set_cropbox(left, low, right, high)
        shot = page.render(
            scale=2,
            grayscale=True,
            rotation=-page.get_rotation() % 360,
            crop=(x0 - left, y0 - low, right - x1, high - y1),
        ).to_pil()
        self.assertEqual(shot.getextrema()[0], 255, rect)

    def seen(self, document, number, rect):
        """Middle of a box as it is seen, in parts of the page from the upper left."""
        page = document[number]
        left, low, right, high = page.get_mediabox()
        x = ((rect[0] + rect[2]) / 2 - left) / (right - left)
        y = ((rect[1] + rect[3]) / 2 - low) / (high - low)
        return {0: (x, 1 - y), 90: (y, x), 180: (1 - x, y), 270: (1 - y, 1 - x)}[
            page.get_rotation()
        ]

    def test_signatures_below_and_the_seal_above(self):
        document, where = self.place(drawn(), wanted(2))
        self.assertEqual(len(document), 2)
        self.assertEqual([where[name][0] for name in ("S0", "S1", "Seal")], [1, 1, 0])
        first, second = (self.seen(document, *where[name]) for name in ("S0", "S1"))
        self.assertGreater(min(first[1], second[1]), 0.8)
        self.assertAlmostEqual(first[1], second[1], places=2)
        self.assertLess(first[0], second[0])
        x, y = self.seen(document, *where["Seal"])
        self.assertGreater(x, 0.7)
        self.assertLess(y, 0.15)

    def test_one_stands_on_the_right(self):
        document, where = self.place(drawn(1), wanted(1))
        self.assertGreater(self.seen(document, *where["S0"])[0], 0.7)
        self.assertEqual({number for number, _rect in where.values()}, {0})

    def test_turned_pages(self):
        for rotate in (90, 180, 270):
            for size in (A4, A3):
                with self.subTest(rotate=rotate, size=size):
                    document, where = self.place(
                        drawn(size=size, rotate=rotate, lines=8), wanted(3)
                    )
                    self.assertEqual(len(document), 2)
                    self.assertGreater(self.seen(document, *where["S0"])[1], 0.7)
                    x, y = self.seen(document, *where["Seal"])
                    self.assertGreater(x, 0.7)
                    self.assertLess(y, 0.2)

    def test_an_odd_origin(self):
        with pikepdf.open(io.BytesIO(drawn())) as pdf:
            for page in pdf.pages:
                page.contents_add(b"q 1 0 0 1 100 -50 cm", prepend=True)
                page.contents_add(b"Q")
                page.MediaBox = [80, -70, 80 + 635, -70 + 882]
                page.CropBox = [100, -50, 695, 792]
            out = io.BytesIO()
            pdf.save(out)
        _document, where = self.place(out.getvalue(), wanted(2))
        for _number, (x0, y0, x1, y1) in where.values():
            self.assertTrue(100 < x0 < x1 < 695 and -50 < y0 < y1 < 792)

    def test_a_full_page_gets_one_more(self):
        for count in (1, 4, 12):
            document, where = self.place(drawn(lines=55), wanted(count))
            self.assertEqual(len(document), 3)
            self.assertEqual({where[f"S{at}"][0] for at in range(count)}, {2})
            self.assertEqual(document[2].get_size(), document[1].get_size())
        turned, where = self.place(drawn(1, A4, 35, rotate=90, words=8), wanted(2))
        self.assertEqual(len(turned), 2)
        self.assertEqual(turned[1].get_size(), turned[0].get_size())

    def test_more_than_one_page_of_signatures(self):
        document, where = self.place(drawn(lines=55), wanted(40))
        self.assertEqual(len(document), 4)
        self.assertEqual({number for number, _rect in where.values()}, {0, 2, 3})

    def test_a_scan_on_grey_paper(self):
        stream = io.BytesIO()
        canvas = Canvas(stream, pagesize=A4)
        canvas.setFillGray(0.85)
        canvas.rect(0, 0, *A4, stroke=0, fill=1)
        canvas.setFillGray(0)
        canvas.drawString(50, 800, "Scan")
        canvas.save()
        _pdf, where = placement.place(stream.getvalue(), wanted(2))
        self.assertEqual({number for number, _rect in where.values()}, {0})

    def test_thin_and_pale_lines_are_ink(self):
        stream = io.BytesIO()
        canvas = Canvas(stream, pagesize=A4)
        canvas.setStrokeGray(0.6)
        canvas.setLineWidth(0.25)
        for y in range(10, 842, 20):
            canvas.line(0, y, 595, y)
        canvas.save()
        document, _where = self.place(stream.getvalue(), wanted(1))
        self.assertEqual(len(document), 2)

    def test_forms_and_scripts(self):
        with pikepdf.open(io.BytesIO(drawn())) as pdf:
            field = pdf.make_indirect(
                pikepdf.Dictionary(
                    Type=pikepdf.Name.Annot,
                    Subtype=pikepdf.Name.Widget,
                    FT=pikepdf.Name.Tx,
                    T="amount",
                    V="1000",
                    DA="/Helv 12 Tf 0 g",
                    Rect=[300, 400, 400, 420],
                    F=4,
                    AP=pikepdf.Dictionary(
                        N=pdf.make_stream(
                            b"0 0 100 20 re f",
                            Type=pikepdf.Name.XObject,
                            Subtype=pikepdf.Name.Form,
                            BBox=[0, 0, 100, 20],
                        )
                    ),
                )
            )
            pdf.pages[0].Annots = [field]
            pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[field])
            pdf.Root.OpenAction = pikepdf.Dictionary(
                S=pikepdf.Name.JavaScript, JS="app.alert(1)"
            )
            out = io.BytesIO()
            pdf.save(out)
        clean, where = placement.place(out.getvalue(), wanted(1))
        with pikepdf.open(io.BytesIO(clean)) as pdf:
            for key in ("/AcroForm", "/OpenAction"):
                self.assertNotIn(key, pdf.Root)
            self.assertFalse(len(pdf.pages[0].get("/Annots", [])))
        sheet = ink.sheets(clean, [0])[0]
        # What the field showed is on the page now.
        self.assertTrue(sheet.ink[int((842 - 410) / 3)][int(350 / 3)])

    def test_a_signed_file_stays_as_it_is(self):
        """Its bytes are left; boxes go where its pages have room, or nowhere."""

        def signed(base):
            with pikepdf.open(io.BytesIO(base)) as pdf:
                value = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Sig))
                field = pikepdf.Dictionary(FT=pikepdf.Name.Sig, T="S", V=value)
                fields = [pdf.make_indirect(field)]
                pdf.Root.AcroForm = pikepdf.Dictionary(Fields=fields)
                out = io.BytesIO()
                pdf.save(out)
            return out.getvalue()

        base = signed(drawn())
        kept, where = placement.place(base, wanted(3), keep_signed=True)
        self.assertEqual(kept, base)
        self.assertEqual(list(where), ["S0", "S1", "S2", "Seal"])
        self.assertEqual(where["Seal"][0], 0)
        self.assertEqual({where[name][0] for name in ("S0", "S1", "S2")}, {1})
        self.assertEqual(len({rect for _page, rect in where.values()}), 4)
        full = signed(drawn(lines=56, words=6))
        with self.assertRaisesRegex(placement.PlacementRefused, "no room"):
            placement.place(full, wanted(9), keep_signed=True)
        plain = drawn()
        cleaned, _where = placement.place(plain, wanted(), keep_signed=True)
        self.assertEqual(cleaned, placement.place(plain, wanted())[0])

    def test_what_is_refused(self):
        encrypted = io.BytesIO()
        with pikepdf.open(io.BytesIO(drawn())) as pdf:
            pdf.save(encrypted, encryption=pikepdf.Encryption(owner="o", user=""))
        with pikepdf.open(io.BytesIO(drawn())) as pdf:
            value = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Sig))
            field = pikepdf.Dictionary(FT=pikepdf.Name.Sig, T="S", V=value)
            pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[pdf.make_indirect(field)])
            signed = io.BytesIO()
            pdf.save(signed)
        for pdf, why in (
            (b"", "cannot be read"),
            (b"hello", "cannot be read"),
            (encrypted.getvalue(), "encrypted"),
            (signed.getvalue(), "signed already"),
        ):
            with self.assertRaisesRegex(placement.PlacementRefused, why):
                placement.place(pdf, wanted(1))
        for huge in (Wanted("S0", "signature", 900, 60), Wanted("S0", "seal", 60, 900)):
            with self.assertRaisesRegex(placement.PlacementRefused, "larger than"):
                placement.place(drawn(), [huge])

    def test_nothing_hidden_stays_behind(self):
        """Earlier revisions and objects that nothing shows are dropped."""
        raw = drawn()
        hidden = raw + b"\n99 0 obj\n(secret amount)\nendobj\n"
        clean, _pages = placement.cleaned(hidden)
        self.assertNotIn(b"secret amount", clean)
