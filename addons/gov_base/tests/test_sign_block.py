import io

import pikepdf
import pypdfium2
from PIL import ImageOps

from odoo.tests import BaseCase, tagged

from ..lib import bidi, sign_block

URL = "https://maktab.example/verify/ABCDEFGHJKLMNPQR"
PERSON = {
    "name": "Mohammed Amine El Fassi Fihri",
    "quality": "Directeur des affaires administratives et financières",
    "formula": "P/ le Président et par délégation",
    "date_text": "22 novembre 2026 à 15:00:05 (Africa/Casablanca)",
    "reference": "2026/000142",
    "qr_url": URL,
    "lang": "fr_FR",
}
ARABIC = {
    "name": "محمد أمين الفاسي الفهري",
    "quality": "مدير الشؤون الإدارية والمالية",
    "formula": "عن الرئيس وبتفويض منه",
    "date_text": "22 نونبر 2026 على الساعة 15:00:05",
    "reference": "2026/000142",
    "qr_url": URL,
    "lang": "ar_001",
}


def text_of(pdf):
    page = pypdfium2.PdfDocument(pdf)[0]
    return " ".join(page.get_textpage().get_text_range().split())


def image_of(pdf, scale=4):
    return pypdfium2.PdfDocument(pdf)[0].render(scale=scale, grayscale=True).to_pil()


@tagged("standard", "alone")
class TestSignBlock(BaseCase):
    def test_a_person(self):
        text = text_of(sign_block.person_block(190, 72, **PERSON))
        for said in (
            *(PERSON["name"], "P/ le Président et par délégation", "Réf. 2026/000142"),
            *("22 novembre 2026 à 15:00:05", "Signé électroniquement"),
        ):
            self.assertIn(said, text)

    def test_a_person_in_arabic(self):
        """Letters joined and in the order the eye reads; figures as they are."""
        pdf = sign_block.person_block(190, 72, **ARABIC)
        page = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
        self.assertIn("2026/000142", page)
        self.assertIn("15:00:05", page)
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            fonts = {
                str(font.BaseFont) for font in opened.pages[0].Resources.Font.values()
            }
        self.assertTrue(any("NotoNaskhArabic" in name for name in fonts), fonts)
        self.assertEqual(
            bidi.shape("مرجع 2026/000142", "rtl").split()[0], "2026/000142"
        )

    def test_a_seal(self):
        text = text_of(
            sign_block.seal_block(
                190,
                72,
                number="2026/000142",
                date_text="22 novembre 2026",
                administration="Commune de Rabat",
                qr_url=URL,
                lang="fr",
            )
        )
        for said in ("N° 2026/000142", "Commune de Rabat", "Cachet électronique"):
            self.assertIn(said, text)

    def test_one_page_of_the_size_of_the_box_with_embedded_fonts(self):
        for size in ((190, 72), (110, 45), (300, 120)):
            for told in (PERSON, ARABIC):
                with pikepdf.open(
                    io.BytesIO(sign_block.person_block(*size, **told))
                ) as opened:
                    (page,) = opened.pages
                    self.assertEqual(
                        [float(n) for n in page.MediaBox], [0.0, 0.0, *map(float, size)]
                    )
                    for font in page.Resources.Font.values():
                        self.assertIn("/FontFile2", font.FontDescriptor)

    def test_the_same_input_gives_the_same_bytes(self):
        first, again = (sign_block.person_block(190, 72, **PERSON) for _i in range(2))
        self.assertEqual(first, again)

    def test_long_texts(self):
        """Nothing is drawn over the edge, however long the texts and small the box."""
        long = {
            **PERSON,
            "name": "Mohammed " * 12,
            "quality": "Chef du service de la voirie et des espaces verts " * 4,
            "date_text": PERSON["date_text"] * 2,
        }
        word = {**PERSON, "name": "M" * 120, "quality": "م" * 120, "qr_url": ""}
        for size in ((190, 72), (110, 45), (60, 30)):
            for told in (long, word, {**ARABIC, "quality": ARABIC["quality"] * 6}):
                pdf = sign_block.person_block(*size, **told)
                image = ImageOps.invert(image_of(pdf))
                wide, high = image.size
                # The frame is one point wide; between it and the text nothing is.
                for ring in (
                    (6, 7, 8, high - 7),
                    (wide - 8, 7, wide - 6, high - 7),
                    (7, 6, wide - 7, 8),
                    (7, high - 8, wide - 7, high - 6),
                ):
                    self.assertLess(image.crop(ring).getextrema()[1], 90, (size, ring))
        self.assertIn("…", text_of(sign_block.person_block(60, 30, **long)))

    def test_signed_data_that_would_be_too_fine(self):
        """The address alone is kept: the page it opens has the rest."""
        block = {**PERSON, "qr_url": f"{URL}#{'A' * 900}"}
        plain = sign_block.person_block(110, 45, **PERSON)
        self.assertEqual(sign_block.person_block(110, 45, **block), plain)
        self.assertNotEqual(
            sign_block.person_block(110, 45, **{**PERSON, "qr_url": ""}), plain
        )

    def test_other_languages_and_missing_words(self):
        told = {**PERSON, "lang": "zgh", "formula": "", "quality": "", "reference": ""}
        text = text_of(sign_block.person_block(190, 72, **told))
        self.assertIn("Signed electronically", text)
        self.assertNotIn("Ref.", text)
        sign_block.person_block(190, 72, **{**told, "name": "ⴰⵎⵉⵏⴰ", "lang": ""})
