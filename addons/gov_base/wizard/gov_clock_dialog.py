from odoo import api, fields, models

from ..models.gov_clock import EFFECTS


class GovClockDialog(models.TransientModel):
    """Asks for a reference or a reason; ``gov.clock`` and ``gov.clock.run`` decide and do it."""

    _name = "gov.clock.dialog"
    _description = "Question about a legal clock"

    operation = fields.Selection(
        [("confirm", "Confirm the rule"), ("qualify", "Say the effect")],
        required=True,
        readonly=True,
    )
    clock_id = fields.Many2one("gov.clock", readonly=True, ondelete="cascade")
    run_id = fields.Many2one("gov.clock.run", readonly=True, ondelete="cascade")
    to_confirm = fields.Text(related="clock_id.to_confirm")
    reference = fields.Char()
    effect = fields.Selection(EFFECTS, default="none")
    reason = fields.Char()
    legal_effect = fields.Char(compute="_compute_legal_effect")

    @api.depends("run_id")
    def _compute_legal_effect(self):
        labels = dict(EFFECTS)
        if self.run_id:
            labels = dict(
                self.run_id._fields["silence_effect"]._description_selection(self.env)
            )
        for dialog in self:
            effect = dialog.run_id._legal_effect() if dialog.run_id else "none"
            dialog.legal_effect = labels[effect]

    def action_confirm(self):
        """Do what was asked, with the rights of the user.

        :return: action that closes the dialog
        :raise AccessError, UserError: what the clock refuses
        """
        self.ensure_one()
        if self.operation == "confirm":
            self.clock_id.action_confirm(self.reference or "")
        else:
            self.run_id.action_qualify(self.effect or "", self.reason or "")
        return {"type": "ir.actions.act_window_close"}
