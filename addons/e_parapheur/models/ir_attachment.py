from odoo import api, models
from odoo.exceptions import UserError

REFUSING = ("parapheur.folder", "parapheur.piece", "parapheur.signature")


class IrAttachment(models.Model):
    """Files of a folder come through the intake, never through its messages."""

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        attachments = super().create(vals_list)
        attachments._refuse_on_folders()
        return attachments

    def write(self, vals):
        result = super().write(vals)
        if "res_model" in vals:
            self._refuse_on_folders()
        return result

    def _refuse_on_folders(self):
        """Judge what the files became: defaults of the context and later changes count too."""
        # No field of these models keeps a file: there is none to let through.
        if any(one.res_model in REFUSING for one in self):
            raise UserError(
                self.env._(
                    "Files are not attached to messages of a folder: they would escape the "
                    "checks. Add the file to the draft, as a main document or an annex."
                )
            )
