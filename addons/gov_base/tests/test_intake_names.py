import unicodedata

from odoo.tests import BaseCase, tagged

from ..lib.intake import Refusal, clean_name
from ..lib.intake.names import extension_of, kept_name


@tagged("alone", "standard", "at_install")
class TestIntakeNames(BaseCase):
    """U-06: a name is shown, never used; what is shown is short and says what it is."""

    def test_shown_names(self):
        cases = {
            "letter.pdf": "letter.pdf",
            "Letter.PDF": "Letter.pdf",
            "رسالة إلى الرئيس.pdf": "رسالة إلى الرئيس.pdf",
            "ⵜⴰⴱⵔⴰⵜ.pdf": "ⵜⴰⴱⵔⴰⵜ.pdf",
            "Décision n° 12.06.2026.pdf": "Décision n° 12.06.2026.pdf",
            "../../etc/passwd.pdf": "passwd.pdf",
            "..\\..\\boot.pdf": "boot.pdf",
            "C:\\Users\\me\\scan.pdf": "scan.pdf",
            "/etc/shadow.pdf": "shadow.pdf",
            "a.pdf.": "a.pdf",
            "a.pdf ": "a.pdf",
            "a.pdf. . .": "a.pdf",
            ".pdf": "document.pdf",
            "....pdf": "document.pdf",
            "CON.pdf": "_CON.pdf",
            "com1.pdf": "_com1.pdf",
            "LPT9.tar.pdf": "_LPT9.tar.pdf",
            "a\x00b.pdf": "ab.pdf",
            "a\r\nSet-Cookie: x.pdf": "aSet-Cookie_ x.pdf",
            'a"b<c>|d?*.pdf': "a_b_c__d__.pdf",
            "re\u202efdp.pdf": "refdp.pdf",
            "\u200f\u2067name\u2069.pdf": "name.pdf",
            "a\u2028b.pdf": "a b.pdf",
            "a\ud800b.pdf": "a_b.pdf",
            "%2e%2e%2fx.pdf": "x.pdf",
            "e\u0301te.pdf": "éte.pdf",
        }
        for name, shown in cases.items():
            with self.subTest(name=ascii(name)):
                self.assertEqual(clean_name(name, "pdf"), shown)

    def test_long_names_are_cut_and_keep_their_extension(self):
        for name in (
            "x" * 300 + ".pdf",
            "م" * 300 + ".pdf",
            "ⵜ" * 300 + ".pdf",
            "\U0001f600" * 300 + ".pdf",
            "x" * 10**6,
        ):
            with self.subTest(name=ascii(name[:1])):
                shown = clean_name(name, "pdf")
                self.assertLessEqual(len(shown), 80)
                self.assertLessEqual(len(shown.encode()), 200)
                self.assertTrue(shown.endswith(".pdf"))

    def test_stacked_marks_are_bounded(self):
        shown = clean_name("a" + "\u0301" * 50 + ".pdf", "pdf")
        self.assertLessEqual(sum(unicodedata.combining(char) > 0 for char in shown), 3)

    def test_nothing_unprintable_is_ever_shown(self):
        for code in [
            *range(0, 0x2100),
            0x2E2E,
            0xFEFF,
            0xFFFD,
            0xE000,
            0xD800,
            0xE0001,
            0x1F600,
        ]:
            shown = clean_name(f"a{chr(code)}b.pdf", "pdf")
            self.assertTrue(shown.endswith("b.pdf"), f"U+{code:04X}")
            for char in shown:
                category = unicodedata.category(char)
                self.assertFalse(
                    category in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp"), f"U+{code:04X}"
                )
                self.assertNotIn(char, '/\\<>:"|?*\u202e')

    def test_the_last_extension_decides(self):
        cases = {
            "a.pdf": "pdf",
            "a.PDF": "pdf",
            "a.pdf. ": "pdf",
            "a.ｐｄｆ": "pdf",  # full width letters are letters
            "a.b.pdf": "pdf",
            "letter.docx.pdf": "pdf",
            "exe.pdf": "pdf",
            ".pdf": "pdf",
            "gpj.\u202efdp.exe": "exe",
            ".htaccess": "htaccess",
            "letter": "",
            "": "",
            None: "",
            "folder.pdf/letter": "",
        }
        for name, extension in cases.items():
            with self.subTest(name=ascii(name)):
                self.assertEqual(extension_of(name), extension)

    def test_a_second_extension_is_refused(self):
        for name in (
            "a.pdf.exe",
            "a.docx.scr",
            "a.exe.pdf",
            "a.php.jpg",
            "a.php%00.pdf",
            "a.php\x00.pdf",
            "a.PHP5.pdf",
            "a.p\u200bhp.pdf",
            "a.html.pdf",
            "a.js.txt",
            "x.pdf.lnk",
        ):
            with self.subTest(name=ascii(name)):
                with self.assertRaises(Refusal) as caught:
                    extension_of(name)
                self.assertEqual(caught.exception.code, "double_extension")

    def test_the_name_as_it_came_can_be_stored(self):
        kept = kept_name("a\x00\ud800\u202e" + "x" * 400)
        self.assertEqual(len(kept), 255)
        self.assertNotIn("\x00", kept)
        kept.encode("utf-8")
