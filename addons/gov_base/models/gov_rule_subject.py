from odoo import api, models

from ..lib.condition import OPERATORS


class GovRuleSubject(models.AbstractModel):
    """What a model mixes in so that rules look at its records and act on them.

    It names what may be looked at and what may be done, both closed lists; rules themselves are ``gov.rule``.
    """

    _name = "gov.rule.subject"
    _description = "Subject of rules"

    @api.model
    def _rule_fields(self, company):
        """What conditions may look at: list of definitions, see ``gov.condition._condition_fields``."""
        return [
            self._rule_field(key, label, words, company)
            for key, (label, words) in self._rule_labels().items()
        ]

    @api.model
    def _rule_labels(self):
        """{key: (label of the list, words of the sentence)} of what the model itself gives."""
        return {}

    @api.model
    def _rule_field(self, key, label, words, company):
        """Definition of one key; a model adds ``model`` and ``domain``, or ``options``."""
        return {
            "key": key,
            "label": label,
            "subject": words,
            "kind": self._rule_kinds()[key],
        }

    @api.model
    def _rule_options(self, name):
        """Choices of the field ``name``, as a definition lists them."""
        return [
            {"value": value, "label": label}
            for value, label in self._fields[name]._description_selection(self.env)
        ]

    @api.model
    def _rule_kinds(self):
        """{key: kind} of what conditions may look at, without a query."""
        return {}

    @api.model
    def _rule_kind(self, key, kinds):
        """Kind of one thing that is looked at, or None when it is no more."""
        kind = kinds.get(key)
        return kind if kind in OPERATORS else None

    def _rule_found(self, key):
        """What this record has there, in the shape that ``lib/condition.py`` compares."""
        raise NotImplementedError(f"{self._name} cannot look at {key}")

    @api.model
    def _rule_actions(self, company):
        """What rules may do: list of definitions.

        A definition has ``key``, ``label``, ``sentence`` (with ``%(name)s`` of each parameter) and ``params``: a list of
        ``{"key", "label", "kind", "required"}`` where ``kind`` is record, records (with ``model``, ``domain``), choice
        (with ``options``), number (with ``min``, ``max``), text or flag.
        """
        return []

    def _rule_act(self, key, params, rule):
        """Do one action on this record, as the platform.

        :param str key: action
        :param dict params: as they were checked when the rule was saved
        :param rule: ``gov.rule``
        :raise UserError: it cannot be done now; the sentence is logged
        """
        return getattr(self, f"_rule_do_{key}")(params, rule)

    def _rule_action_problem(self, key, params, company):
        """Sentence that says why this action could not work, or None."""
        return None

    def _rule_refused(self, rule_name, error):
        """A rule could not act on this record: tell those who work on it. The log of rules has it already."""

    def _rule_lock(self):
        """Take this record before acting on it; False when somebody acts on it right now."""
        return True

    def _rule_name(self):
        """How the log names this record."""
        return self.display_name

    def _rule_words(self):
        """What this record is about; shown in a rehearsal to who may read the record."""
        return ""

    def _rule_moment(self):
        """When it came in (naive UTC)."""
        return self.create_date

    @api.model
    def _rule_sample(self, event, company, limit):
        """The last records to which this event happened, the latest first, as superuser."""
        # A rehearsal shows numbers and reasons; what else is shown follows the reader's rights.
        records_sudo = self.sudo()
        return records_sudo.search(
            [("company_id", "=", company.id)], limit=limit, order="id desc"
        )
