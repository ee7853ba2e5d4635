from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from odoo.addons.gov_base.lib import text


class DeskOutgoing(models.Model):
    """Sending: by which ways, with which proof. What follows is in desk_outgoing_sent."""

    _inherit = "desk.outgoing"

    can_send_again = fields.Boolean(compute="_compute_can_send_again")

    @api.depends("state", "user_id", "unit_id")
    @api.depends_context("uid")
    def _compute_can_send_again(self):
        for outgoing in self:
            outgoing.can_send_again = (
                outgoing.state in ("sent", "read") and not outgoing._send_refusal()
            )

    @api.model
    def _channels(self):
        """Return {code: label} of the ways a letter leaves; a bridge adds its own."""
        return {
            "email": self.env._("E-mail"),
            "post": self.env._("Post"),
            "hand": self.env._("By hand"),
            "internal": self.env._("To the unit"),
        }

    def _possible_channels(self):
        """Return the codes of the ways this letter can leave."""
        self.ensure_one()
        if self.kind == "note":
            return []
        ways = ["post", "hand"]
        return ["email", *ways] if self.recipient_email else ways

    def _send_refusal(self):
        """Return why this letter cannot leave now, or None."""
        self.ensure_one()
        if self.state not in ("sent", "read"):
            return self._transition_refusal("sent")
        if not self._is_ours():
            return self._author_refusal()
        if not self._possible_channels():
            return UserError(
                self.env._("The letter %(letter)s is sent.", letter=self.display_name)
            )
        return None

    def action_send(self, channel=None, note=None):
        """Send this letter by one way and record the proof; by another way, send it again.

        :param str channel: "email", "post", "hand" or one that a bridge adds; without
            it, open the form
        :param str note: proof in one line (registered post number, who took it…);
            required but for e-mail
        :return: True, or the window action of the form
        :raise UserError: not sealed yet, unknown way, no proof, no address, the same
            sending is there already
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self.ensure_one()
        self._check_send()
        if channel is None:
            return self._open_form("desk.send.wizard", self.env._("Send"))
        self._send_checked(channel, note)
        return True

    def _send_again(self, sending, channel, note):
        """Send this letter again after ``sending`` was lost."""
        self._check_send()
        return bool(self._send_checked(channel, note, resend_of=sending))

    def _check_send(self):
        """Lock this letter and raise unless it may leave now."""
        self.check_access("read")
        self._lock()
        if refusal := self._send_refusal():
            raise refusal

    def _send_checked(self, channel, note, **how):
        note = text.clean_line(note, 500)
        if refusal := self._channel_refusal(channel, note):
            raise refusal
        if refusal := self._twice_refusal(channel, note):
            raise refusal
        return self._send_by(channel, note, **how)

    def _channel_refusal(self, channel, note):
        if channel == "email" and not self.recipient_email:
            return UserError(
                self.env._(
                    "The recipient has no e-mail address: send the letter by post or by "
                    "hand."
                )
            )
        if channel not in self._possible_channels():
            return UserError(
                self.env._("A letter does not leave this way: choose one of the list.")
            )
        if channel in ("post", "hand") and not note:
            return self._proof_refusal()
        if channel == "email":
            return self._address_refusal(self.recipient_email)
        return None

    @api.model
    def _proof_refusal(self):
        return UserError(
            self.env._(
                "Note the proof in one line: number of the registered post, name of "
                "who took the letter…"
            )
        )

    @api.model
    def _address_refusal(self, address):
        """Return why a letter is not sent to this e-mail address, or None."""
        line = text.clean_line(address).lower()
        if line.count("@") == 1 and email_normalize(line) == line:
            return None
        return UserError(
            self.env._(
                "“%(address)s” is not one e-mail address: correct it, or send the letter "
                "by post or by hand.",
                address=address or "",
            )
        )

    def _twice_refusal(self, channel, note):
        """Return that the same sending is there already, or None."""
        if channel == "email" and self.sending_ids.filtered(
            lambda sending: sending.channel == "email" and sending.state == "pending"
        ):
            return UserError(self.env._("This letter is being sent by e-mail already."))
        address = self._sending_address(channel)
        same = self.sending_ids.filtered(
            lambda sending: (
                sending.channel == channel
                and sending._is_live()
                and (sending.address or "") == (address or "")
                and (sending.note or "") == note
            )
        )
        if not same:
            return None
        return UserError(
            self.env._(
                "The letter %(letter)s was sent this way already, to the same address and "
                "with the same proof. Cancel that sending if it was a mistake, or choose "
                "another way.",
                letter=self.display_name,
            )
        )

    def _sending_address(self, channel):
        return self.recipient_email if channel == "email" else self.recipient_address

    def _send_by(self, channel, note, **how):
        """Send by one way. Hook of bridges; the gate was passed."""
        if channel == "email":
            sending = self._create_sending(channel, note, "pending", **how)
            self.env.ref("mail_desk.ir_cron_desk_process_sendings")._trigger()
            return sending
        return self._record_sending(channel, note, **how)

    def _create_sending(self, channel, note, state, resend_of=None, **vals):
        # Nobody may write proofs of sending; the gate was passed.
        sendings_sudo = self.env["desk.sending"].sudo()._desk_gated()
        return sendings_sudo.create(
            {
                "outgoing_id": self.id,
                "channel": channel,
                "recipient_name": self.recipient_name or self.recipient_unit_id.name,
                "address": self._sending_address(channel),
                "note": note or False,
                "user_id": self.env.uid,
                "state": state,
                "resend_of_id": resend_of.id if resend_of else False,
                **vals,
            }
        )

    def _record_sending(self, channel, note, **how):
        """Record a sending that is done, with its proof."""
        how.setdefault("sent_at", fields.Datetime.now())
        sending = self._create_sending(channel, note, "sent", **how)
        self._sending_done(sending)
        return sending
