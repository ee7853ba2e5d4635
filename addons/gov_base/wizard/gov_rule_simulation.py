from odoo import api, fields, models
from odoo.exceptions import UserError

SAMPLE = 100


class GovRuleSimulation(models.TransientModel):
    """What rules would have done to the last records, and why. Nothing is done.

    Numbers, values of conditions and reasons are shown; the subject only to who may read the record.
    """

    _name = "gov.rule.simulation"
    _description = "Rehearsal of rules"

    company_id = fields.Many2one("res.company", readonly=True)
    sentence = fields.Text("Rules", readonly=True)
    total = fields.Integer(readonly=True)
    concerned = fields.Integer(readonly=True)
    shows_subject = fields.Boolean(readonly=True)
    summary = fields.Char(compute="_compute_summary")
    line_ids = fields.One2many(
        "gov.rule.simulation.line", "simulation_id", readonly=True
    )
    met_ids = fields.One2many(
        "gov.rule.simulation.line",
        "simulation_id",
        domain=[("holds", "=", True)],
        readonly=True,
    )
    other_ids = fields.One2many(
        "gov.rule.simulation.line",
        "simulation_id",
        domain=[("holds", "=", False)],
        readonly=True,
    )

    @api.depends("total", "concerned")
    def _compute_summary(self):
        for simulation in self:
            if not simulation.total:
                simulation.summary = self.env._(
                    "This has not happened to any letter yet: there is nothing to try the "
                    "rule on."
                )
            elif not simulation.concerned:
                simulation.summary = self.env._(
                    "None of the last %(total)s would have been concerned.",
                    total=simulation.total,
                )
            else:
                simulation.summary = self.env._(
                    "Of the last %(total)s, %(count)s would have been concerned. Nothing was "
                    "done.",
                    total=simulation.total,
                    count=simulation.concerned,
                )

    @api.model
    def _run(self, rules):
        """Rehearse these rules, in order, on what happened last; they share event and administration."""
        event, company = rules[:1].event, rules.company_id
        if len(company) != 1 or len(set(rules.mapped("event"))) != 1:
            raise UserError(
                self.env._(
                    "Rules are tried together when they answer to the same event of the same "
                    "administration. Choose such ones."
                )
            )
        model = rules[:1]._condition_target()
        if not model:
            raise UserError(self.env._("Choose when the rule applies."))
        sample = self.env[model]._rule_sample(event, company, SAMPLE)
        plain, memo = [rule._plain() for rule in rules], {}
        readable = sample.with_user(self.env.user)._filtered_access("read")._ids
        lines = [
            {
                **values,
                "subject": record._rule_words() if record.id in readable else False,
            }
            for record in sample
            for values in self._lines(plain, record, memo)
        ]
        # The rehearsal belongs to who asked for it; nobody writes its lines.
        simulation_sudo = self.sudo().create(
            {
                "company_id": company.id,
                "sentence": "\n".join(rule.sentence for rule in rules),
                "total": len(sample),
                "shows_subject": bool(readable),
                "concerned": len(
                    {line["res_id"] for line in lines if line.get("holds")}
                ),
                "line_ids": [(0, 0, line) for line in lines],
            }
        )
        return self.browse(simulation_sudo.id)

    @api.model
    def _lines(self, plain, record, memo):
        """One line a rule that would act on the record, or one that says why none would."""
        outcome = self.env["gov.rule"]._simulate(plain, record)
        common = {
            "res_model": record._name,
            "res_id": record.id,
            "res_name": record._rule_name(),
            "happened_at": record._rule_moment(),
        }
        met = [(rule, verdicts) for rule, holds, verdicts in outcome if holds]
        if not met:
            rule, _holds, verdicts = outcome[0]
            return [
                {
                    **common,
                    "rule_name": rule["name"],
                    "why": self._missing(rule, record, verdicts, memo),
                }
            ]
        return [
            {
                **common,
                "holds": True,
                "rule_name": rule["name"],
                "what": self._said("_actions_texts", rule["actions"], record, memo),
                "why": self._said(
                    "_conditions_texts", rule["conditions"], record, memo, verdicts
                )
                or self.env._("no condition"),
            }
            for rule, verdicts in met
        ]

    @api.model
    def _said(self, method, parts, record, memo, *verdicts):
        rules = self.env["gov.rule"]
        texts = getattr(rules, method)(
            parts, record._name, record.company_id, memo, *verdicts
        )
        return rules._joined(texts, self.env._("%(before)s and %(last)s"))

    @api.model
    def _missing(self, rule, record, verdicts, memo):
        """The conditions that do not hold, as they are wanted."""
        unmet = [
            one
            for one, verdict in zip(rule["conditions"], verdicts, strict=True)
            if not verdict.holds
        ]
        return self.env._(
            "Not so: %(texts)s",
            texts=self._said("_conditions_texts", unmet, record, memo),
        )
