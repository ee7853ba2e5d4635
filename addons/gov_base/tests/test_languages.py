import datetime

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import format_date, formatLang


@tagged("post_install", "-at_install", "alone")
class TestLanguages(TransactionCase):
    """Languages (P14, M3): ar_MA, fr, zgh and en, with the addresses that the contract promises."""

    def lang(self, code):
        return (
            self.env["res.lang"]
            .with_context(active_test=False)
            .search([("code", "=", code)])
        )

    def set_aside(self, code):
        """Make a language inactive, as it is before the hook; a website may use it."""
        self.env.cr.execute(
            "UPDATE res_lang SET active = false WHERE code = %s", [code]
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def test_languages_and_their_addresses(self):
        languages = self.env["res.lang"]._gov_languages()
        self.assertEqual(languages.mapped("code"), ["ar_MA", "fr_FR", "zgh", "en_US"])
        self.assertEqual(languages.mapped("url_code"), ["ar", "fr", "zgh", "en"])
        self.assertEqual(languages.mapped("direction"), ["rtl", "ltr", "ltr", "ltr"])
        self.assertEqual(languages.mapped("active"), [True] * 4)

    def test_moroccan_arabic_has_western_digits(self):
        day = datetime.date(2026, 11, 22)
        self.assertEqual(format_date(self.env, day, lang_code="ar_MA"), "22/11/2026")
        long_form = format_date(
            self.env, day, lang_code="ar_MA", date_format="d MMMM y"
        )
        self.assertIn("2026", long_form)
        self.assertIn("22", long_form)
        self.assertIn("نو", long_form)
        amount = formatLang(self.env(context={"lang": "ar_MA"}), 1234567.5, digits=2)
        self.assertEqual(amount, "1\u00a0234\u00a0567,50")
        self.assertEqual(self.lang("ar_MA").week_start, "1")

    def test_tamazight_dates(self):
        day = datetime.date(2026, 11, 22)
        self.assertEqual(format_date(self.env, day, lang_code="zgh"), "22/11/2026")
        self.assertRegex(
            format_date(self.env, day, lang_code="zgh", date_format="MMMM"),
            "[\u2d30-\u2d7f]",
        )
        self.assertFalse(
            self.lang("zgh").flag_image_url, "no broken picture for a flag"
        )

    def test_terms_of_odoo_are_loaded(self):
        partner = self.env["ir.model"]._get("res.partner")
        self.assertRegex(partner.with_context(lang="ar_MA").name, "[\u0600-\u06ff]")
        mail = self.env.ref("mail.mt_comment")
        self.assertNotEqual(
            mail.with_context(lang="ar_MA").name, mail.with_context(lang="en_US").name
        )

    def test_running_again_changes_nothing(self):
        before = self.env["res.lang"]._gov_languages().read()
        self.env["res.lang"]._gov_ensure_languages()
        self.assertEqual(self.env["res.lang"]._gov_languages().read(), before)

    def test_choices_of_an_administrator_are_kept(self):
        self.lang("ar_MA").date_format = "%Y-%m-%d"
        self.env["res.lang"]._gov_ensure_languages()
        self.assertEqual(self.lang("ar_MA").date_format, "%Y-%m-%d")

    def test_a_row_that_exists_inactive_is_put_right(self):
        zgh = self.lang("zgh")
        self.set_aside("zgh")
        zgh.write(
            {
                "direction": "rtl",
                "url_code": "tamazight",
                "week_start": "7",
            }
        )
        self.env["res.lang"]._gov_ensure_languages()
        self.assertTrue(zgh.active)
        self.assertEqual(
            (zgh.url_code, zgh.direction, zgh.week_start, zgh.date_format),
            ("zgh", "ltr", "1", "%d/%m/%Y"),
        )

    def test_a_missing_row_is_made(self):
        self.set_aside("zgh")
        self.lang("zgh").unlink()
        self.env["res.lang"]._gov_ensure_languages()
        self.assertEqual(self.lang("zgh").name, "ⵜⴰⵎⴰⵣⵉⵖⵜ")
        self.assertEqual(self.lang("zgh").url_code, "zgh")

    def test_the_address_prefix_is_taken_back_from_another_arabic(self):
        self.lang("ar_MA").url_code = "ar_MA"
        self.lang("ar_001").url_code = "ar"
        self.env["res.lang"]._gov_ensure_languages()
        self.assertEqual(self.lang("ar_MA").url_code, "ar")
        self.assertEqual(self.lang("ar_001").url_code, "ar_001")
        self.lang("ar_001").active = True
        self.assertEqual(
            self.lang("ar_MA").url_code, "ar", "activating it takes nothing back"
        )

    def test_a_name_that_is_taken_is_no_obstacle(self):
        self.set_aside("zgh")
        self.lang("zgh").unlink()
        self.lang("ar_001").name = "ⵜⴰⵎⴰⵣⵉⵖⵜ"
        self.env["res.lang"]._gov_ensure_languages()
        self.assertEqual(self.lang("zgh").name, "ⵜⴰⵎⴰⵣⵉⵖⵜ (2)")
