from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        if "name" in vals:
            # Names of actors are kept in memory: see gov.journal._actor_name.
            self.env.registry.clear_cache()
        return result
