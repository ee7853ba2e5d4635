from odoo import fields, models


class DeskMailingPostedWizard(models.TransientModel):
    """Asks for the proof of letters that were posted or handed over together."""

    _name = "desk.mailing.posted.wizard"
    _description = "Posted or handed over"

    mailing_id = fields.Many2one("desk.mailing", required=True, readonly=True)
    recipient_ids = fields.Many2many(
        "desk.mailing.recipient",
        string="To whom",
        domain="[('mailing_id', '=', mailing_id), ('state', '=', 'manual')]",
        help="Empty: to all who wait.",
    )
    note = fields.Char(string="Proof", required=True, size=500)

    def action_confirm(self):
        """Note the proof.

        :return: action that closes the form
        """
        self.ensure_one()
        self.mailing_id.action_posted(self.note or "", self.recipient_ids.ids or None)
        return {"type": "ir.actions.act_window_close"}
