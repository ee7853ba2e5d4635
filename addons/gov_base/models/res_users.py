from odoo import models

_PLACES = {"active", "company_ids", "group_ids", "share"}


class ResUsers(models.Model):
    """Closing an account, or taking an administration from it, takes its rights on units at once."""

    _inherit = "res.users"

    def write(self, vals):
        result = super().write(vals)
        if _PLACES & vals.keys():
            self.env["gov.access"]._refresh(users=self)
        return result
