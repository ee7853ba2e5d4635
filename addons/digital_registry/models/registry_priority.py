from odoo import fields, models


class RegistryPriority(models.Model):
    """How fast a letter is to be answered."""

    _name = "registry.priority"
    _description = "Priority of letters"
    _inherit = ["registry.classification.mixin"]
    _check_company_auto = True
    _letter_field = "priority_id"

    days = fields.Integer(
        string="Days to answer",
        default=30,
        aggregator=None,
        help="Calendar days that the administration sets itself; it is no legal "
        "deadline. 0: none.",
    )
    color = fields.Integer(aggregator=None)
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: the starting list of the platform, for everybody.",
    )

    _days_positive = models.Constraint(
        "CHECK(days >= 0)", "The number of days to answer cannot be negative."
    )
