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
