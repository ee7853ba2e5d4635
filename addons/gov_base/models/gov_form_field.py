from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib import form_values

TYPES = [
    ("text", "One line of text"),
    ("long_text", "Several lines of text"),
    ("integer", "Whole number"),
    ("amount", "Amount"),
    ("date", "Date"),
    ("boolean", "Box to tick"),
    ("choice", "One choice in a list"),
    ("choices", "Several choices in a list"),
]
CHOICES = ("choice", "choices")
MAX_FIELDS = 100


class GovFormField(models.Model):
    """One question of a form."""

    _name = "gov.form.field"
    _description = "Field of a form"
    _inherit = ["gov.form.part"]
    _rec_name = "label"
    _order = "form_id, sequence, id"
    _check_company_auto = True

    _part_texts = ("label", "help")

    form_id = fields.Many2one(
        "gov.form", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(
        related="form_id.company_id", store=True, precompute=True, index=True
    )
    sequence = fields.Integer(default=10)
    label = fields.Char(required=True, translate=True)
    key = fields.Char(
        "Technical key",
        readonly=True,
        help="Made from the label. Searches, templates and exports find the answer under this name.",
    )
    help = fields.Text(
        translate=True, help="One or two sentences under the field: what to write."
    )
    type = fields.Selection(TYPES, required=True, default="text")
    required = fields.Boolean(
        help="A draft may be kept without the answer, but not sent. A box to tick that is required must be ticked."
    )
    option_ids = fields.One2many(
        "gov.form.option", "field_id", string="Options", copy=True
    )
    options_summary = fields.Char("Choices", compute="_compute_options_summary")
    form_state = fields.Selection(related="form_id.state", string="State of the form")

    _key_uniq = models.Constraint(
        "UNIQUE(form_id, key)", "Two fields of a form cannot have the same key."
    )

    @api.depends("option_ids.label", "type")
    def _compute_options_summary(self):
        for field in self:
            labels = field.option_ids.mapped("label") if field._is_choice() else []
            field.options_summary = " · ".join(label for label in labels if label)

    @api.constrains("form_id")
    def _check_number(self):
        for form in self.form_id:
            if len(form.field_ids) > MAX_FIELDS:
                raise ValidationError(
                    self.env._(
                        "A form has %(limit)s fields at most: nobody fills in more. Make two forms of it.",
                        limit=MAX_FIELDS,
                    )
                )

    def _part_forms(self):
        return self.form_id

    def _is_choice(self):
        return self.type in CHOICES

    def _question(self):
        """This field as the pure cleaning of answers knows it."""
        return form_values.Question(
            self.key,
            self.type,
            self.required,
            tuple(self.option_ids.mapped("value")) if self._is_choice() else (),
        )

    def _definition(self):
        options = self.option_ids if self._is_choice() else self.option_ids.browse()
        return {
            "key": self.key,
            "label": self.label,
            "help": self.help or "",
            "type": self.type,
            "required": self.required,
            "options": [
                {"value": option.value, "label": option.label} for option in options
            ],
        }
