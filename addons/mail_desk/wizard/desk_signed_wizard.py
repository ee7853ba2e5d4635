from odoo import fields, models


class DeskSignedWizard(models.TransientModel):
    """Takes the scan of a letter that was signed on paper."""

    _name = "desk.signed.wizard"
    _description = "Scan of a signed letter"

    outgoing_id = fields.Many2one("desk.outgoing", required=True, readonly=True)
    outgoing_name = fields.Char(related="outgoing_id.display_name", string="Letter")
    file = fields.Binary(string="Scan", required=True, attachment=False)
    filename = fields.Char()
    is_checked = fields.Boolean(
        string="No code can be read; I compared the paper: it is this letter"
    )

    def action_confirm(self):
        """Take the scan.

        :return: action that closes the form
        """
        self.ensure_one()
        content = self.file.decode() if isinstance(self.file, bytes) else self.file
        self.outgoing_id.action_scan_signed(
            content, filename=self.filename, is_checked=self.is_checked
        )
        return {"type": "ir.actions.act_window_close"}
