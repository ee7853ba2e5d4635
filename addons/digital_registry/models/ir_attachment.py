from odoo import api, models
from odoo.exceptions import UserError

REFUSING = ("registry.letter", "registry.entry", "registry.receipt")


class IrAttachment(models.Model):
    """Files of a letter come through the intake, never through its chatter."""

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_on_letters(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_on_letters(vals)
        return super().write(vals)

    @api.model
    def _refuse_on_letters(self, vals):
        if vals.get("res_model") in REFUSING and not vals.get("res_field"):
            raise UserError(
                self.env._(
                    "Files are not attached to messages of a letter: they would escape "
                    "the checks. Add the file with “Add a scan or a file” on the "
                    "draft."
                )
            )
