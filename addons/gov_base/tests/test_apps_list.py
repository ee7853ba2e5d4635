from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install", "alone")
class TestAppsList(TransactionCase):
    """The list of apps speaks the language of who reads it, also of what is not installed."""

    def test_cards_of_our_apps(self):
        modules = self.env["ir.module.module"]
        # In the developer's words, as before the first look at the files.
        app = modules.search([("name", "=", "gov_portal")])
        app.state = "uninstalled"
        english = app.shortdesc
        for code in ("fr_FR", "ar_MA"):
            app.with_context(lang=code).shortdesc = "?"
        modules._gov_translate_cards()
        names = {app.with_context(lang=code).shortdesc for code in ("fr_FR", "ar_MA")}
        self.assertEqual(len(names - {english, "?"}), 2, names)
        self.assertEqual(app.with_context(lang="en_US").shortdesc, english)
        summaries = {
            app.with_context(lang=code).summary for code in ("fr_FR", "ar_MA", "en_US")
        }
        self.assertEqual(len(summaries), 3)

    def test_the_list_is_updated_as_always(self):
        self.assertEqual(len(self.env["ir.module.module"].update_list()), 2)
