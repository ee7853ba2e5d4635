from odoo import fields, models

from .desk_outgoing import PORTAL


class DeskSending(models.Model):
    """A reply on the website: it is delivered when the sender of the letter opens it."""

    _inherit = "desk.sending"

    def _record_reading(self):
        """Record the first opening of this reply: the proof of reading."""
        self.ensure_one()
        self._lock()
        if self.state != "sent":
            return
        now = fields.Datetime.now()
        self._set_state("delivered", delivered_at=now)
        outgoing = self.outgoing_id
        if outgoing.state == "sent" and outgoing.answers_id == self.answers_id:
            outgoing._set_state("read", read_at=now)
        letter = outgoing.letter_id
        # The register of the reply tells it: instant by the sequencer, nothing personal.
        letter.register_id._append_event(
            "reply.read",
            {"number": outgoing.number, "channel": PORTAL},
            subject=letter.entry_id,
        )
        self.env["desk.event"]._log(
            "read",
            {"number": outgoing.number},
            letter=self.answers_id,
            outgoing=outgoing,
        )
