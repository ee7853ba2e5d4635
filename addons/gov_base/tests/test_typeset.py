import base64
import datetime
import hashlib
import io
import json

import pikepdf
import pypdfium2
from PIL import Image

from odoo.tests import TransactionCase, tagged

NUMBER = "2026/000142"
INSTANT = datetime.datetime(2026, 11, 22, 14, 0, 0)
BODY = """
<t t-name="gov_base.test_letter"><t t-call="gov_base.typeset_document">
    <h1 t-out="title" />
    <p class="big-number"><span class="num" t-out="number" /></p>
    <p id="ar" lang="ar" dir="rtl">سجلت تحت رقم <span class="num" t-out="number" /> في السجل</p>
    <p lang="fr" dir="ltr">Inscrit sous le n° <span class="num" t-out="number" /> au registre</p>
    <p lang="zgh" dir="ltr">ⵜⴰⵎⴰⵣⵉⵖⵜ <span class="num" t-out="number" /></p>
    <table class="facts">
        <tr><th scope="row">Name</th><td><bdi t-out="name" /></td></tr>
        <tr><th scope="row">Subject</th><td><bdi t-out="subject" /></td></tr>
    </table>
    <table class="grid">
        <thead><tr><th class="w5">No</th><th>Piece</th><th class="w40">SHA-256</th></tr></thead>
        <tbody><tr t-foreach="pieces" t-as="piece">
            <td><span class="num" t-out="piece_index + 1" /></td>
            <td><bdi t-out="piece[0]" /></td>
            <td><span class="hash" t-out="piece[1]" /></td>
        </tr></tbody>
    </table>
</t></t>
"""


class TypesetCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.ui.view"].create(
            {
                "type": "qweb",
                "name": "Test letter",
                "key": "gov_base.test_letter",
                "arch": BODY,
            }
        )
        cls.company = cls.env["res.company"].create(
            {"name": "Typeset", "gov_name": "Commune d'Agdal"}
        )
        cls.company.update_field_translations(
            "gov_name",
            {
                "ar_MA": "جماعة أكدال",
                "fr_FR": "Commune d'Agdal",
                "zgh": "ⵜⴰⴳⵔⴰⵡⵜ ⵏ ⴰⴳⴷⴰⵍ",
            },
        )

    def values(self, **values):
        return {
            "issuer": self.company._gov_identity(),
            "reference": f"n° {NUMBER}",
            "number": NUMBER,
            "name": "محمد بن علال",
            "subject": "Demande de permis",
            "pieces": [
                (f"pièce {index}.pdf", hashlib.sha256(b"%d" % index).hexdigest())
                for index in range(30)
            ],
            **values,
        }

    def render(self, lang="ar_MA", attachments=(), **values):
        return self.env["gov.typeset"]._render_pdf(
            "gov_base.test_letter",
            self.values(**values),
            lang=lang,
            title="وصل" if lang == "ar_MA" else "Receipt",
            date=INSTANT,
            attachments=attachments,
        )

    def pages(self, pdf):
        """Text pages, as a reader's search and copy see them."""
        document = pypdfium2.PdfDocument(pdf)
        return [page.get_textpage() for page in document]

    def text(self, pdf):
        return "\n".join(page.get_text_range() for page in self.pages(pdf))


@tagged("post_install", "-at_install", "alone")
class TestTypeset(TypesetCase):
    """Typesetting (B10): four scripts, numbers right, tagged, archivable, the same each time."""

    def test_numbers_run_left_to_right_in_every_direction(self):
        for lang in ("ar_MA", "fr_FR"):
            page = self.pages(self.render(lang))[0]
            text = page.get_text_range()
            self.assertGreaterEqual(text.count(NUMBER), 4, lang)
            start = -1
            while (start := text.find(NUMBER, start + 1)) >= 0:
                boxes = [
                    page.get_charbox(start + offset) for offset in range(len(NUMBER))
                ]
                lefts = [box[0] for box in boxes]
                self.assertEqual(lefts, sorted(lefts), "digits from left to right")
                self.assertAlmostEqual(
                    boxes[0][1], boxes[-1][1], delta=3, msg="on one line"
                )

    def test_arabic_sentence_surrounds_the_number_from_the_right(self):
        page = self.pages(self.render())[0]
        text = page.get_text_range()

        def left_of(word):
            searcher = page.search(word)
            found = searcher.get_next()
            self.assertTrue(found, f"{word} in {text}")
            return page.get_charbox(found[0])[0]

        self.assertGreater(left_of("رقم"), left_of("السجل"))

    def test_four_scripts_can_be_searched(self):
        text = self.text(self.render())
        for words in (
            "Inscrit sous le n",
            "ⵜⴰⵎⴰⵣⵉⵖⵜ",
            "Demande de permis",
            "Commune d'Agdal",
        ):
            self.assertIn(words, text)
        self.assertRegex(text, "محمد|دمحم")

    def test_tagged_archivable_titled(self):
        for lang, code in (
            ("ar_MA", "ar-MA"),
            ("fr_FR", "fr-FR"),
            ("zgh", "zgh"),
            ("en_US", "en-US"),
        ):
            with pikepdf.open(io.BytesIO(self.render(lang))) as pdf:
                self.assertEqual(str(pdf.Root.Lang), code)
                self.assertTrue(pdf.Root.MarkInfo.Marked)
                self.assertIn("/StructTreeRoot", pdf.Root)
                self.assertTrue(pdf.Root.ViewerPreferences.DisplayDocTitle)
                self.assertIn("/OutputIntents", pdf.Root)
                with pdf.open_metadata() as metadata:
                    self.assertEqual(metadata.get("pdfaid:part"), "3")
                    self.assertEqual(metadata.get("pdfaid:conformance"), "A")
                    self.assertEqual(
                        metadata.get("dc:title"),
                        "وصل" if lang == "ar_MA" else "Receipt",
                    )
                self.assertTrue(
                    str(pdf.docinfo.CreationDate).startswith("D:20261122140000")
                )

    def test_structure_names_headings_and_table_cells(self):
        with pikepdf.open(io.BytesIO(self.render())) as pdf:
            tags = {
                str(item.S)
                for item in pdf.objects
                if isinstance(item, pikepdf.Dictionary)
                and item.get("/Type") == "/StructElem"
            }
        self.assertLessEqual({"/H1", "/P", "/Table", "/TR", "/TH", "/TD"}, tags)

    def test_every_font_is_embedded(self):
        with pikepdf.open(io.BytesIO(self.render())) as pdf:
            descriptors = [
                item
                for item in pdf.objects
                if isinstance(item, pikepdf.Dictionary)
                and item.get("/Type") == "/FontDescriptor"
            ]
            names = {str(item.FontName).partition("+")[2] for item in descriptors}
            for item in descriptors:
                self.assertTrue(
                    {"/FontFile2", "/FontFile3"} & set(item.keys()), item.FontName
                )
        self.assertTrue(all(name.startswith("Noto-") for name in names), names)
        for family in ("Noto-Sans", "Noto-Naskh-Arabic", "Noto-Sans-Tifinagh"):
            self.assertTrue([name for name in names if name.startswith(family)], family)

    def test_long_table_repeats_its_heading_and_stays_inside_the_page(self):
        long_name = "x" * 300 + ".pdf"
        pdf = self.render(pieces=[(long_name, "f" * 64)] * 30)
        pages = self.pages(pdf)
        self.assertGreater(len(pages), 2)
        for page in pages:
            text = page.get_text_range()
            self.assertIn("SHA-256", text)
            boxes = [page.get_charbox(index) for index in range(page.count_chars())]
            self.assertLess(max(box[2] for box in boxes), 595)
            self.assertGreater(min(box[0] for box in boxes), 0)
        last = pages[-1].get_text_range()
        self.assertIn(f"{len(pages)} / {len(pages)}", last, "page n of N")

    def test_the_same_snapshot_gives_the_same_bytes(self):
        attachments = [("receipt.json", b'{"v":1}', "application/json", "Data", "Data")]
        first = self.render(attachments=attachments)
        self.render("fr_FR", subject="something else in between")
        self.assertEqual(self.render(attachments=attachments), first)
        self.assertNotEqual(
            self.render(attachments=attachments, subject="other"), first
        )

    def test_files_inside(self):
        content = json.dumps({"v": 1}).encode()
        pdf = self.render(
            attachments=[
                (
                    "receipt.json",
                    content,
                    "application/json",
                    "Data of the receipt",
                    "Data",
                ),
                ("رسالة.pdf", b"%PDF-1.7", "application/pdf", "Letter", "Source"),
            ]
        )
        with pikepdf.open(io.BytesIO(pdf)) as document:
            self.assertEqual(len(document.Root.AF), 2)
            found = {str(item.UF): item for item in document.Root.AF}
            receipt = found["receipt.json"]
            self.assertEqual(receipt.EF.F.read_bytes(), content)
            self.assertEqual(str(receipt.AFRelationship), "/Data")
            self.assertEqual(str(receipt.EF.F.Subtype), "/application/json")
            self.assertEqual(str(found["رسالة.pdf"].AFRelationship), "/Source")
            self.assertEqual(
                document.attachments["receipt.json"].get_file().read_bytes(), content
            )

    def test_two_files_of_the_same_content_keep_their_relationships(self):
        pdf = self.render(
            attachments=[
                ("a.txt", b"same", "text/plain", "", "Source"),
                ("b.txt", b"same", "text/plain", "", "Supplement"),
            ]
        )
        with pikepdf.open(io.BytesIO(pdf)) as document:
            kinds = {
                str(item.UF): str(item.AFRelationship) for item in document.Root.AF
            }
        self.assertEqual(kinds, {"a.txt": "/Source", "b.txt": "/Supplement"})

    def test_emblem_is_printed_with_its_name(self):
        for kind in ("PNG", "JPEG"):
            picture = io.BytesIO()
            Image.new("RGB", (40, 40), "red").save(picture, kind)
            self.company.gov_emblem = base64.b64encode(picture.getvalue())
            pdf = self.render(emblem=self.company._gov_emblem_uri())
            with pikepdf.open(io.BytesIO(pdf)) as document:
                figures = [
                    item
                    for item in document.objects
                    if isinstance(item, pikepdf.Dictionary)
                    and item.get("/S") == "/Figure"
                ]
                self.assertIn("Commune d'Agdal", str(figures[0].Alt), kind)

    def test_letterhead_has_arabic_right_and_french_left(self):
        for lang in ("ar_MA", "fr_FR"):
            page = self.pages(self.render(lang))[0]
            text = page.get_text_range()
            french = page.get_charbox(text.index("Commune"))[0]
            tamazight = page.get_charbox(text.index("ⵜⴰⴳⵔⴰⵡⵜ"))[0]
            arabic = page.get_charbox(page.search("أكدال").get_next()[0])[0]
            self.assertLess(french, tamazight)
            self.assertLess(tamazight, arabic)
