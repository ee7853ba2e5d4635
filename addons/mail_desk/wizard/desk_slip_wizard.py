from odoo import fields, models


class DeskSlipWizard(models.TransientModel):
    """Asks how a slip ended: countersigned, or cancelled."""

    _name = "desk.slip.wizard"
    _description = "End of a transmission slip"

    slip_id = fields.Many2one("desk.slip", required=True, readonly=True)
    act = fields.Selection(
        [("signed", "Signed"), ("cancelled", "Cancelled")], required=True, readonly=True
    )
    signed_by = fields.Char(string="Signed by", size=240)
    day = fields.Date(string="On", default=fields.Date.context_today)
    scan = fields.Binary(string="Scan of the signed slip", attachment=False)
    filename = fields.Char()
    is_checked = fields.Boolean(
        string="No code can be read; I compared the paper: it is this slip"
    )
    reason = fields.Char(size=240)

    def action_confirm(self):
        """Note the end of the slip.

        :return: action that closes the form
        """
        self.ensure_one()
        if self.act == "signed":
            scan = self.scan and self.scan.decode()
            self.slip_id.action_signed(
                self.signed_by or "", self.day, scan, self.filename, self.is_checked
            )
        else:
            self.slip_id.action_cancel(self.reason or "")
        return {"type": "ir.actions.act_window_close"}
