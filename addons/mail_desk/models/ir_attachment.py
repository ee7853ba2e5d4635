from odoo import api, models
from odoo.exceptions import UserError

REFUSING = ("desk.outgoing", "desk.assignment", "desk.event")


class IrAttachment(models.Model):
    """Files of a letter being prepared come through the intake, as annexes."""

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_on_drafts(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_on_drafts(vals)
        return super().write(vals)

    @api.model
    def _refuse_on_drafts(self, vals):
        if vals.get("res_model") in REFUSING and not vals.get("res_field"):
            raise UserError(
                self.env._(
                    "Files are not put into the text of a letter: they would escape the "
                    "checks. Add them as annexes."
                )
            )
