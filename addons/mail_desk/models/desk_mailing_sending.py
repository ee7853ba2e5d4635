from odoo import fields, models


class DeskSending(models.Model):
    """A sending of a mailing belongs to one recipient of its list."""

    _inherit = "desk.sending"

    recipient_id = fields.Many2one(
        "desk.mailing.recipient",
        string="Recipient of the mailing",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _resend_letter_refusal(self):
        if not self.recipient_id:
            return super()._resend_letter_refusal()
        letter = self.outgoing_id
        return None if letter._is_ours() else letter._author_refusal()
