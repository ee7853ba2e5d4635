from odoo import api, models
from odoo.exceptions import UserError

REFUSING = ("desk.outgoing", "desk.assignment", "desk.event")


class IrAttachment(models.Model):
    """Files of a letter being prepared come through the intake, as annexes."""

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        attachments = super().create(vals_list)
        attachments._refuse_on_drafts()
        return attachments

    def write(self, vals):
        result = super().write(vals)
        if {"res_model", "res_field"} & vals.keys():
            self._refuse_on_drafts()
        return result

    def _refuse_on_drafts(self):
        """Judge what the files became: defaults of the context count too."""
        # No field of these models keeps a file: there is none to let through.
        if any(attachment.res_model in REFUSING for attachment in self):
            raise UserError(
                self.env._(
                    "Files are not put into the text of a letter: they would escape the "
                    "checks. Add them as annexes."
                )
            )
