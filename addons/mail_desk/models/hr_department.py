from odoo import models


class HrDepartment(models.Model):
    """A unit, as the journal names it."""

    _inherit = "hr.department"

    def _desk_code(self):
        """Return the code of this unit for the journal: nothing about a person."""
        return self.gov_code or (f"#{self.id}" if self else None)
