from odoo import api, fields, models

#: what gov.access reads of a unit
_PLACES = {"manager_id", "gov_deputy_ids", "parent_id", "company_id", "active"}


class HrDepartment(models.Model):
    """Rights follow the units: a new head, deputy or place takes effect at once."""

    _inherit = "hr.department"

    gov_access_ids = fields.One2many(
        "gov.access", "unit_id", string="Who works here", readonly=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        units = super().create(vals_list)
        units._gov_refresh_access()
        return units

    def write(self, vals):
        # The administration it leaves loses rights too.
        before = self.company_id if _PLACES & vals.keys() else None
        result = super().write(vals)
        if before is not None:
            self._gov_refresh_access(before)
        return result

    def unlink(self):
        companies = self.company_id
        result = super().unlink()
        self.env["gov.access"]._refresh(companies=companies)
        return result

    def _gov_refresh_access(self, companies=None):
        companies = self.company_id | (companies or self.env["res.company"])
        self.env["gov.access"]._refresh(companies=companies)
