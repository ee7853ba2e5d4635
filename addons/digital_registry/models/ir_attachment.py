from odoo import api, models
from odoo.exceptions import UserError

REFUSING = ("registry.letter", "registry.entry", "registry.receipt")


class IrAttachment(models.Model):
    """Files of a letter come through the intake, never through its chatter."""

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        attachments = super().create(vals_list)
        attachments._refuse_on_letters()
        return attachments

    def write(self, vals):
        result = super().write(vals)
        if {"res_model", "res_field"} & vals.keys():
            self._refuse_on_letters()
        return result

    def _refuse_on_letters(self):
        """Judge what the files became: defaults of the context and later changes count."""
        if any(one.res_model in REFUSING and not one.res_field for one in self):
            raise UserError(
                self.env._(
                    "Files are not attached to messages of a letter: they would escape "
                    "the checks. Add the file with “Add a scan or a file” on the "
                    "draft."
                )
            )
