from odoo import models


class ResourceResource(models.Model):
    """Account and archiving of a staff file are columns of its resource."""

    _inherit = "resource.resource"

    def write(self, vals):
        touched = {"user_id", "active", "company_id"} & vals.keys()
        before = self.user_id if touched else None
        result = super().write(vals)
        if before is not None:
            self.env["hr.employee"]._gov_refresh_access(before | self.user_id)
        return result
