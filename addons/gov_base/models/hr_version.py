from odoo import api, models

_PLACES = {"department_id", "date_version", "active", "employee_id"}


class HrVersion(models.Model):
    """The unit of a person is kept in the dated versions of his staff file."""

    _inherit = "hr.version"

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        versions.employee_id._gov_refresh_access()
        return versions

    def write(self, vals):
        before = self.employee_id if _PLACES & vals.keys() else None
        result = super().write(vals)
        if before is not None:
            (before | self.employee_id)._gov_refresh_access()
        return result

    def unlink(self):
        employees = self.employee_id
        result = super().unlink()
        employees.exists()._gov_refresh_access()
        return result
