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

    desk_remind_before = fields.Integer(
        string="First reminder",
        default=2,
        aggregator=None,
        help="Working days before the due date of a stage; 0: none.",
    )
    desk_remind_after = fields.Integer(
        string="Second reminder",
        default=1,
        aggregator=None,
        help="Working days after the due date of a stage; 0: none.",
    )
    desk_escalate_after = fields.Integer(
        string="Superior told",
        default=3,
        aggregator=None,
        help="Working days after the due date of a stage, when the head above is told; "
        "0: never.",
    )

    _desk_remind_bounds = models.Constraint(
        "CHECK(desk_remind_before BETWEEN 0 AND 250 AND desk_remind_after BETWEEN 0 AND 250 "
        "AND desk_escalate_after BETWEEN 0 AND 250)",
        "Reminders are counted from 0 to 250 working days.",
    )

    desk_mailing_numbering = fields.Selection(
        [
            ("choice", "The author chooses"),
            ("one", "One number for all"),
            ("each", "One number per recipient"),
        ],
        string="Letters to many",
        default="choice",
        required=True,
        help="One number: everybody gets the same letter, signed once. One per recipient: "
        "each gets a letter of his own, with his name in the text.",
    )

    _desk_days_positive = models.Constraint(
        "CHECK(desk_days >= 0)", "The number of days to treat cannot be negative."
    )

    def _desk_arrival_unit(self):
        """Return the unit where letters of this office arrive, or none."""
        self.ensure_one()
        return self.desk_unit_id or self.unit_id
