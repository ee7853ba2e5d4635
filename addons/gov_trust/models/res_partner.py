from odoo import models

from .res_users import CERTIFIED


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        if not self.env.su and set(CERTIFIED) & vals.keys():
            # Stock lets whoever manages contacts change his own name here.
            users = self.env["res.users"].browse(self.env.uid)
            if self.env.user.partner_id in self:
                users.check_access("write")
        result = super().write(vals)
        if "name" in vals:
            # Names of actors are kept in memory: see gov.journal._actor_name.
            self.env.registry.clear_cache()
        return result
