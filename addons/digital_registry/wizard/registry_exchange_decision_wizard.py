from odoo import fields, models


class RegistryExchangeDecisionWizard(models.TransientModel):
    """Asks why a letter of another administration is rejected, or where it goes."""

    _name = "registry.exchange.decision.wizard"
    _description = "Decide about a letter of another administration"

    exchange_id = fields.Many2one("registry.exchange", required=True, readonly=True)
    decision = fields.Selection(
        [("rejected", "Reject"), ("forwarded", "Forward")], required=True, readonly=True
    )
    to_company_id = fields.Many2one(related="exchange_id.to_company_id")
    from_number = fields.Char(related="exchange_id.from_number")
    current_office_id = fields.Many2one(related="exchange_id.to_office_id")
    office_id = fields.Many2one("registry.office", string="To the office")
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Reject or forward, as asked.

        :return: True
        """
        self.ensure_one()
        if self.decision == "rejected":
            return self.exchange_id.action_reject(reason=self.reason or "")
        return self.exchange_id.action_forward(
            office_id=self.office_id.id, reason=self.reason or ""
        )
