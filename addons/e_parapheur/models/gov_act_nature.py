from odoo import models


class GovActNature(models.Model):
    """A nature that delegations name, and that natures of the signature book refer to."""

    _inherit = "gov.act.nature"

    def _ensure_code(self):
        """Give a code to those that have none: it is what a delegation is asked for."""
        for nature in self:
            if not nature.code:
                # The code is the platform's: whoever described the nature was checked.
                nature_sudo = nature.sudo()
                nature_sudo.code = f"act-{nature.id}"
