from odoo.tests import BaseCase, tagged

from ..lib import digits, text


@tagged("standard", "alone")
class TestText(BaseCase):
    """What people type (R3, P14): digits of any script, and signs that nobody sees."""

    def test_digits_of_every_keyboard(self):
        self.assertEqual(digits.to_ascii("٢٠٢٦/۰۰۰۱۴۲ و１２"), "2026/000142 و12")
        self.assertEqual(digits.to_ascii("abc"), "abc")
        self.assertEqual(digits.only("+٢١٢ (0) 6-61"), "2120661")
        self.assertEqual(
            digits.only("²½"), "", "only decimal digits are digits of a number"
        )

    def test_one_line(self):
        self.assertEqual(
            text.clean_line("  Ben\u00a0 Allal\r\n\tMohamed "), "Ben Allal Mohamed"
        )
        self.assertEqual(
            text.clean_line("re\u0301gion"), "r\u00e9gion", "Unicode form NFC"
        )
        self.assertEqual(text.clean_line("محمد بن علال"), "محمد بن علال")
        self.assertEqual(
            text.clean_line("علی\u200cرضا"), "علی\u200cرضا", "a joiner shapes letters"
        )

    def test_nothing_visible_is_missing(self):
        invisible = (
            None,
            False,
            "",
            "   ",
            "\u200b\u200e",
            "\u3164",
            "\u2800",
            "\u200d",
            "\x00\x07",
            "\ufeff",
            "\u0301",
            "\U000e0041",
        )
        for value in invisible:
            with self.subTest(value=ascii(value)):
                self.assertEqual(text.clean_line(value), "")
                self.assertTrue(text.is_blank(value))
        self.assertFalse(text.is_blank("0"))

    def test_reading_order_cannot_be_turned(self):
        self.assertEqual(text.clean_line("fdp\u202e.txt"), "fdp.txt")
        self.assertEqual(text.strip_bidi_controls("a\u2067b\u2069c\u200f"), "abc\u200f")

    def test_limit_and_towers_of_marks(self):
        self.assertEqual(text.clean_line("x" * 300, 240), "x" * 240)
        self.assertEqual(
            text.clean_line("ab cd", 3), "ab", "no blank is left at the end"
        )
        tower = text.clean_line("z" + "\u0336" * 500)
        self.assertLessEqual(len(tower), 7)

    def test_block_keeps_its_lines(self):
        self.assertEqual(
            text.clean_block("a \r\nb\u2028\n\n\n\nc\u200b\n"), "a\nb\n\nc"
        )
        self.assertEqual(text.clean_block(" \n\u200b\n"), "")
        self.assertEqual(text.clean_block("abc\ndef", 5), "abc\nd")

    def test_cleaning_twice_changes_nothing(self):
        for value in (
            "  a\u202eb ",
            "e\u0301\u200d",
            "\u200d a \u2800 b",
            "لا\u200f إله",
            "a\u0300" * 9,
        ):
            once = text.clean_line(value)
            self.assertEqual(text.clean_line(once), once)
