from datetime import timedelta

from odoo import api, fields, models


class GovAnchor(models.Model):
    """Authorities from outside end too: trust officers are told in time."""

    _inherit = "gov.anchor"

    @api.model
    def _expiring(self, days):
        """Authorities in force whose certificate, or trust here, ends within ``days``."""
        # The task looks at every administration.
        anchors_sudo = self.sudo()
        limit = fields.Datetime.now() + timedelta(days=days)
        return anchors_sudo.search([("state", "=", "enabled")]).filtered(
            lambda anchor: anchor._expiry_end() <= limit
        )

    def _expiry_end(self):
        self.ensure_one()
        return min(filter(None, (self.not_after, self.until)))
