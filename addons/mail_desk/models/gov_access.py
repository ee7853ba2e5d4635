from odoo import api, models


class GovAccess(models.Model):
    """A person who moves gains and loses letters in the same transaction."""

    _inherit = "gov.access"

    @api.model
    def _refresh_substitutes(self, companies):
        # The last step of every change of who works where.
        super()._refresh_substitutes(companies)
        self.env["registry.letter"].invalidate_model(
            ["desk_with_me", "desk_readable"], flush=False
        )
        return None
