from odoo import fields, models


class RegistryCancelWizard(models.TransientModel):
    """Asks why a registration is cancelled, and who allowed it."""

    _name = "registry.cancel.wizard"
    _description = "Cancel a registration"

    letter_id = fields.Many2one("registry.letter", required=True, readonly=True)
    number = fields.Char(related="letter_id.number")
    reason = fields.Text(
        required=True, help="In words a reader will understand in ten years."
    )
    authority = fields.Char(
        string="Decision",
        required=True,
        help="Reference of the decision that allows it, for example: note 12/2026 of "
        "the secretary general.",
    )
    authority_date = fields.Date(
        string="Date of the decision",
        required=True,
        default=fields.Date.context_today,
    )

    def action_confirm(self):
        """Cancel the registration with this reason.

        :return: True
        """
        self.ensure_one()
        return self.letter_id.action_cancel(
            reason=self.reason,
            authority=self.authority,
            authority_date=self.authority_date,
        )
