from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib import condition
from ..lib.text import clean_line

MAX_CONDITIONS = 20


class GovCondition(models.AbstractModel):
    """Conditions that somebody picked: all of them must hold.

    They are data (``[{"field", "operator", "value"}]``), never code: what may be looked at is a closed list that the
    model of the record gives (``gov.rule.subject``), and each comparison is ours (``lib/condition.py``).
    """

    _name = "gov.condition"
    _description = "Conditions that are picked"

    conditions = fields.Json("If", copy=True)

    def _condition_target(self):
        """Name of the model whose records are looked at."""
        raise NotImplementedError(f"{self._name} names no model for its conditions")

    def _condition_company(self):
        return self.company_id

    @api.model
    def _condition_fields(self, model, company):
        """What may be looked at on records of ``model``: {key: definition}.

        A definition has ``key``, ``label``, ``kind`` (see ``lib/condition.py``) and, for records, ``model`` and
        ``domain``; for choices, ``options`` as ``[{"value", "label"}]``.
        """
        if not model:
            return {}
        listed = self.env[model]._rule_fields(company)
        return {definition["key"]: definition for definition in listed}

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
    # Checks
    # ------------------------------------------------------------------
    @api.model
    def _conditions_clean(self, conditions, model, company):
        """Canonical conditions, whatever was given.

        :raise ValidationError: a sentence that names what does not fit
        """
        if conditions in (None, False, []):
            return []
        if not isinstance(conditions, list) or len(conditions) > MAX_CONDITIONS:
            raise ValidationError(
                self.env._(
                    "Conditions are a list of %(limit)s at most: pick them one by one.",
                    limit=MAX_CONDITIONS,
                )
            )
        definitions = self._condition_fields(model, company)
        return [
            self._condition_clean(given, definitions, company) for given in conditions
        ]

    @api.model
    def _condition_clean(self, given, definitions, company):
        given = given if isinstance(given, dict) else {}
        key = given.get("field")
        definition = definitions.get(key) if isinstance(key, str) else None
        if not definition:
            raise ValidationError(
                self.env._(
                    "A condition looks at something that does not exist here. Remove it and pick "
                    "it again."
                )
            )
        operator = given.get("operator")
        operator = operator if isinstance(operator, str) else ""
        try:
            value = condition.clean(definition["kind"], operator, given.get("value"))
        except condition.Wrong as error:
            raise ValidationError(self._wrong_sentence(error, definition)) from error
        if definition["kind"] == "record" and value:
            self._check_known(definition, value, company)
        if definition["kind"] == "choice":
            known = {option["value"] for option in definition["options"]}
            if not known.issuperset(value):
                raise ValidationError(
                    self._wrong_sentence(condition.Wrong("type"), definition)
                )
        return {"field": key, "operator": operator, "value": value}

    def _wrong_sentence(self, error, definition):
        label = definition["label"]
        if error.code == "missing":
            return self.env._("“%(label)s”: say what it is compared with.", label=label)
        if error.code == "many":
            return self.env._(
                "“%(label)s”: at most %(limit)s values. Make two rules of it.",
                label=label,
                limit=condition.MAX_VALUES,
            )
        return self.env._(
            "“%(label)s” cannot be compared so. Remove this condition and pick it again.",
            label=label,
        )

    @api.model
    def _check_known(self, definition, ids, company):
        """Raise unless these records exist and belong to ``company`` or to everybody."""
        if self._known(definition["model"], ids, company)._ids != tuple(ids):
            raise ValidationError(
                self.env._(
                    "“%(label)s”: what was chosen does not exist any more, or is not one of "
                    "%(company)s. Choose again.",
                    label=definition["label"],
                    company=company.name,
                )
            )

    @api.model
    def _known(self, model, ids, company):
        """Those of these records that exist, are active and may be used in ``company``, as superuser."""
        # What a rule names is compared with its administration, whoever wrote it.
        records_sudo = self.env[model].sudo().browse(ids).exists()
        if model == "res.users":
            return records_sudo.filtered(
                lambda user: (
                    user.active and not user.share and company in user.company_ids
                )
            )
        if "active" in records_sudo._fields:
            records_sudo = records_sudo.filtered("active")
        if "company_id" in records_sudo._fields:
            records_sudo = records_sudo.filtered(
                lambda record: record.company_id in (company, company.browse())
            )
        return records_sudo

    # ------------------------------------------------------------------
    # Evaluation
    # ------------------------------------------------------------------
    @api.model
    def _conditions_test(self, conditions, record):
        """Compare a record with conditions: one ``Verdict`` each, in order."""
        facts, verdicts = {}, []
        kinds = record._rule_kinds()
        for one in conditions or ():
            key = one["field"]
            kind = record._rule_kind(key, kinds)
            if kind is None:
                verdicts.append(condition.Verdict(False))
                continue
            if key not in facts:
                facts[key] = record._rule_found(key)
            verdicts.append(
                condition.test(kind, one["operator"], one["value"], facts[key])
            )
        return verdicts

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
            texts = [f"{value:g}"]
        several = self.env._("%(before)s and %(last)s") if operator == "all" else ""
        return self._joined(texts, several or self.env._("%(before)s or %(last)s"))

    @staticmethod
    def _joined(texts, pattern):
        texts = [clean_line(text) for text in texts]
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
