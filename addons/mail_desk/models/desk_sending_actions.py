import base64
from datetime import datetime, time

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.exceptions import IntakeRefused
from odoo.addons.gov_base.lib import given, text

from .desk_sending import RETURNS


class DeskSending(models.Model):
    """What people note of a sending: it arrived, it came back, it was a mistake."""

    _inherit = "desk.sending"

    def action_delivered(self, day=None, note=None, proof=None, filename=None):
        """Note that this letter was delivered: acknowledgment of the post, signed slip…

        :param day: date or ISO text of the delivery, not in the future nor before the
            sending; without it and without note, open the form that asks
        :param str note: proof in one line: who signed, number of the acknowledgment…
        :param str proof: scan, as base64 text
        :param str filename: name of the scan
        :return: True, or the window action of the form
        :raise UserError: not sent, delivered already, no proof, impossible date
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self.ensure_one()
        self._pass_gate("delivered")
        if day is None and note is None:
            return self._open_act("delivered", self.env._("Delivered"))
        note = text.clean_line(note, 500)
        if not (note or proof):
            raise UserError(
                self.env._(
                    "Note the proof in one line, or add the scan: number of the "
                    "acknowledgment, name of who signed…"
                )
            )
        instant = self._given_instant(day)
        self._add_proof(proof, filename)
        self._delivered(instant, note)
        return True

    def _delivered(self, instant, note=None):
        """The letter arrived: by a person's note, a report or the reader himself."""
        self._set_state("delivered", delivered_at=instant, delivery_note=note or False)
        self._log_sending("sending_delivered", {"note": note})

    def action_returned(self, reason=None, note=None, day=None, again=True):
        """Note that the post or the messenger brought this letter back.

        :param str reason: "unknown", "moved", "refused", "unclaimed" or "other"; without
            it, open the form that asks
        :param str note: words of the post, in one line; required for "other"
        :param day: date or ISO text of the return, today by default
        :param bool again: the letter has to be sent again; when it was presented and
            refused or not claimed, the sending may stand as it is
        :return: True, or the window action of the form
        :raise UserError: not sent, came back already, no reason, impossible date
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self.ensure_one()
        self._pass_gate("returned")
        if reason is None:
            return self._open_act("returned", self.env._("Came back"))
        note = text.clean_line(note, 500)
        if reason not in [code for code, _label in RETURNS] or (
            reason == "other" and not note
        ):
            raise UserError(
                self.env._(
                    "Choose why the letter came back; for “Other”, say it in one line."
                )
            )
        presented = reason in ("refused", "unclaimed") and not again
        self._set_state(
            "returned",
            ended_at=self._given_instant(day),
            return_reason=reason,
            reason=note or False,
            presented=presented,
        )
        self._log_sending("sending_returned", {"returned": reason, "note": note})
        return True

    def action_cancel(self, reason=None):
        """Cancel a sending that waits, or that was recorded by mistake. It stays readable.

        :param str reason: why, in one line; without it, open the form that asks
        :return: True, or the window action of the form
        :raise UserError: it ended already, arrived, or no reason
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self.ensure_one()
        self._pass_gate("cancelled")
        if reason is None:
            return self._open_act("cancelled", self.env._("Cancel the sending"))
        reason = text.clean_line(reason, 500)
        if not reason:
            raise UserError(self.env._("Say in one line why the sending is cancelled."))
        self._set_state("cancelled", reason=reason, ended_at=fields.Datetime.now())
        self._log_sending("sending_cancelled", {"reason": reason})
        return True

    def action_resend(self, channel=None, note=None):
        """Send the letter again after this sending failed, by the same or another way.

        :param str channel: see ``desk.outgoing.action_send``; without it, open the form
        :param str note: proof in one line
        :return: True, or the window action of the form
        :raise UserError: it did not fail, or was sent again already
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self.ensure_one()
        self.check_access("read")
        self._lock()
        if refusal := self._resend_refusal():
            raise refusal
        if channel is None:
            action = self.outgoing_id._open_form(
                "desk.send.wizard", self.env._("Send again")
            )
            action["context"]["default_resend_of_id"] = self.id
            return action
        return self.outgoing_id._send_again(self, channel, note)

    def _given_instant(self, day):
        """Return the instant of a day that a person noted; the day alone is known."""
        try:
            day = given.day(day)
        except ValueError as error:
            raise UserError(
                self.env._(
                    "This is no date: write it like %(example)s. Nothing was done.",
                    example="2026-12-31",
                )
            ) from error
        now = fields.Datetime.now()
        today = fields.Date.context_today(self)
        sent = fields.Datetime.context_timestamp(self, self.sent_at).date()
        if not day or day == today:
            return now
        if day > today or day < sent:
            raise UserError(
                self.env._(
                    "The date lies before the sending or in the future. Nothing was "
                    "noted."
                )
            )
        return max(datetime.combine(day, time(12)), self.sent_at)

    def _add_proof(self, proof, filename):
        """Keep the scan of a proof, once the intake has checked it."""
        if not proof:
            return
        try:
            content = base64.b64decode(proof, validate=True)
        except (ValueError, TypeError) as error:
            raise UserError(
                self.env._("The file did not arrive whole. Choose it again.")
            ) from error
        # Documents are written by the intake alone; the gate of the sending was passed.
        documents_sudo = self.env["gov.document"].sudo()
        try:
            documents_sudo._ingest(
                content,
                text.clean_line(filename, 200) or self.env._("proof.pdf"),
                company=self.company_id,
                owner=self.sudo()._desk_gated(),
                role="annex",
                nature="copy",
                origin="scan",
                name=self.env._("Proof of delivery"),
            )
        except IntakeRefused as refusal:
            # The web client shows the sentence of a plain UserError only.
            raise UserError(refusal.args[0]) from refusal

    def _log_sending(self, kind, args):
        """Write a line of the timeline and, in the journal, the fact without the person."""
        self.ensure_one()
        outgoing = self.outgoing_id
        self.env["desk.event"]._log(
            kind,
            {"number": outgoing.number, "kind": self.channel, **args},
            letter=self.answers_id or None,
            outgoing=outgoing,
        )
        outgoing._journal_sending(self)

    def _open_act(self, act, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "desk.sending.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_sending_id": self.id, "default_act": act},
        }

    def action_open(self):
        """Open this sending with its proofs.

        :return: window action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }
