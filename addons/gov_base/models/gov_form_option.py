from odoo import api, fields, models
from odoo.exceptions import ValidationError

MAX_OPTIONS = 500


class GovFormOption(models.Model):
    """One of the answers that a choice offers."""

    _name = "gov.form.option"
    _description = "Option of a choice"
    _inherit = ["gov.form.part"]
    _rec_name = "label"
    _order = "field_id, sequence, id"
    _check_company_auto = True

    _part_key = "value"
    _part_parent = "field_id"
    _part_prefix = "option"

    field_id = fields.Many2one(
        "gov.form.field",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="field_id.company_id", store=True, precompute=True, index=True
    )
    sequence = fields.Integer(default=10)
    label = fields.Char(required=True, translate=True)
    value = fields.Char("Technical key", readonly=True, help="Made from the label.")

    _value_uniq = models.Constraint(
        "UNIQUE(field_id, value)", "Two options of a choice cannot have the same key."
    )

    @api.constrains("field_id")
    def _check_number(self):
        for field in self.field_id:
            if len(field.option_ids) > MAX_OPTIONS:
                raise ValidationError(
                    self.env._(
                        "A choice offers %(limit)s options at most: ask for text instead.",
                        limit=MAX_OPTIONS,
                    )
                )

    def _part_forms(self):
        return self.field_id.form_id
