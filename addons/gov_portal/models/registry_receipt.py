from odoo import models


class RegistryReceipt(models.Model):
    _inherit = "registry.receipt"

    def _tracking_url(self):
        """Where the depositor follows the letter: the page, never a secret."""
        return f"{self._base_url()}/track"
