import secrets

from odoo import api, fields, models
from odoo.fields import NO_ACCESS

STATES = [
    ("pending", "To be sent"),
    ("sent", "Sent"),
    ("delivered", "Delivered"),
    ("bounced", "Bounced"),
    ("returned", "Returned"),
    ("failed", "Not sent"),
    ("cancelled", "Cancelled"),
]
#: the letter left this way, and did not come back
LIVE = ("sent", "delivered")
#: it did not reach anybody: another way has to be found
LOST = ("bounced", "returned", "failed", "cancelled")
RETURNS = [
    ("unknown", "Unknown at this address"),
    ("moved", "Moved"),
    ("refused", "Refused by the recipient"),
    ("unclaimed", "Not claimed"),
    ("other", "Other"),
]


class DeskSending(models.Model):
    """One sending of a letter by one way: when, by whom, to which address, with which proof.

    A letter may have several: by e-mail and by post, again after it came back. Each has its
    own state (``desk_sending_gate``), kept for ever.
    """

    _name = "desk.sending"
    _description = "Sending of a letter"
    _inherit = ["desk.kept.mixin", "gov.document.owner"]
    _order = "id desc"
    _rec_name = "channel"

    outgoing_id = fields.Many2one(
        "desk.outgoing",
        string="Letter",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="outgoing_id.company_id", store=True, precompute=True
    )
    answers_id = fields.Many2one(
        "registry.letter",
        string="In answer to",
        compute="_compute_answers_id",
        store=True,
        precompute=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The letter whose sender gets this.",
    )
    channel = fields.Selection(
        "_selection_channel", string="How", required=True, readonly=True
    )
    recipient_name = fields.Char(string="To", readonly=True)
    address = fields.Char(readonly=True)
    note = fields.Char(
        string="Proof",
        readonly=True,
        size=500,
        help="Number of the registered post, who took the letter…",
    )
    user_id = fields.Many2one(
        "res.users", string="By", readonly=True, ondelete="restrict"
    )
    asked_at = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now
    )
    sent_at = fields.Datetime(string="Sent on", readonly=True)
    delivered_at = fields.Datetime(string="Delivered on", readonly=True)
    delivery_note = fields.Char(string="Proof of delivery", readonly=True)
    ended_at = fields.Datetime(string="Came back on", readonly=True)
    return_reason = fields.Selection(RETURNS, string="Returned because", readonly=True)
    presented = fields.Boolean(
        string="Stands as presented",
        readonly=True,
        help="It was brought to the recipient, who refused or did not claim it; the "
        "administration does not send it again.",
    )
    reason = fields.Char(
        readonly=True, help="Why it came back, was not sent or was cancelled."
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default="pending", index=True
    )
    error = fields.Char(string="Last problem", readonly=True)
    attempts = fields.Integer(readonly=True, aggregator=None)
    next_attempt_at = fields.Datetime(string="Next attempt", readonly=True)
    resend_of_id = fields.Many2one(
        "desk.sending",
        string="Sent again after",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    resent_ids = fields.One2many(
        "desk.sending", "resend_of_id", string="Sent again as", readonly=True
    )
    # In the address that bounces go to, and in the number of the message.
    token = fields.Char(readonly=True, copy=False, groups=NO_ACCESS)

    _waiting_idx = models.Index("(id) WHERE state = 'pending'")
    _token_uniq = models.UniqueIndex("(token) WHERE token IS NOT NULL")

    @api.depends("outgoing_id")
    def _compute_answers_id(self):
        for sending in self:
            sending.answers_id = sending.outgoing_id.answers_id

    @api.depends("channel", "outgoing_id")
    def _compute_display_name(self):
        labels = self.env["desk.outgoing"]._channels()
        for sending in self:
            sending.display_name = self.env._(
                "%(letter)s, %(how)s",
                letter=sending.outgoing_id.display_name,
                how=labels.get(sending.channel, sending.channel),
            )

    @api.model
    def _gated_names(self):
        return frozenset(self._fields)

    @api.model
    def _selection_channel(self):
        return list(self.env["desk.outgoing"]._channels().items())

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [{**vals, "token": secrets.token_hex(12)} for vals in vals_list]
        )

    @api.model
    def _desk_gate_sentence(self):
        return self.env._("A proof of sending is written by the platform itself.")

    def _gov_document_locked(self, documents):
        """Answer the document: a proof stays."""
        return True

    def _is_live(self):
        """Tell whether the letter left this way and did not come back."""
        return self.state in LIVE or self.presented
