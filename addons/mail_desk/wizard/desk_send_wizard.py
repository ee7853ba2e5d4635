from odoo import api, fields, models


class DeskSendWizard(models.TransientModel):
    """Asks by which way a letter leaves, and the proof of it."""

    _name = "desk.send.wizard"
    _description = "Send a letter"

    outgoing_id = fields.Many2one("desk.outgoing", required=True, readonly=True)
    resend_of_id = fields.Many2one("desk.sending", readonly=True)
    recipient_email = fields.Char(related="outgoing_id.recipient_email")
    channel = fields.Selection(
        "_selection_channel",
        string="How",
        required=True,
        compute="_compute_channel",
        store=True,
        readonly=False,
    )
    note = fields.Char(
        string="Proof",
        size=500,
        help="Number of the registered post, name of who took it…",
    )

    @api.model
    def _selection_channel(self):
        """Every way a person chooses; what does not fit this letter is refused, with why."""
        labels = self.env["desk.outgoing"]._channels()
        return [(code, label) for code, label in labels.items() if code != "internal"]

    @api.depends("outgoing_id")
    def _compute_channel(self):
        for wizard in self:
            wizard.channel = next(iter(wizard.outgoing_id._possible_channels()), False)

    def action_confirm(self):
        """Send the letter.

        :return: action that closes the form
        """
        self.ensure_one()
        if self.resend_of_id:
            self.resend_of_id.action_resend(self.channel, self.note)
        else:
            self.outgoing_id.action_send(self.channel, self.note)
        return {"type": "ir.actions.act_window_close"}
