from odoo.tests import BaseCase, tagged

from odoo.addons.digital_registry.lib import content, masking, pattern, words

FIXED = {"office": "AGDAL", "register": "IN", "direction": "IN"}


@tagged("standard", "at_install", "alone")
class TestPattern(BaseCase):
    def test_preview(self):
        for text, expected in (
            ("{year}/{number:06d}", "2026/000142"),
            ("{number}", "142"),
            (
                "{office}-{register}-{direction}/{year}/{number:03d}",
                "AGDAL-IN-IN/2026/142",
            ),
            ("رقم {number:06d} لسنة {year}", "رقم 000142 لسنة 2026"),
            ("ⵓⵟⵟⵓⵏ {year}/{number:04d}", "ⵓⵟⵟⵓⵏ 2026/0142"),
        ):
            found = pattern.preview(text, year=2026, number=142, **FIXED)
            self.assertEqual(found, expected)

    def test_compiled_is_what_the_sequencer_reads(self):
        from odoo.addons.gov_trust.lib.journal_leaf import format_number

        for text in (
            "{year}/{number:06d}",
            "{office}/{number}",
            "م {number:09d}/{year}",
        ):
            compiled = pattern.compile_format(text, **FIXED)
            self.assertEqual(
                format_number(compiled, year=2027, number=31),
                pattern.preview(text, year=2027, number=31, **FIXED),
            )

    def test_refused(self):
        for text, code in (
            ("", "empty"),
            ("   ", "empty"),
            ("x" * 65 + "{number}", "long"),
            (" {number}", "control"),
            ("{number}\n", "control"),
            ("{number}\u202e", "control"),
            ("{number", "brace"),
            ("number}", "brace"),
            ("{}{number}", "token"),
            ("{numbre}", "token"),
            ("{number:6d}", "token"),
            ("{number:00d}", "token"),
            ("{year!r}{number}", "token"),
            ("{year.__class__}{number}", "token"),
            ("{year}", "number"),
            ("{number}{number:03d}", "twice"),
        ):
            with self.assertRaises(pattern.PatternError, msg=text) as caught:
                pattern.check(text)
            self.assertEqual(caught.exception.code, code, text)

    def test_slug(self):
        self.assertEqual(pattern.slug("RBT-T", "Agdal 1", "IN"), "rbt-t-agdal-1-in")
        self.assertEqual(pattern.slug("جماعة", "é"), "e")

    def test_masking(self):
        self.assertEqual(masking.mask_email("mohamed@example.ma"), "m•••@example.ma")
        self.assertEqual(masking.mask_email("garbage"), "•••")
        self.assertEqual(masking.mask_email(""), "")
        self.assertEqual(masking.mask_phone("+212 6 12 34 56 78"), "•••678")
        self.assertEqual(masking.mask_identifier("AB123456"), "•••3456")
        self.assertEqual(masking.mask_identifier("AB1"), "•••")

    def test_words_complete(self):
        for key, texts in words._WORDS.items():
            self.assertEqual(len(texts), len(words.LANGUAGES), key)
            self.assertTrue(all(text.strip() for text in texts), key)
        self.assertEqual(words.pair("zgh", True), ("fr", "ar"))
        self.assertEqual(words.pair("en", True), ("en", "fr"))
        self.assertEqual(words.pair("ar", False), ("ar",))

    def test_salted(self):
        from odoo.addons.gov_trust.lib.canonical import canonical
        from odoo.addons.gov_trust.lib.journal_leaf import salted_digest

        salts, digests = content.salt_values({"name": "محمد"}, canonical)
        self.assertEqual(len(bytes.fromhex(salts["name"])), 16)
        expected = salted_digest(bytes.fromhex(salts["name"]), "محمد")
        self.assertEqual(digests["name"], expected)
        again, _digests = content.salt_values({"name": "محمد"}, canonical)
        self.assertNotEqual(again, salts)
