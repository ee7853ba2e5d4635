from odoo import api, models


class Website(models.Model):
    """Every website serves the languages of the administration."""

    _inherit = "website"

    @api.model_create_multi
    def create(self, vals_list):
        websites = super().create(vals_list)
        websites._gov_set_languages()
        return websites

    def _gov_set_languages(self):
        """Offer every active language; the default language is left as it is."""
        languages = self.env["res.lang"].search([("active", "=", True)])
        for website in self:
            website.language_ids |= languages
