from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib import condition


class GovCircuitStep(models.Model):
    """When a step is part of the way at all: conditions that are picked, looked at when the circuit starts."""

    _name = "gov.circuit.step"
    _inherit = ["gov.circuit.step", "gov.condition"]

    editor = fields.Json(compute="_compute_editor")
    condition_text = fields.Char("Only if", compute="_compute_condition_text")

    def _condition_target(self):
        return self.circuit_id._condition_model()

    @api.depends("circuit_id.subject_model", "circuit_id.company_id")
    @api.depends_context("lang")
    def _compute_editor(self):
        for step in self:
            circuit = step.circuit_id
            step.editor = {
                "fields": step._condition_editor(
                    circuit._condition_model(), circuit.company_id
                ),
                "form_fields": step._subject_lists("form_fields"),
                "user_fields": step._subject_lists("user_fields"),
            }

    @api.depends("conditions", "circuit_id.subject_model")
    @api.depends_context("lang")
    def _compute_condition_text(self):
        memo = {}
        for step in self:
            step.condition_text = step._condition_words(memo)

    def _condition_words(self, memo=None):
        """The conditions as a person says them, in the language of the context."""
        if not self.conditions or not isinstance(self.conditions, list):
            return False
        memo = {} if memo is None else memo
        model, company = self._condition_target(), self.circuit_id.company_id
        definitions = self._remembered(memo, "_condition_fields", model, company)
        shaped = [self._condition_shape(one, definitions) for one in self.conditions]
        texts = self._conditions_texts(
            [one for one in shaped if one], model, company, memo
        )
        return self._joined(texts, self.env._("%(before)s and %(last)s"))

    @api.model
    def _condition_shape(self, one, definitions):
        """A condition that can be said, of one that a form may hold before it is saved."""
        one = one if isinstance(one, dict) else {}
        field, operator = one.get("field"), one.get("operator")
        if not isinstance(field, str) or not isinstance(operator, str):
            return None
        try:
            kind = definitions.get(field, {}).get("kind")
            value = condition.clean(kind, operator, one.get("value"))
        except condition.Wrong:
            value = None
        return {"field": field, "operator": operator, "value": value}

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps._check_conditions()
        return steps

    def write(self, vals):
        result = super().write(vals)
        if {"conditions", "circuit_id"} & vals.keys():
            self._check_conditions()
        return result

    def _check_conditions(self):
        """Keep conditions in their canonical form, or refuse them by name."""
        for step in self:
            if step.conditions and not step._condition_target():
                raise ValidationError(
                    self.env._(
                        "Step “%(step)s” has a condition: say first for which documents the "
                        "circuit is.",
                        step=step.name,
                    )
                )
            clean = step._conditions_clean(
                step.conditions, step._condition_target(), step.company_id
            )
            if (step.conditions or []) != clean:
                step._write_plain({"conditions": clean})

    def _lost_condition(self, company):
        """The sentence when this step looks at something that is gone: nobody is left out by that; or None."""
        if not self.conditions:
            return None
        known = self._condition_fields(self._condition_target(), company)
        if all(one["field"] in known for one in self.conditions):
            return None
        return self.env._(
            "Step “%(step)s”: its condition looks at something that does not exist any more. A "
            "functional administrator makes a new version of the circuit and picks it again.",
            step=self.name,
        )

    # ------------------------------------------------------------------
    # When the circuit starts
    # ------------------------------------------------------------------
    def _left_out(self, scope):
        """Return why this step is not part of the way, as ``(code, facts)``, or None.

        Without a document and without a sample nothing is known: the step stays.
        """
        if not self.conditions:
            return None
        if scope["facts"] is not None:
            verdicts = self._sample_verdicts(scope["facts"], scope["company"])
        elif scope["subject"]:
            # Only whether the condition holds is kept, whoever starts the circuit.
            subject_sudo = scope["subject"].sudo()
            verdicts = self._conditions_test(self.conditions, subject_sudo)
        else:
            return None
        return None if all(one.holds for one in verdicts) else ("condition", {})

    def _sample_verdicts(self, facts, company):
        """Compare the conditions with what somebody said a document would have: ``{key: found}``."""
        definitions = self._condition_fields(self._condition_target(), company)
        return [
            condition.test(
                definitions[one["field"]]["kind"],
                one["operator"],
                one["value"],
                facts.get(one["field"]),
            )
            if one["field"] in definitions
            else condition.Verdict(False)
            for one in self.conditions
        ]
