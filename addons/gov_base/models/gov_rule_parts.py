from odoo import api, models
from odoo.exceptions import ValidationError

from ..lib.condition import MAX_ID
from ..lib.text import clean_line

MAX_ACTIONS = 10
MAX_TEXT = 500


class GovRule(models.Model):
    """Actions of a rule: checked when it is saved; what the screen needs to pick them; sentences."""

    _inherit = "gov.rule"

    def _editor(self):
        """What the screen offers: fields with their comparisons, actions with their parameters."""
        model, company = self._condition_target(), self.company_id
        return {
            "fields": self._condition_editor(model, company),
            "actions": list(self._rule_actions(model, company).values()),
        }

    # ------------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------------
    @api.model
    def _actions_clean(self, actions, model, company):
        """Canonical actions, whatever was given.

        :raise ValidationError: a sentence that memo what does not fit
        """
        if actions in (None, False, []):
            return []
        if not isinstance(actions, list) or len(actions) > MAX_ACTIONS:
            raise ValidationError(
                self.env._(
                    "A rule does at most %(limit)s things: pick them one by one.",
                    limit=MAX_ACTIONS,
                )
            )
        definitions = self._rule_actions(model, company)
        return [self._action_clean(given, definitions, company) for given in actions]

    @api.model
    def _action_clean(self, given, definitions, company):
        given = given if isinstance(given, dict) else {}
        key = given.get("action")
        definition = definitions.get(key) if isinstance(key, str) else None
        if not definition:
            raise ValidationError(
                self.env._(
                    "A rule does something that does not exist here. Remove it and pick it again."
                )
            )
        params = given.get("params")
        params = params if isinstance(params, dict) else {}
        cleaned = {
            param["key"]: self._param_clean(param, params.get(param["key"]), company)
            for param in definition["params"]
        }
        return {
            "action": key,
            "params": {name: value for name, value in cleaned.items() if value},
        }

    @api.model
    def _param_clean(self, param, value, company):
        if value in (None, False, "", []):
            if param.get("required"):
                raise ValidationError(
                    self.env._("“%(label)s” is missing.", label=param["label"])
                )
            return None
        clean = getattr(self, f"_param_clean_{param['kind']}")(param, value, company)
        if clean is None:
            raise ValidationError(
                self.env._(
                    "“%(label)s” is not what can be given here. Choose again.",
                    label=param["label"],
                )
            )
        return clean

    @api.model
    def _param_clean_record(self, param, value, company):
        if type(value) is not int or not 0 < value <= MAX_ID:
            return None
        self._check_known(param, [value], company)
        return value

    @api.model
    def _param_clean_records(self, param, value, company):
        if not isinstance(value, list | tuple) or len(value) > 50:
            return None
        if any(type(one) is not int or not 0 < one <= MAX_ID for one in value):
            return None
        ids = list(dict.fromkeys(value))
        self._check_known(param, ids, company)
        return ids

    @api.model
    def _param_clean_choice(self, param, value, company):
        known = [option["value"] for option in param["options"]]
        return value if isinstance(value, str) and value in known else None

    @api.model
    def _param_clean_number(self, param, value, company):
        if type(value) is not int or not param["min"] <= value <= param["max"]:
            return None
        return value

    @api.model
    def _param_clean_text(self, param, value, company):
        return clean_line(value, MAX_TEXT) or None if isinstance(value, str) else None

    @api.model
    def _param_clean_flag(self, param, value, company):
        return True if value is True else None

    def _problems(self):
        """Sentences that say why this rule could not work; empty when it can."""
        self.ensure_one()
        model, company = self._condition_target(), self.company_id
        if not model:
            return [self.env._("Choose when the rule applies.")]
        if not self.actions:
            return [self.env._("Say what the rule does: add at least one action.")]
        try:
            self._conditions_clean(self.conditions, model, company)
            self._actions_clean(self.actions, model, company)
        except ValidationError as error:
            return [str(error)]
        found = (
            self.env[model]._rule_action_problem(
                one["action"], one.get("params") or {}, company
            )
            for one in self.actions
        )
        return [problem for problem in found if problem]

    # ------------------------------------------------------------------
    # Sentences
    # ------------------------------------------------------------------
    @api.depends("event", "conditions", "actions", "stop", "company_id")
    @api.depends_context("lang")
    def _compute_sentence(self):
        events = self._rule_events()
        for rule in self:
            model, company = rule._condition_target(), rule.company_id
            memo = {}
            rule.sentence = self._rule_sentence(
                events.get(rule.event, {}).get("label", "…"),
                self._conditions_texts(rule.conditions, model, company, memo),
                self._actions_texts(rule.actions, model, company, memo),
            )

    @api.model
    def _rule_sentence(self, when, ifs, thens):
        both = self.env._("%(before)s and %(last)s")
        then = self._joined(thens, both) or "…"
        if not ifs:
            return self.env._("When %(when)s, then %(then)s.", when=when, then=then)
        return self.env._(
            "When %(when)s, if %(conditions)s, then %(then)s.",
            when=when,
            conditions=self._joined(ifs, both),
            then=then,
        )

    @api.model
    def _actions_texts(self, actions, model, company, memo):
        definitions = self._remembered(memo, "_rule_actions", model, company)
        return [
            self._action_text(one, definitions.get(one.get("action")), memo)
            for one in actions or ()
            # A form that is not saved yet may hold anything.
            if isinstance(one, dict)
        ]

    @api.model
    def _action_text(self, one, definition, memo):
        if not definition:
            return self.env._("(an action that is gone)")
        params = one.get("params") or {}
        values = {
            param["key"]: self._param_text(param, params.get(param["key"]), memo)
            for param in definition["params"]
        }
        said = definition["sentence"]
        pieces = [said % values]
        for param in definition["params"]:
            key, label = param["key"], param["label"]
            if not values[key] or f"%({key})s" in said:
                continue
            if param["kind"] == "flag":
                pieces.append(f"({label})")
            else:
                pieces.append(f"({label}: {values[key]})")
        return " ".join(pieces)

    @api.model
    def _param_text(self, param, value, memo):
        if not value:
            return "…" if param.get("required") else ""
        kind = param["kind"]
        if kind in ("record", "records"):
            ids = [value] if kind == "record" else value
            return ", ".join(self._record_names(param["model"], ids, memo))
        if kind == "choice":
            labels = {option["value"]: option["label"] for option in param["options"]}
            return labels.get(value, value)
        return str(value)
