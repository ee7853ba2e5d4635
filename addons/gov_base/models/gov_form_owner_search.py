from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..lib import form_values
from ..lib.text import clean_line
from .gov_form_field import CHOICES
from .gov_form_value import COLUMNS

_NEGATIVE = {
    "!=": "=",
    "not in": "in",
    "not ilike": "ilike",
    "not like": "like",
    "not =ilike": "=ilike",
    "not =like": "=like",
}
_COMPARED = ("=", "in", "<", "<=", ">", ">=")
_LIKE = ("ilike", "like", "=ilike", "=like")


class GovFormOwner(models.AbstractModel):
    """Search by own fields, through the indexed rows."""

    _inherit = "gov.form.owner"

    @api.model
    def _form_search_domain(self, key, operator, value):
        """Domain on this model: records whose answer to a question is such.

        :param key: technical key of the question, or None for a text in any answer
        :param str operator: ``=``, ``!=``, ``in``, ``not in``, ``<``, ``<=``, ``>``, ``>=``, ``ilike``, ``not ilike``, …;
            a negative one finds the records without such an answer
        :param value: number for numbers and amounts, bool for boxes, ISO date or date for dates, value of an option for
            choices (with ``ilike`` part of its label), text for texts; ``=`` and None: records without an answer
        :rtype: Domain
        :raise UserError: the question is unknown in the administrations of the user, or cannot be compared so
        """
        if operator in _NEGATIVE:
            return ~self._form_search_domain(key, _NEGATIVE[operator], value)
        rows = self.env["gov.form.value"]
        if key is None:
            terms = self._form_terms_anywhere(operator, value)
        else:
            fields_found = self._form_search_fields(key)
            if value is None and operator == "=":
                return ~rows._owner_domain(self._name, Domain("key", "=", key))
            terms = self._form_terms(fields_found, operator, value)
        return rows._owner_domain(self._name, Domain.OR(terms))

    @api.model
    def _form_search_fields(self, key):
        """The questions of this key in the forms that the user may read."""
        found = self.env["gov.form.field"].search([("key", "=", key)])
        if not found:
            raise UserError(
                self.env._(
                    "No form has a field “%(key)s”: this search finds nothing any more. Remove it.",
                    key=clean_line(key, 60),
                )
            )
        return found

    @api.model
    def _form_terms(self, fields_found, operator, value):
        """Domains on the rows, one for each type that the question has in one form or another."""
        terms = []
        for field_type, of_type in fields_found.grouped("type").items():
            try:
                term = self._form_term(of_type, field_type, operator, value)
            except form_values.Wrong:
                continue
            terms.append(Domain("key", "=", of_type[0].key) & term)
        if not terms:
            raise UserError(
                self.env._(
                    "“%(label)s” cannot be searched so: compare numbers with numbers, dates with dates, and choices with "
                    "their options.",
                    label=fields_found[0].label,
                )
            )
        return terms

    @api.model
    def _form_term(self, of_type, field_type, operator, value):
        column = COLUMNS[field_type]
        if column == "value_text" and operator in (*_LIKE, "=", "in"):
            return Domain(column, operator, self._form_texts(operator, value))
        if field_type in CHOICES and operator in _LIKE:
            options = of_type.option_ids.filtered_domain([("label", operator, value)])
            return Domain(column, "in", options.mapped("value"))
        if column != "value_text" and operator in _COMPARED:
            return Domain(
                column, operator, self._form_operand(field_type, operator, value)
            )
        raise form_values.Wrong("type")

    @api.model
    def _form_texts(self, operator, value):
        texts = value if operator == "in" else [value]
        if not isinstance(texts, list | tuple | set) or not all(
            isinstance(text, str) for text in texts
        ):
            raise form_values.Wrong("type")
        cleaned = [clean_line(text, form_values.MAX_TEXT) for text in texts]
        return cleaned if operator == "in" else cleaned[0]

    @api.model
    def _form_operand(self, field_type, operator, value):
        """What is compared with the column, in the shape the column has."""
        if operator == "in":
            if not isinstance(value, list | tuple | set):
                raise form_values.Wrong("type")
            return [self._form_operand(field_type, "=", item) for item in value]
        if field_type in CHOICES:
            if operator != "=" or not isinstance(value, str):
                raise form_values.Wrong("type")
            return value
        question = form_values.Question("", field_type)
        clean = form_values.clean_value(question, value)
        if clean is None:
            raise form_values.Wrong("type")
        number = form_values.number_of(field_type, clean)
        return clean if number is None else number

    @api.model
    def _form_terms_anywhere(self, operator, value):
        """Domains on the rows: a text in any answer, or in the label of the option that was chosen."""
        options = self.env["gov.form.option"].search([("label", operator, value)])
        terms = [
            Domain("key", "=", field.key)
            & Domain("value_code", "in", chosen.mapped("value"))
            for field, chosen in options.grouped("field_id").items()
        ]
        return [Domain("value_text", operator, value), *terms]
