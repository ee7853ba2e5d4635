from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib import condition

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
