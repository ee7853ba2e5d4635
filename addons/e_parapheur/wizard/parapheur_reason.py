from odoo import fields, models


class ParapheurReason(models.TransientModel):
    """Asks why a folder is taken back or stopped, then does it."""

    _name = "parapheur.reason"
    _description = "Reason"

    folder_id = fields.Many2one(
        "parapheur.folder", required=True, readonly=True, ondelete="cascade"
    )
    what = fields.Selection(
        [("recall", "Take back"), ("cancel", "Stop the circuit")],
        required=True,
        readonly=True,
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Take the folder back, or stop its circuit.

        :return: closes the dialog
        :raise UserError: what the folder refuses
        """
        self.ensure_one()
        if self.what == "recall":
            self.folder_id.action_recall(self.reason)
        else:
            self.folder_id.action_cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
