from odoo import api, models

#: what an absence follows
FOLLOWED = {
    "state",
    "employee_id",
    "request_date_from",
    "request_date_to",
    "date_from",
    "date_to",
    "request_unit_half",
    "request_unit_hours",
}


class HrLeave(models.Model):
    """Approved, it proposes an absence; refused, cancelled or moved, the absence follows."""

    _inherit = "hr.leave"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._gov_follow()
        return leaves

    def write(self, vals):
        result = super().write(vals)
        if FOLLOWED & vals.keys():
            self._gov_follow()
        return result

    def unlink(self):
        self._gov_absences()._gov_withdraw()
        return super().unlink()

    def _gov_absences(self):
        # Absences of people of an administration follow their time off, whoever approves it.
        absences_sudo = self.env["gov.absence"].sudo()
        return absences_sudo.search(
            [("leave_id", "in", self.ids), ("state", "!=", "cancelled")]
        )

    def _gov_wanted(self):
        """Tell whether somebody has to stand in: whole days, approved, of a person with an account."""
        self.ensure_one()
        # Whoever approves a time off reads it; only its days are taken.
        leave_sudo = self.sudo()
        employee = leave_sudo.employee_id
        whole = not (leave_sudo.request_unit_hours or leave_sudo.request_unit_half)
        if leave_sudo.state != "validate" or not leave_sudo.request_date_to:
            return False
        company = employee.company_id
        present = self.env["gov.access"]._present(employee.user_id, company)
        today = self.env["gov.absence"]._today(company) if company else None
        return bool(present and whole and leave_sudo.request_date_to >= today)

    def _gov_follow(self):
        """Propose, move or withdraw the absences of these time off."""
        known = {absence.leave_id.id: absence for absence in self._gov_absences()}
        for leave in self:
            absence = known.get(leave.id)
            if not leave._gov_wanted():
                if absence:
                    absence._gov_withdraw()
                continue
            # Only days and person are taken from a time off its approver reads.
            leave_sudo = leave.sudo()
            employee = leave_sudo.employee_id
            first, last = leave_sudo.request_date_from, leave_sudo.request_date_to
            if not absence:
                self.env["gov.absence"]._propose(
                    employee.user_id,
                    employee.company_id,
                    first,
                    last,
                    leave_id=leave.id,
                )
            elif (absence.date_from, absence.date_to) != (first, last):
                absence._gov_move(first, last)
