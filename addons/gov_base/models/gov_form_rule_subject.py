import datetime

from odoo import api, models

from ..lib import form_values

#: kind of comparison for each type of question
FORM_KINDS = {
    "text": "words",
    "long_text": "words",
    "integer": "number",
    "amount": "number",
    "date": "date",
    "boolean": "flag",
    "choice": "choice",
    "choices": "choice",
}


class GovFormRuleSubject(models.AbstractModel):
    """Rules and conditions look at the answers to a form too, as ``form:<key>``."""

    _name = "gov.form.rule.subject"
    _description = "Subject of rules with a form"
    _inherit = ["gov.rule.subject"]

    @api.model
    def _rule_fields(self, company):
        return [*super()._rule_fields(company), *self._rule_form_fields(company)]

    @api.model
    def _rule_form_fields(self, company):
        """Own fields of the forms in use, each key once."""
        # Questions are labels, read by whoever reads the rule.
        questions_sudo = self.env["gov.form.field"].sudo()
        definitions = {}
        for question in questions_sudo.search(
            [("company_id", "=", company.id), ("form_id.state", "=", "published")]
        ):
            key = f"form:{question.key}"
            if key in definitions:
                continue
            definitions[key] = {
                "key": key,
                "label": self.env._("Own field: %(label)s", label=question.label),
                "subject": f"“{question.label}”",
                "kind": FORM_KINDS[question.type],
                "options": question._definition()["options"],
            }
        return list(definitions.values())

    def _rule_kind(self, key, kinds):
        if not key.startswith("form:"):
            return super()._rule_kind(key, kinds)
        question = self._rule_question(key)
        return FORM_KINDS[question.type] if question else None

    def _rule_question(self, key):
        # The very version this record was filled in with.
        form_sudo = self.form_id.sudo()
        return form_sudo.field_ids.filtered(
            lambda question: question.key == key.removeprefix("form:")
        )[:1]

    def _rule_found(self, key):
        if key.startswith("form:"):
            return self._rule_answer(key)
        return super()._rule_found(key)

    def _rule_answer(self, key):
        question = self._rule_question(key)
        value = (self.form_values or {}).get(question.key)
        if value is None:
            return None
        kind = FORM_KINDS[question.type]
        if kind == "number":
            return float(form_values.number_of(question.type, value))
        if kind == "date":
            return datetime.date.fromisoformat(value)
        if kind == "choice":
            return value if isinstance(value, list) else [value]
        return value
