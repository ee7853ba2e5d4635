from odoo import fields, models


class HrDepartment(models.Model):
    """A unit, as the journal names it, and whether it still works on paper."""

    _inherit = "hr.department"

    desk_on_paper = fields.Boolean(
        string="Works on paper",
        help="A slip is prepared for each letter that is dispatched to this unit; what comes "
        "back is scanned.",
    )

    def _desk_code(self):
        """Return the code of this unit for the journal: nothing about a person."""
        return self.gov_code or (f"#{self.id}" if self else None)
