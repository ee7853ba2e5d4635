from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib.text import clean_line


class HrDepartment(models.Model):
    """A unit of an administration: direction, service, office."""

    _name = "hr.department"
    # hr.mixin lets who may edit a unit choose deputies without reading personnel files
    _inherit = ["hr.department", "hr.mixin", "gov.remembered"]

    gov_code = fields.Char("Official code", copy=False)
    gov_address = fields.Text("Address", translate=True)
    gov_phone = fields.Char("Phone")
    gov_email = fields.Char("E-mail")
    gov_hours = fields.Text("Opening hours", translate=True)
    gov_deputy_ids = fields.Many2many(
        "hr.employee",
        "gov_department_deputy_rel",
        "department_id",
        "employee_id",
        string="Deputies",
        check_company=True,
        help="They stand in for the head of the unit.",
    )

    _gov_code_uniq = models.UniqueIndex(
        "(company_id, gov_code) WHERE gov_code IS NOT NULL",
        "Another unit of this administration already has this code: check the code.",
    )

    @api.constrains("manager_id", "gov_deputy_ids", "company_id")
    def _check_gov_people(self):
        # hr keeps personnel files from who edits units: only the company of people is read here
        for unit_sudo in self.sudo():
            people_sudo = unit_sudo.manager_id | unit_sudo.gov_deputy_ids
            strangers_sudo = people_sudo.filtered(
                lambda person, unit=unit_sudo: (
                    unit.company_id
                    and person.company_id
                    and person.company_id != unit.company_id
                )
            )
            if strangers_sudo:
                raise ValidationError(
                    self.env._(
                        "%(names)s cannot be head or deputy in %(unit)s: they work for "
                        "another administration. Choose somebody of this one.",
                        names=", ".join(strangers_sudo.mapped("name")),
                        unit=unit_sudo.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._gov_clean_vals(vals) for vals in vals_list])

    def write(self, vals):
        result = super().write(self._gov_clean_vals(vals))
        if "company_id" in vals:
            # rules are checked before a change: nobody hands a unit to a company he may not change
            self.check_access("write")
        return result

    def _update_employee_manager(self, manager_id):
        if not self.env.user.has_group("gov_base.group_gov_base_admin"):
            return super()._update_employee_manager(manager_id)
        # A new head of a unit becomes the N+1 of its people. The functional admin names the head
        # without having access to personnel files; his right to write the unit is checked first.
        self.check_access("write")
        department_sudo = self.sudo()
        return super(HrDepartment, department_sudo)._update_employee_manager(manager_id)

    @api.model
    def _gov_clean_vals(self, vals):
        """Values with clean single lines; what is blank counts as not given."""
        cleaned = {
            name: clean_line(vals[name]) or False
            for name in ("gov_code", "gov_phone", "gov_email")
            if name in vals
        }
        return {**vals, **cleaned} if cleaned else vals
