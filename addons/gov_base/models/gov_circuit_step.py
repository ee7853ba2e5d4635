from odoo import api, fields, models

KINDS = [("opinion", "Opinion"), ("visa", "Visa"), ("validation", "Validation")]
MODES = [
    ("all", "All of them"),
    ("any", "One of them"),
    ("quorum", "A number of them"),
]
RULES = [
    ("person", "Named persons"),
    ("group", "Everybody with a role"),
    ("office", "Holders of an office"),
    ("unit_head", "Head of a unit"),
    ("subject_unit_head", "Head of the unit of the document"),
    ("initiator_manager", "N+1 of the sender"),
    ("previous_manager", "N+1 of who acts before"),
    ("up_to", "N+1, N+2, … of the sender"),
    ("up_to_head", "N+1, N+2, … up to the head of a unit"),
    ("subject_user", "Person named in the document"),
    ("chosen", "Chosen by the sender"),
    ("platform", "Nobody: done by the application"),
]


class GovCircuitStep(models.Model):
    """A step of a circuit: what is done, by whom (a rule), in how many days. Steps of one rank run at the same time."""

    _name = "gov.circuit.step"
    _description = "Step of a circuit"
    _order = "rank, sequence, id"
    _check_company_auto = True

    circuit_id = fields.Many2one(
        "gov.circuit", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="circuit_id.company_id", store=True, index=True
    )
    rank = fields.Integer(
        "Order",
        default=1,
        required=True,
        help="Steps with the same number run at the same time.",
    )
    sequence = fields.Integer(default=10)
    name = fields.Char("Step", required=True, translate=True)
    kind = fields.Selection(KINDS, required=True, default="visa")
    mode = fields.Selection(
        MODES,
        "Who must act",
        required=True,
        default="all",
        help="When several persons answer the rule.",
    )
    actor_rule = fields.Selection(RULES, "Who", required=True, default="chosen")
    user_ids = fields.Many2many(
        "res.users",
        "gov_circuit_step_user_rel",
        "step_id",
        "user_id",
        string="Persons",
        check_company=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    group_id = fields.Many2one(
        "res.groups",
        "Role",
        ondelete="restrict",
        domain=lambda self: self._domain_group(),
    )
    unit_id = fields.Many2one(
        "hr.department",
        ondelete="restrict",
        check_company=True,
        domain="[('company_id', '=', company_id)]",
    )
    levels = fields.Integer(default=1, help="How many superiors, one after the other.")
    question = fields.Text(
        "Instruction",
        translate=True,
        help="What these persons are asked, shown to them with the step.",
    )
    deadline_days = fields.Integer(
        "Working days", help="Working days to act once the step opens."
    )

    _rank_positive = models.Constraint(
        "CHECK (rank > 0)", "The order of a step begins with 1."
    )
    _days_positive = models.Constraint(
        "CHECK (deadline_days >= 0)", "A number of days is not negative."
    )
    _levels_bounded = models.Constraint(
        "CHECK (levels BETWEEN 1 AND 9)", "Between 1 and 9 superiors."
    )

    @api.model
    def _domain_group(self):
        category = self.env.ref("gov_base.module_category_gov_base")
        return [("privilege_id.category_id", "=", category.id)]

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps.circuit_id._check_draft()
        return steps

    def write(self, vals):
        self.circuit_id._check_draft()
        result = super().write(vals)
        self.circuit_id._check_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self.circuit_id._check_draft()
