from odoo import models
from odoo.tools import format_date, formatLang
from odoo.tools.i18n import format_list

from ..exceptions import FormRefused
from ..lib import form_values
from ..lib.text import clean_line


class GovForm(models.Model):
    """Answers to a form: checked and put in canonical shape, shown in the reader's language."""

    _inherit = "gov.form"

    def _clean(self, values, final=False):
        """Check answers and bring them to their canonical shape (see ``lib/form_values.py``).

        :param values: dict of key and answer, from anywhere; None or False for no answer
        :param bool final: whether what is required must be there
        :return: the canonical answers, those that were given only
        :rtype: dict
        :raise FormRefused: one sentence that lists each mistake by the label of its field
        """
        self.ensure_one()
        definition = self._definition()
        questions = [
            form_values.Question(
                field["key"],
                field["type"],
                field["required"],
                tuple(option["value"] for option in field["options"]),
            )
            for field in definition["fields"]
        ]
        clean, mistakes = form_values.clean_all(questions, values, final)
        if mistakes:
            raise self._refused(definition, mistakes)
        return clean

    def _keep(self, values):
        """What of these answers, canonical in another form, is an answer here too; the rest is dropped."""
        self.ensure_one()
        kept = {}
        for field in self._definition()["fields"]:
            options = tuple(option["value"] for option in field["options"])
            question = form_values.Question(field["key"], field["type"], False, options)
            try:
                value = form_values.clean_value(
                    question, (values or {}).get(field["key"])
                )
            except form_values.Wrong:
                continue
            if value is not None:
                kept[field["key"]] = value
        return kept

    def _display(self, values):
        """Each question that was answered and its answer, as a person reads them.

        :param dict values: canonical answers
        :return: list of (label, text) in the language of the environment, in the order of the form
        :rtype: list[tuple[str, str]]
        """
        self.ensure_one()
        values = values or {}
        return [
            (field["label"], self._display_value(field, values[field["key"]]))
            for field in self._definition()["fields"]
            if field["key"] in values
        ]

    def _display_value(self, field, value):
        labels = {option["value"]: option["label"] for option in field["options"]}
        match field["type"]:
            case "integer":
                return formatLang(self.env, value, digits=0)
            case "amount":
                return formatLang(self.env, float(value), digits=2)
            case "date":
                return format_date(self.env, value)
            case "boolean":
                return self.env._("Yes") if value else self.env._("No")
            case "choice":
                return labels.get(value, value)
            case "choices":
                texts = [labels.get(item, item) for item in value]
                return format_list(self.env, texts, "unit")
        return value

    def _refused(self, definition, mistakes):
        """The exception that lists mistakes of answers to this form."""
        fields = {field["key"]: field for field in definition["fields"]}
        said = {}
        for mistake in mistakes:
            field = fields.get(mistake.key)
            said[mistake.key] = self._mistake(mistake, field)
        listed = "; ".join(
            self.env._(
                "%(label)s – %(mistake)s", label=fields[key]["label"], mistake=sentence
            )
            if key in fields
            else sentence
            for key, sentence in said.items()
        )
        return FormRefused(
            self.env._(
                "Nothing was saved, please correct in the form “%(form)s”: %(mistakes)s.",
                form=definition["name"],
                mistakes=listed,
            ),
            said,
        )

    def _mistake(self, mistake, field):
        """What to do about one mistake, without full stop."""
        facts = mistake.facts
        match mistake.code:
            case "shape":
                return self.env._("the answers cannot be read")
            case "unknown":
                return self.env._(
                    "“%(key)s” is not a field of this form", key=clean_line(mistake.key)
                )
            case "more_unknown":
                return self.env._(
                    "%(count)s more are not fields of this form", count=facts["count"]
                )
            case "missing":
                return self.env._("an answer is needed")
            case "tick":
                return self.env._("the box must be ticked")
            case "option":
                return self.env._("choose one of the options that are offered")
            case "too_long":
                return self.env._(
                    "too long: %(length)s signs, %(limit)s at most",
                    length=formatLang(self.env, facts["length"], digits=0),
                    limit=formatLang(self.env, facts["limit"], digits=0),
                )
            case "range":
                return self.env._(
                    "the number is too large: %(limit)s at most",
                    limit=formatLang(self.env, form_values.MAX_NUMBER, digits=0),
                )
            case "decimals":
                return self.env._("two decimals at most")
        return self._expected(field["type"])

    def _expected(self, field_type):
        return {
            "text": self.env._("text is expected"),
            "long_text": self.env._("text is expected"),
            "integer": self.env._("a whole number is expected, such as 12"),
            "amount": self.env._("an amount is expected, such as 1250.50"),
            "date": self.env._("a date is expected, such as 2026-12-31"),
            "boolean": self.env._("yes or no is expected"),
            "choices": self.env._("a list of options is expected"),
        }[field_type]
