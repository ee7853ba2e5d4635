from odoo import fields, models


class RegistryOffice(models.Model):
    """Where letters of an office arrive at the desk."""

    _inherit = "registry.office"

    desk_unit_id = fields.Many2one(
        "hr.department",
        string="Letters arrive at",
        check_company=True,
        index="btree_not_null",
        help="Unit that dispatches what names no unit. Empty: the unit that answers for "
        "the office.",
    )
    desk_instruction_id = fields.Many2one(
        "desk.instruction",
        string="Usual instruction",
        check_company=True,
        help="Proposed when a letter of this office is dispatched.",
    )
    desk_days = fields.Integer(
        string="Days to treat",
        help="Due date of a letter that says nothing else; 0 sets none.",
    )

    _desk_days_positive = models.Constraint(
        "CHECK(desk_days >= 0)", "The number of days to treat cannot be negative."
    )

    def _desk_arrival_unit(self):
        """Return the unit where letters of this office arrive, or none."""
        self.ensure_one()
        return self.desk_unit_id or self.unit_id
