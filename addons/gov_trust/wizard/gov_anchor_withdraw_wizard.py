from odoo import fields, models


class GovAnchorWithdrawWizard(models.TransientModel):
    """Asks why, and since when, an authority is not trusted any more."""

    _name = "gov.anchor.withdraw.wizard"
    _description = "Withdraw an authority"

    anchor_id = fields.Many2one("gov.anchor", required=True, readonly=True)
    anchor_name = fields.Char(related="anchor_id.name")
    until = fields.Datetime(
        string="Not trusted since",
        help="Empty: now. Earlier when its key is known to have been stolen.",
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Withdraw the authority with this reason.

        :return: True
        """
        self.ensure_one()
        return self.anchor_id.action_withdraw(self.reason, self.until)
