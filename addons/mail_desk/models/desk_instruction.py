from odoo import fields, models


class DeskInstruction(models.Model):
    """What is asked of the unit that gets a letter: “pour attribution”, “pour avis”…"""

    _name = "desk.instruction"
    _description = "Instruction"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        index=True,
        help="Empty: offered to every administration.",
    )
    days = fields.Integer(
        string="Working days to act",
        help="Proposes the due date when a letter is dispatched, counted in working days "
        "of the administration; 0 proposes none.",
    )
    expects_reply = fields.Boolean(
        string="Expects a reply",
        help="The agent is told to answer the letter; otherwise to take note of it.",
    )
    active = fields.Boolean(default=True)

    _days_positive = models.Constraint(
        "CHECK(days >= 0)", "The number of days to act cannot be negative."
    )

    def write(self, vals):
        result = super().write(vals)
        if "company_id" in vals:
            # Rules are checked before a change: nobody hands an instruction to an administration he may
            # not change.
            self.check_access("write")
        return result
