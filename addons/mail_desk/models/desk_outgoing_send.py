from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import text


class DeskOutgoing(models.Model):
    """Sending: by which way, with which proof."""

    _inherit = "desk.outgoing"

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

    def action_send(self, channel=None, note=None):
        """Send this letter and record the proof.

        :param str channel: "email", "post", "hand" or one that a bridge adds; without
            it, open the form
        :param str note: proof in one line (registered post number, who took it…);
            required but for e-mail
        :return: True, or the window action of the form
        :raise UserError: not sealed yet, unknown way, no proof, no address
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self.ensure_one()
        self._pass_gate("sent")
        if channel is None:
            return self._open_form("desk.send.wizard", self.env._("Send"))
        note = text.clean_line(note)
        if refusal := self._channel_refusal(channel, note):
            raise refusal
        self._send_by(channel, note)
        return True

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
            return UserError(
                self.env._(
                    "Note the proof in one line: number of the registered post, name of "
                    "who took the letter…"
                )
            )
        if channel == "email" and self.sending_ids.filtered(
            lambda sending: sending.channel == "email" and sending.state == "pending"
        ):
            return UserError(self.env._("This letter is being sent by e-mail already."))
        return None

    def _send_by(self, channel, note):
        """Send by one way. Hook of bridges; the gate was passed."""
        if channel == "email":
            sending = self._create_sending(channel, note, "pending")
            self.env.ref("mail_desk.ir_cron_desk_process_sendings")._trigger()
            return sending
        return self._record_sending(channel, note)

    def _create_sending(self, channel, note, state, **vals):
        # Nobody may write proofs of sending; the gate was passed.
        sendings_sudo = self.env["desk.sending"].sudo()._desk_gated()
        return sendings_sudo.create(
            {
                "outgoing_id": self.id,
                "channel": channel,
                "address": self.recipient_email
                if channel == "email"
                else self.recipient_address,
                "note": note or False,
                "user_id": self.env.uid,
                "state": state,
                **vals,
            }
        )

    def _record_sending(self, channel, note):
        """Record a sending that is done, with its proof."""
        sending = self._create_sending(
            channel, note, "sent", sent_at=fields.Datetime.now()
        )
        self._sending_done(sending)
        return sending

    def _sending_done(self, sending):
        """The letter left: it is sent, and the letter it answers is replied."""
        self.ensure_one()
        self._set_state("sent")
        event = self._log(
            "sent",
            {"number": self.number, "kind": sending.channel, "note": sending.note},
        )
        # Facts of the register's journal: who it was sent to stays in the letter.
        self._circuit_journal()._append(
            "desk.sent",
            {
                "register": self._numbering_register().code,
                "entry": self.sudo().letter_id.entry_id.event_uid,
                "channel": sending.channel,
            },
            subject=self,
        )
        self.answers_id._desk_sync()
        return event

    def _mail_vals(self, address):
        """Return the message that carries the sealed letter."""
        self.ensure_one()
        company = self.company_id
        issuer = company.gov_name or company.name
        outgoing = self.with_context(lang=self.lang)
        name = f"{(self.number or self.reference).replace('/', '-')}.pdf"
        return {
            "subject": outgoing.env._(
                "%(issuer)s – letter %(number)s",
                issuer=issuer,
                number=self.number or self.reference,
            ),
            "email_to": address,
            "email_from": self.office_id.email or company.email_formatted,
            "reply_to": self.office_id.email or company.email_formatted,
            "auto_delete": False,
            "body_html": self.env["ir.qweb"]
            .with_context(lang=self.lang)
            ._render(
                "mail_desk.outgoing_mail",
                {"outgoing": self, "issuer": issuer},
                minimal_qcontext=True,
            ),
            "attachment_ids": [
                fields.Command.create(
                    {
                        "name": name,
                        "raw": self.sudo().final_version_id._read_content(),
                        "mimetype": "application/pdf",
                        "res_model": "mail.mail",
                    }
                )
            ],
        }

    def action_abandon(self):
        """Abandon this draft: it stays readable, nothing was numbered.

        :return: True
        :raise UserError: not a draft
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self._pass_gate("cancelled")
        for draft in self:
            draft._desk_write({"state": "cancelled"})
            draft._log("abandoned", {})
        return True

    def action_download_final(self):
        """Open the sealed letter as a download.

        :return: client action
        :raise UserError: not sealed yet
        """
        self.ensure_one()
        self.check_access("read")
        if not self.final_version_id:
            raise UserError(self.env._("The sealed letter is not there yet."))
        return self.final_version_id.action_download()

    def action_open_letter(self):
        """Open the registered letter this draft became.

        :return: window action
        """
        self.ensure_one()
        return self._open_other(self.letter_id)

    def action_open_answered(self):
        """Open the letter that is answered.

        :return: window action
        """
        self.ensure_one()
        return self._open_other(self.answers_id)

    def _open_other(self, letter):
        if not letter:
            raise UserError(
                self.env._(
                    "There is no such letter: %(letter)s answers none, or is not numbered "
                    "yet.",
                    letter=self.display_name,
                )
            )
        return letter.action_open_desk()

    def action_open(self):
        """Open this letter.

        :return: window action
        """
        return self._open()

    def _open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def _open_form(self, model, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_outgoing_id": self.id},
        }
