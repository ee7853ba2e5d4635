from odoo import api, models

#: what gov.access reads of a staff file
_PLACES = {
    "user_id",
    "department_id",
    "company_id",
    "active",
    "resource_id",
    "version_id",
    "version_ids",
    "current_version_id",
}
#: in the context of our own calls only: a plain object cannot come by RPC
LATER = object()


class HrEmployee(models.Model):
    """Rights follow the staff files: who moves, leaves or arrives gains and loses them at once."""

    _inherit = "hr.employee"

    @api.model_create_multi
    def create(self, vals_list):
        # The staff file and its version are made in several steps: rights follow once, after the last.
        employees = super(HrEmployee, self._gov_access_later()).create(vals_list)
        employees = employees.with_env(self.env)
        employees._gov_refresh_access()
        return employees

    def write(self, vals):
        if not _PLACES & vals.keys():
            return super().write(vals)
        before = self.user_id
        result = super(HrEmployee, self._gov_access_later()).write(vals)
        self._gov_refresh_access(before)
        return result

    def unlink(self):
        users = self.user_id
        result = super().unlink()
        self.env["gov.access"]._refresh(users=users)
        return result

    def _gov_access_later(self):
        return self.with_context(gov_access_later=LATER)

    def _gov_refresh_access(self, users=None):
        if self.env.context.get("gov_access_later") is LATER:
            return
        users = self.user_id | (users or self.env["res.users"])
        self.env["gov.access"]._refresh(users=users)

    def _cron_update_current_version_id(self):
        """A version of a staff file may start today: it may be another unit."""
        result = super()._cron_update_current_version_id()
        self.env["gov.access"]._refresh()
        return result
