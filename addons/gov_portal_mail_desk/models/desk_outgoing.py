from odoo import api, fields, models
from odoo.exceptions import UserError

PORTAL = "portal"


class DeskOutgoing(models.Model):
    """A reply to an online deposit is delivered where the deposit is followed."""

    _inherit = "desk.outgoing"

    read_at = fields.Datetime(
        string="Read on",
        readonly=True,
        copy=False,
        help="When the sender of the letter opened this reply on the website.",
    )
    is_portal_reply = fields.Boolean(compute="_compute_is_portal_reply")

    @api.depends("answers_id")
    def _compute_is_portal_reply(self):
        # Whether the letter came online, for whoever works on the reply.
        deposits_sudo = self.env["gov.deposit"].sudo()
        found = deposits_sudo.search([("letter_id", "in", self.answers_id.ids)])
        letters = found.letter_id
        for outgoing in self:
            outgoing.is_portal_reply = (
                outgoing.kind == "reply" and outgoing.answers_id in letters
            )

    @api.model
    def _channels(self):
        return {PORTAL: self.env._("on the website"), **super()._channels()}

    def _possible_channels(self):
        ways = super()._possible_channels()
        return [PORTAL, *ways] if self.is_portal_reply else ways

    def _channel_refusal(self, channel, note):
        if channel == PORTAL and not self.is_portal_reply:
            return UserError(
                self.env._(
                    "This letter answers no online deposit: nobody would find it on the "
                    "website. Send it another way."
                )
            )
        return super()._channel_refusal(channel, note)

    def _portal_sent_at(self):
        """Instant of the sending through the website, or False."""
        self.ensure_one()
        return (
            self.sending_ids.filtered(
                lambda sending: sending.channel == PORTAL and sending.state == "sent"
            )
            .sorted("id")[:1]
            .sent_at
        )

    def _record_reading(self):
        """Record the first opening of this reply: the proof of reading."""
        self.ensure_one()
        self._lock()
        if self.read_at:
            return
        self._set_state("read", read_at=fields.Datetime.now())
        # The register of the reply tells it: instant by the sequencer, nothing personal.
        self.letter_id.register_id._append_event(
            "reply.read",
            {"number": self.number, "channel": PORTAL},
            subject=self.letter_id.entry_id,
        )
        self._log("read", {"number": self.number})
