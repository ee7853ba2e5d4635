from odoo import fields, models
from odoo.exceptions import UserError

from ..lib import recipients as recipients_lib


class DeskMailing(models.Model):
    """The end of a mailing: nothing is left to do."""

    _inherit = "desk.mailing"

    def _check_done(self):
        # Whoever did the last act: the platform sees that nothing is left.
        for mailing_sudo in self.sudo():
            mailing_sudo.invalidate_recordset()
            if mailing_sudo.state not in ("running", "paused"):
                continue
            left = (
                self.env["desk.mailing.recipient"]
                .sudo()
                .search_count(
                    [
                        ("mailing_id", "=", mailing_sudo.id),
                        ("state", "not in", ("sent", "failed", "excluded")),
                    ],
                    limit=1,
                )
            )
            if left:
                continue
            mailing_sudo._set_state("done", ended_at=fields.Datetime.now())
            mailing_sudo._log_done()

    def _log_done(self):
        """Write that the mailing is done, with the digest of who got what."""
        self.ensure_one()
        letter = self.outgoing_id
        if self._is_model_mailing() and letter.state == "validated":
            letter._set_state("sent")
        self.env["desk.event"].with_user(self.started_by_id)._log(
            "mailing_done",
            {"number": str(self.sent_count), "text": self.sentence},
            outgoing=letter,
        )
        letter._circuit_journal()._append(
            "desk.mailing_done",
            {
                "register": letter._numbering_register().code,
                "mailing": self.id,
                "recipients": self.recipient_count,
                "sent": self.sent_count,
                "failed": self.failed_count,
            },
            subject=letter,
        )

    def _is_model_mailing(self):
        return self.numbering == "each"

    def _check_new_rows(self):
        """Raise unless rows that a person just wrote may be on these lists."""
        for mailing in self:
            mailing._check_list_open()
            keys = [
                recipients_lib.key(row.name, row.email, row.address)
                for row in mailing.recipient_ids
                if row.state != "excluded" and not row.answers_id
            ]
            if len(keys) != len(set(keys)):
                raise UserError(
                    self.env._(
                        "This recipient is on the list already: nobody gets the letter "
                        "twice."
                    )
                )
            if len(keys) > recipients_lib.MAX_ROWS:
                raise UserError(
                    self.env._(
                        "A mailing has at most %(count)s recipients: make several.",
                        count=recipients_lib.MAX_ROWS,
                    )
                )
