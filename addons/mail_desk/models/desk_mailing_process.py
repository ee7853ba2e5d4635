import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.modules import module as odoo_module

from .desk_mailing_recipient import TRANSITIONS
from .desk_sending_gate import BY_PERSON

_logger = logging.getLogger(__name__)

ATTEMPTS = 5
#: what a sending makes of the row it belongs to
FOLLOWS = {"pending": "sending", "sent": "sent", "delivered": "sent"}


class DeskMailingRecipient(models.Model):
    """From the list to each recipient: own letter where it has one, then its sending."""

    _inherit = "desk.mailing.recipient"

    @api.model
    def _process_mailings(self, limit=50):
        """Cron: take the next rows of mailings that are being sent, one a transaction.

        :param int limit: at most so many in one run
        """
        domain = [
            ("state", "=", "waiting"),
            ("mailing_id.state", "=", "running"),
            "|",
            ("next_attempt_at", "=", False),
            ("next_attempt_at", "<=", fields.Datetime.now()),
        ]
        rows = self.search(domain, limit=limit, order="mailing_id, sequence, id")
        remaining = self.search_count(domain)
        for row in rows:
            row._process_one()
            remaining -= 1
            if odoo_module.current_test:
                continue
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                return

    def _process_one(self):
        """Do what is next for this row; what goes wrong is written on it, not raised."""
        if self._take():
            self._try(self._step)

    def _take(self):
        """Lock this row; False when somebody acts on it, or it waits no more."""
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError:
            return False
        self.invalidate_recordset()
        return self.state == "waiting" and self.mailing_id.state == "running"

    def _try(self, work):
        """Do ``work`` in one piece, or write what went wrong and when to try again."""
        refusal = self._letter_refusal()
        if refusal:
            self._fail(str(refusal))
            return
        try:
            with self.env.cr.savepoint():
                work()
        except Exception as error:
            _logger.warning(
                "Row %s of mailing %s failed",
                self.id,
                self.mailing_id.id,
                exc_info=not isinstance(error, UserError),
            )
            self.invalidate_recordset()
            self._not_now(error)

    def _not_now(self, error):
        reason = str(error).strip().split("\n")[0][:300] or type(error).__name__
        attempts = self.attempts + 1
        if attempts >= ATTEMPTS:
            self._write_gated({"attempts": attempts})
            self._fail(reason)
            return
        wait = timedelta(minutes=2**attempts)
        self._write_gated(
            {
                "attempts": attempts,
                "reason": reason,
                "next_attempt_at": fields.Datetime.now() + wait,
            }
        )

    def _fail(self, reason):
        self._set_state("failed", reason=reason[:300])
        self.mailing_id._check_done()

    def _letter_refusal(self):
        """Return why nothing is sent to this recipient any more, or None."""
        letter = self.answers_id
        if letter and letter.state == "cancelled":
            return self.env._(
                "The registration of the letter %(letter)s was cancelled.",
                letter=letter.display_name,
            )
        if letter and not self.outgoing_id and letter.desk_state == "closed":
            return self.env._(
                "The letter %(letter)s was closed meanwhile: nothing was sent.",
                letter=letter.display_name,
            )
        channel = self._wanted_channel()
        if channel == "email" and (
            refusal := self.mailing_id.outgoing_id._address_refusal(self.email)
        ):
            return refusal
        return None

    def _step(self):
        """Make the own letter of this recipient and number it, or send the common one."""
        if self.mailing_id.numbering == "one" or self.outgoing_id.state in (
            "sealed",
            "sent",
            "read",
        ):
            self._leave()
            return
        if not self.outgoing_id:
            self._write_gated({"outgoing_id": self._make_letter().id})
        self._set_state("numbering", reason=False)
        if self.outgoing_id.state == "validated":
            self.outgoing_id._number_or_sign()

    def _make_letter(self):
        """Return the letter of this recipient: the approved words with his name in them."""
        model = self.mailing_id.outgoing_id
        # The author's letter, made by the platform from what was approved.
        letters_sudo = model.with_user(model.user_id).sudo()._desk_gated()
        letter = letters_sudo.create(
            {
                **model._copied_vals(),
                **model._merged_for(self),
                "kind": "reply" if self.answers_id else "letter",
                "answers_id": self.answers_id.id,
                "recipient_name": self.name,
                "recipient_position": self.position,
                "recipient_email": self.email,
                "recipient_address": self.address,
            }
        )
        if model.template_id:
            letter._desk_write({"template_id": model.template_id.id})
        model._copy_annexes(letter)
        letter._set_pdf()
        letter._set_state("validated")
        letter._log("validated_with", {"number": model.reference})
        return letter.with_env(self.env)

    def _leave(self):
        """The letter is sealed: send it, or leave it to a person to post or hand over."""
        channel = self._wanted_channel()
        if channel in BY_PERSON and self.proof:
            # A person noted it for a long list.
            self._leave_by(channel, self.proof)
        elif channel in BY_PERSON:
            self._set_state("manual", reason=False)
        else:
            self._leave_by(channel, None)

    def _letter(self):
        return self.outgoing_id or self.mailing_id.outgoing_id

    def _wanted_channel(self):
        return self.channel or self._possible_channels()[0]

    def _possible_channels(self):
        """Return the ways to this recipient, the usual one first."""
        self.ensure_one()
        return ["email", "post", "hand"] if self.email else ["post", "hand"]

    def _leave_by(self, channel, note, **how):
        """Send the letter to this recipient by one way. The gate was passed."""
        letter = self._letter()
        if channel not in self._possible_channels():
            raise UserError(
                self.env._(
                    "The letter does not reach %(name)s this way: choose another.",
                    name=self.name,
                )
            )
        if channel == "email" and (refusal := letter._address_refusal(self.email)):
            raise refusal
        by = self.env.user
        if self.env.su:
            by = self.proof_by_id or self.mailing_id.started_by_id
        sending = letter._send_by(
            channel,
            note,
            recipient_id=self.id,
            recipient_name=self.name,
            answers_id=self.answers_id.id,
            address=self.email if channel == "email" else self.address,
            user_id=by.id,
            **how,
        )
        self._follow(sending)
        return sending

    def _follow(self, sending):
        """A sending to this recipient changed: so does his row."""
        for row in self:
            # How far a row is follows its last sending, whoever acts on that.
            row_sudo = row.sudo()
            if sending.id != max(row_sudo.sending_ids.ids, default=0):
                continue
            new = FOLLOWS.get(sending.state, "failed")
            if sending._is_live():
                new = "sent"
            if (row_sudo.state, new) in TRANSITIONS:
                reason = sending.reason if new == "failed" else False
                row_sudo._set_state(new, reason=reason)
            row_sudo.mailing_id._check_done()
