from odoo import api, fields, models


class RegistryRectifyWizard(models.TransientModel):
    """Shows the value in the register and asks the right one; both are kept."""

    _name = "registry.rectify.wizard"
    _description = "Rectify a registered letter"

    letter_id = fields.Many2one("registry.letter", required=True, readonly=True)
    number = fields.Char(related="letter_id.number")
    field_name = fields.Selection(
        [
            ("subject", "Subject"),
            ("sender_name", "Correspondent"),
            ("sender_reference", "Their reference"),
            ("document_date", "Date of the letter"),
            ("arrival_date", "Day of arrival"),
        ],
        string="What is wrong",
        required=True,
        default="subject",
    )
    old_value = fields.Char(string="In the register now", compute="_compute_old_value")
    is_date = fields.Boolean(compute="_compute_old_value")
    new_text = fields.Char(string="Right value")
    new_date = fields.Date(string="Right date")
    reason = fields.Text(required=True)

    @api.depends("letter_id", "field_name")
    def _compute_old_value(self):
        for wizard in self:
            wizard.is_date = wizard.field_name in ("document_date", "arrival_date")
            value = wizard.field_name and wizard.letter_id[wizard.field_name]
            if wizard.is_date and value:
                value = value.isoformat()
            wizard.old_value = value or False

    @api.onchange("field_name")
    def _onchange_field_name(self):
        self.new_text = False if self.is_date else self.old_value
        self.new_date = self.letter_id[self.field_name] if self.is_date else False

    def action_confirm(self):
        """Rectify the chosen fact.

        :return: True
        """
        self.ensure_one()
        return self.letter_id.action_rectify(
            field_name=self.field_name,
            value=self.new_date if self.is_date else self.new_text,
            reason=self.reason,
        )
