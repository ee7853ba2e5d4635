from odoo import api, models
from odoo.tools.misc import formatLang

from ..lib import condition
from ..lib.text import clean_line


class GovCondition(models.AbstractModel):
    """Conditions as people pick and read them."""

    _inherit = "gov.condition"

    @api.model
    def _condition_editor(self, model, company):
        """What the screen offers: fields with their comparisons."""
        operators = self._operator_labels()
        return [
            {
                **definition,
                "operators": [
                    {"value": key, "label": label}
                    for key, label in operators[definition["kind"]].items()
                ],
            }
            for definition in self._condition_fields(model, company).values()
        ]

    @api.model
    def _operator_labels(self):
        env = self.env
        return {
            "record": {
                "in": env._("is"),
                "not_in": env._("is not"),
                "set": env._("is given"),
                "unset": env._("is not given"),
            },
            "choice": {"in": env._("is"), "not_in": env._("is not")},
            "words": {
                "any": env._("contains"),
                "all": env._("contains all of"),
                "none": env._("does not contain"),
            },
            "number": {
                "at_least": env._("is at least"),
                "at_most": env._("is at most"),
                "equal": env._("is exactly"),
            },
            "date": {
                "from": env._("is on or after"),
                "until": env._("is on or before"),
            },
            "flag": {"yes": env._("is ticked"), "no": env._("is not ticked")},
        }

    # ------------------------------------------------------------------
    # Sentences
    # ------------------------------------------------------------------
    @api.model
    def _condition_sentence(self, one, definition, found=None, memo=None):
        """One condition as a person says it, with the values that were found when given."""
        operators = self._operator_labels()[definition["kind"]]
        value = found or one.get("value")
        return " ".join(
            filter(
                None,
                (
                    definition.get("subject") or definition["label"],
                    operators[one["operator"]],
                    self._value_text(value, definition, one["operator"], memo),
                ),
            )
        )

    @api.model
    def _value_text(self, value, definition, operator, memo=None):
        if operator in condition.ALONE:
            return ""
        if value in (None, False, "", []):
            return "…"
        kind = definition["kind"]
        if kind == "record":
            texts = self._record_names(definition["model"], value, memo)
        elif kind == "choice":
            labels = {
                option["value"]: option["label"] for option in definition["options"]
            }
            texts = [labels.get(one, one) for one in value]
        elif kind == "words":
            texts = [f"“{word}”" for word in value]
        elif kind == "date":
            texts = [self.env["ir.qweb.field.date"].value_to_html(value, {})]
        else:
            digits = 0 if value == int(value) else 2
            # Groups of digits held together: a space would turn them round in Arabic.
            shown = formatLang(self.env, value, digits=digits)
            texts = [shown.replace(" ", "\u00a0")]
        several = self.env._("%(before)s and %(last)s") if operator == "all" else ""
        return self._joined(texts, several or self.env._("%(before)s or %(last)s"))

    @staticmethod
    def _joined(texts, pattern):
        # What holds groups of digits together stays.
        texts = [
            "\u00a0".join(filter(None, map(clean_line, text.split("\u00a0"))))
            for text in map(str, texts)
        ]
        if len(texts) < 2:
            return "".join(texts)
        return pattern % {"before": ", ".join(texts[:-1]), "last": texts[-1]}

    @api.model
    def _may_be_named(self, record):
        """Whether this is of an administration of the reader: a form may hold any id before it is saved."""
        own = self.env.user.company_ids
        if self.env.su or "company_id" not in record._fields:
            return True
        if record._name == "res.users":
            return bool(record.company_ids & own)
        return record.company_id in (*own, own.browse())

    @api.model
    def _record_names(self, model, ids, memo=None):
        """Names of these records for a sentence; what is gone is said to be."""
        memo = {} if memo is None else memo
        missing = [one for one in ids if (model, one) not in memo]
        if missing:
            # Who reads the rule reads what it names; only names are shown.
            records_sudo = self.env[model].sudo().browse(missing).exists()
            records_sudo = records_sudo.with_context(hierarchical_naming=False)
            for record in records_sudo.filtered(self._may_be_named):
                memo[model, record.id] = record.display_name
        gone = self.env._("(deleted)")
        return [memo.get((model, one), gone) for one in ids]

    @api.model
    def _remembered(self, memo, method, model, company):
        """The definitions that ``method`` gives, asked once for all sentences of a screen."""
        key = (method, model, company.id)
        if key not in memo:
            memo[key] = getattr(self, method)(model, company)
        return memo[key]

    @api.model
    def _conditions_texts(self, conditions, model, company, memo, verdicts=None):
        """Each condition as a person says it; with ``verdicts``, what was found in place of what is wanted."""
        definitions = self._remembered(memo, "_condition_fields", model, company)
        texts = []
        for index, one in enumerate(conditions or ()):
            definition = definitions.get(one.get("field"))
            if not definition or one.get("operator") not in self._operator_labels().get(
                definition["kind"], ()
            ):
                texts.append(self.env._("(a condition that is gone)"))
                continue
            found = verdicts[index].found if verdicts else None
            positive = one["operator"] in ("in", "any", "all")
            texts.append(
                self._condition_sentence(
                    one, definition, found if positive else None, memo
                )
            )
        return texts
