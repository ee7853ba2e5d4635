from odoo import fields, models

from ..models.desk_sending import RETURNS


class DeskSendingWizard(models.TransientModel):
    """Asks how a sending ended: delivered, came back, cancelled."""

    _name = "desk.sending.wizard"
    _description = "End of a sending"

    sending_id = fields.Many2one("desk.sending", required=True, readonly=True)
    channel = fields.Selection(related="sending_id.channel")
    act = fields.Selection(
        [
            ("delivered", "Delivered"),
            ("returned", "Came back"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
    )
    day = fields.Date(string="On", default=fields.Date.context_today)
    return_reason = fields.Selection(RETURNS, string="Because")
    again = fields.Boolean(
        string="It has to be sent again",
        default=True,
        help="Refused or not claimed, it was presented: the administration may decide "
        "that the sending stands as it is.",
    )
    note = fields.Char(string="In one line", size=500)
    proof = fields.Binary(string="Scan", attachment=False)
    filename = fields.Char()

    def action_confirm(self):
        """Note the end of the sending.

        :return: action that closes the form
        """
        self.ensure_one()
        sending = self.sending_id
        if self.act == "delivered":
            proof = self.proof and self.proof.decode()
            sending.action_delivered(self.day, self.note or "", proof, self.filename)
        elif self.act == "returned":
            sending.action_returned(
                self.return_reason or "", self.note, self.day, self.again
            )
        else:
            sending.action_cancel(self.note or "")
        return {"type": "ir.actions.act_window_close"}
