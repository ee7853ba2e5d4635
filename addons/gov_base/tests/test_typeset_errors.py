import threading
from unittest.mock import patch

from markupsafe import Markup

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..lib import fonts, typeset
from ..models.gov_typeset import TypesetUnavailable
from .test_outbound import OutboundWatch
from .test_typeset import INSTANT, NUMBER, TypesetCase


@tagged("post_install", "-at_install", "alone")
class TestTypesetErrors(OutboundWatch, TypesetCase):
    """Typesetting (B10): hostile text, forbidden addresses, a machine without fonts."""

    def test_what_a_person_typed_is_never_markup(self):
        pdf = self.render(
            subject='<img src="http://evil.example/x.png"><b>x</b>',
            name="</td></table>",
        )
        text = self.text(pdf)
        self.assertIn(
            '<img src="http://evil.example/x.png"><b>x</b>', text.replace("\r\n", "")
        )
        self.assertIn("</td></table>", text)

    def test_nothing_is_fetched(self):
        for address in (
            "http://evil.example/x.png",
            "file:///etc/passwd",
            "//evil.example/x.png",
            "data:image/svg+xml;base64,PHN2Zy8+",
            "data:text/html,x",
        ):
            with self.subTest(address=address), self.watch() as asked:
                with self.assertRaises(typeset.TypesetError):
                    self.render(subject=Markup('<img alt="x" src="%s"/>') % address)
                self.assertEqual(asked, [])

    def test_a_style_may_not_fetch(self):
        head = Markup(
            "<style>body { background: url(http://evil.example/x.png) }</style>"
        )
        with self.watch() as asked, self.assertRaises(typeset.TypesetError):
            self.render(head=head)
        self.assertEqual(asked, [])

    def test_own_image_is_printed(self):
        pixel = bytes.fromhex(
            "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
            "0000000a49444154789c63680000008200812b52ca2f0000000049454e44ae426082"
        )
        pdf = self.render(
            subject=Markup('<img alt="x" src="%s"/>') % typeset.data_uri(pixel)
        )
        self.assertIn(b"/Image", pdf)

    def test_no_box_for_a_sign_that_no_font_has(self):
        with patch.object(fonts, "can_draw", lambda char: char != "漢"):
            text = self.text(self.render(subject="漢 ok"))
        self.assertIn("[U+6F22] ok", text)

    def test_control_and_direction_signs_go(self):
        text = self.text(self.render(subject="a\x00b\u202ecba\x1b"))
        self.assertIn("abcba", text)

    def test_missing_font_names_the_package(self):
        typeset._tools.cache_clear()
        fonts._available.cache_clear()
        self.addCleanup(fonts._available.cache_clear)
        with (
            patch.object(fonts, "_fc_list", lambda *arguments: []),
            mute_logger("odoo.addons.gov_base.models.gov_typeset"),
            self.assertRaisesRegex(TypesetUnavailable, "fonts-noto-core") as caught,
        ):
            self.render()
        self.assertIn("Noto Sans Tifinagh", str(caught.exception))
        self.assertTrue(
            self.render(), "works once the font is there, without a restart"
        )

    def test_fonts_are_found_without_fontconfig(self):
        self.addCleanup(fonts._available.cache_clear)
        fonts._available.cache_clear()
        with patch.object(fonts.shutil, "which", lambda program: None):
            self.assertEqual(fonts.missing(), [])

    def test_missing_program_says_what_to_install(self):
        typeset._tools.cache_clear()
        with (
            patch.dict("sys.modules", {"weasyprint": None}),
            mute_logger("odoo.addons.gov_base.models.gov_typeset"),
            self.assertRaisesRegex(TypesetUnavailable, "libpango"),
        ):
            self.render()

    def test_language_that_is_not_active(self):
        with self.assertRaisesRegex(UserError, "not active"):
            self.render("de_DE")

    def test_four_threads_at_once(self):
        html = (
            f'<html lang="ar" dir="rtl"><head><title>x</title></head><body><p>رقم {NUMBER}</p>'
            "</body></html>"
        )
        expected, results = typeset.render(html, INSTANT), []
        threads = [
            threading.Thread(
                target=lambda: results.append(typeset.render(html, INSTANT))
            )
            for _index in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(results, [expected] * 4)
