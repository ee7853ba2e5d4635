from odoo import api, models
from odoo.exceptions import UserError

REFUSING = ("parapheur.folder", "parapheur.piece", "parapheur.signature")


class IrAttachment(models.Model):
    """Files of a folder come through the intake, never through its messages."""

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_on_folders(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_on_folders(vals)
        return super().write(vals)

    @api.model
    def _refuse_on_folders(self, vals):
        if vals.get("res_model") in REFUSING and not vals.get("res_field"):
            raise UserError(
                self.env._(
                    "Files are not attached to messages of a folder: they would escape the "
                    "checks. Add the file to the draft, as a main document or an annex."
                )
            )
