from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .desk_sending import LOST

#: (from, to) → who may: "ours" is the author of the letter, the head of its unit or a
#: supervisor; "platform" is the batch, a report of a mail server, the reader on the website
TRANSITIONS = {
    ("pending", "sent"): ("platform",),
    ("pending", "failed"): ("platform",),
    ("pending", "cancelled"): ("ours",),
    ("sent", "delivered"): ("ours", "platform"),
    ("sent", "bounced"): ("platform",),
    ("sent", "returned"): ("ours",),
    ("sent", "cancelled"): ("ours",),
}
#: ways whose end a person notes; the others report it themselves
BY_PERSON = ("post", "hand")


class DeskSending(models.Model):
    """States of a sending: one table of transitions, one gate."""

    _inherit = "desk.sending"

    can_deliver = fields.Boolean(compute="_compute_can")
    can_return = fields.Boolean(compute="_compute_can")
    can_cancel = fields.Boolean(compute="_compute_can")
    can_resend = fields.Boolean(compute="_compute_can")

    @api.depends("state", "channel", "resent_ids.state")
    @api.depends_context("uid")
    def _compute_can(self):
        for sending in self:
            sending.can_deliver = not sending._transition_refusal("delivered")
            sending.can_return = not sending._transition_refusal("returned")
            sending.can_cancel = not sending._transition_refusal("cancelled")
            sending.can_resend = not sending._resend_refusal()

    def _transition_refusal(self, new):
        """Return why this sending cannot become ``new`` by this user now, or None.

        The same answer feeds the gate (which raises it) and the buttons (which hide).
        """
        self.ensure_one()
        if (self.state, new) not in TRANSITIONS:
            return UserError(self._impossible_sentence(new))
        if "ours" not in TRANSITIONS[self.state, new]:
            return AccessError(
                self.env._("The platform itself writes this of a sending.")
            )
        if not self.outgoing_id._is_ours():
            return AccessError(
                self.env._(
                    "Only the author of the letter %(letter)s, the head of its unit, a "
                    "deputy or a supervisor of the desk can do this.",
                    letter=self.outgoing_id.display_name,
                )
            )
        return self._channel_end_refusal(new)

    def _channel_end_refusal(self, new):
        """Return why a person does not note this end of this way, or None."""
        if self.state == "pending" or self.channel in BY_PERSON:
            return None
        if new == "delivered" and self.channel == "email":
            return None
        return UserError(
            self.env._(
                "What leaves this way reports by itself whether it arrived: nothing is "
                "noted by hand."
            )
        )

    def _impossible_sentence(self, new):
        env, letter = self.env, self.outgoing_id.display_name
        labels = dict(self._fields["state"]._description_selection(env))
        if self.state in LOST:
            return env._(
                "This sending of the letter %(letter)s ended already (%(state)s): send "
                "the letter again.",
                letter=letter,
                state=labels[self.state],
            )
        if self.state == "pending":
            return env._(
                "The letter %(letter)s has not left this way yet.", letter=letter
            )
        if self.state == new:
            return env._(
                "This was noted already for the letter %(letter)s.", letter=letter
            )
        return env._(
            "The letter %(letter)s was delivered: its proof stays as it is.",
            letter=letter,
        )

    def _resend_refusal(self):
        """Return why the letter is not sent again after this one, or None."""
        self.ensure_one()
        if self.state not in LOST:
            return UserError(
                self.env._(
                    "This sending of the letter %(letter)s did not fail: there is "
                    "nothing to send again.",
                    letter=self.outgoing_id.display_name,
                )
            )
        if any(again.state not in LOST for again in self.resent_ids):
            return UserError(
                self.env._(
                    "The letter %(letter)s was sent again already.",
                    letter=self.outgoing_id.display_name,
                )
            )
        return self._resend_letter_refusal()

    def _resend_letter_refusal(self):
        return self.outgoing_id._send_refusal()

    def _pass_gate(self, new):
        """Lock these sendings and raise unless each may become ``new`` now."""
        self.check_access("read")
        self._lock()
        for sending in self:
            if refusal := sending._transition_refusal(new):
                raise refusal

    def _lock(self):
        """Take the letter, then its sendings, or say that somebody else acts on them."""
        self.outgoing_id._lock()
        self._lock_or_tell(
            self.env._(
                "Somebody else acts on this letter at this very moment. Reload it to "
                "see what was done."
            )
        )

    def _set_state(self, new, **vals):
        """Change the state; the caller passed the gate, or is the platform."""
        self.ensure_one()
        if (self.state, new) not in TRANSITIONS:
            raise UserError(self._impossible_sentence(new))
        self._write_gated({"state": new, **vals})
        self.outgoing_id._sending_changed(self)

    def _write_gated(self, vals):
        # Nobody may write proofs of sending; the gate was passed.
        self.sudo()._desk_gated().write(vals)
