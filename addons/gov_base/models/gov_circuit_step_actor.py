from odoo import api, fields, models


class GovCircuitStep(models.Model):
    """More ways to say who acts: an office, a person of the document, how many must agree, who takes the place of whom."""

    _inherit = "gov.circuit.step"

    job_id = fields.Many2one(
        "hr.job",
        "Office",
        ondelete="restrict",
        check_company=True,
        domain="[('company_id', 'in', (company_id, False))]",
        help="A function, whoever holds it on the day the circuit starts.",
    )
    subject_field = fields.Char(
        "Field of the document", help="The field that names the person who acts."
    )
    quorum = fields.Integer(
        "How many must agree",
        default=1,
        help="The step ends as soon as it is decided. A refusal is a vote against.",
    )
    chair_id = fields.Many2one(
        "res.users",
        "President",
        ondelete="restrict",
        check_company=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="One of those who act. His vote prevails when agreements and refusals are equal.",
    )
    replacement_ids = fields.One2many(
        "gov.circuit.replacement",
        "step_id",
        string="Replacements",
        copy=True,
        help="Who takes the place of a person that withdraws, the first of the list first.",
    )
    actor_text = fields.Char("Who acts", compute="_compute_actor_text")

    _quorum_bounded = models.Constraint(
        "CHECK (quorum BETWEEN 1 AND 50)", "Between 1 and 50 persons must agree."
    )

    @api.depends(
        "actor_rule",
        "user_ids",
        "group_id",
        "unit_id",
        "levels",
        "job_id",
        "subject_field",
        "circuit_id.subject_model",
    )
    @api.depends_context("lang")
    def _compute_actor_text(self):
        rules = dict(self._fields["actor_rule"]._description_selection(self.env))
        for step in self:
            text = rules.get(step.actor_rule, "")
            names = step._actor_names()
            step.actor_text = f"{text}: {names}" if names else text

    def _actor_names(self):
        """What the rule names: persons, a role, a unit, an office, a field."""
        rule = self.actor_rule
        if rule == "person":
            return ", ".join(self.user_ids.mapped("name"))
        if rule == "up_to":
            return self.env._("up to N+%(levels)s", levels=self.levels)
        if rule == "office":
            names = filter(None, (self.job_id.name, self.unit_id.name))
            return ", ".join(names)
        if rule == "subject_user":
            return self._subject_field_label()
        return {
            "group": self.group_id.name,
            "unit_head": self.unit_id.name,
            "up_to_head": self.unit_id.name,
        }.get(rule)

    def _subject_field_label(self):
        labels = {
            one["key"]: one["label"] for one in self._subject_lists("user_fields")
        }
        return labels.get(self.subject_field, self.subject_field or "")

    @api.onchange("actor_rule")
    def _onchange_actor_rule(self):
        """What another rule needed says nothing here."""
        if self.actor_rule == "platform":
            self.mode = "all"
            self.chair_id = False
