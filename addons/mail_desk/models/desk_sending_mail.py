import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import LockError
from odoo.modules import module as odoo_module
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

ATTEMPTS = 6


class DeskSending(models.Model):
    """Sending by e-mail: the batch, and what mail servers report afterwards."""

    _inherit = "desk.sending"

    @api.model
    def _process_sendings(self, limit=50):
        """Cron: send the letters that leave by e-mail, one a transaction.

        :param int limit: at most so many in one run
        """
        domain = [
            ("state", "=", "pending"),
            "|",
            ("next_attempt_at", "=", False),
            ("next_attempt_at", "<=", fields.Datetime.now()),
        ]
        sendings = self.search(domain, limit=limit, order="id")
        remaining = self.search_count(domain)
        for sending in sendings:
            sending._desk_gated()._send_one()
            remaining -= 1
            if odoo_module.current_test:
                continue
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                return

    def _send_one(self):
        """Hand one letter to the mail server; a failure is written, not raised."""
        self.ensure_one()
        if not self._take():
            return
        error, final = self._mail_error()
        attempts = self.attempts + 1
        self._write_gated({"attempts": attempts})
        if not error:
            self._set_state(
                "sent",
                sent_at=fields.Datetime.now(),
                error=False,
                next_attempt_at=False,
            )
            self.outgoing_id._sending_done(self)
            return
        if not final and attempts < ATTEMPTS:
            wait = timedelta(minutes=min(2**attempts, 240))
            self._write_gated(
                {"error": error, "next_attempt_at": fields.Datetime.now() + wait}
            )
            return
        self._set_state("failed", error=error, reason=error, next_attempt_at=False)
        self._log_sending("not_sent", {"reason": error})

    def _take(self):
        """Lock this sending; False when somebody acts on it, or it waits no more."""
        try:
            self.outgoing_id.lock_for_update(allow_referencing=True)
            self.lock_for_update(allow_referencing=True)
        except LockError:
            return False
        self.invalidate_recordset()
        return self.state == "pending"

    def _mail_error(self):
        """Send the message; return (what went wrong in one line or None, for good or not)."""
        mail = self.env["mail.mail"].create(
            {**self.outgoing_id._mail_vals(self.address), **self._mail_identity()}
        )
        return mail._gov_hand_over(f"Letter {self.outgoing_id.id}")

    def _mail_identity(self):
        """Return what lets a report find this sending: its own return path and number.

        The same at each attempt, so that a message sent twice is known as one.
        """
        # The token is nobody's to read; the message carries it to its recipient alone.
        self_sudo = self.sudo()
        token = self_sudo.token
        bounce = self_sudo.company_id.bounce_email or ""
        local, _at, domain = bounce.partition("@")
        host = domain or "maktab.invalid"
        vals = {"message_id": f"<{token}.desk-sending@{host}>"}
        if domain:
            vals["headers"] = repr({"Return-Path": f"{local}+{token}@{domain}"})
        return vals

    @api.model
    def _of_report(self, report, addresses):
        """Return the sending a report is about, or none.

        :param report: ``lib.dsn.Report``
        :param list addresses: where the report was sent to
        """
        texts = [*addresses, *report.message_ids]
        tokens = {
            part
            for text in texts
            for part in text.lower()
            .replace("<", "")
            .replace("+", ".")
            .split("@")[0]
            .split(".")
            if len(part) == 24 and part.isalnum()
        }
        if not tokens:
            return self.browse()
        # The report of a mail server is nobody's; only who got the message knows the token.
        sendings_sudo = self.sudo()
        return sendings_sudo.search([("token", "in", list(tokens))], limit=1)

    def _report_received(self, report):
        """A mail server reports about this sending. Told twice, it is written once.

        :param report: ``lib.dsn.Report``; only a report of a failure is a bounce
        """
        self.ensure_one()
        self._wait_for()
        if self.channel != "email" or self.state != "sent":
            _logger.info("Sending %s: a report that changes nothing", self.id)
            return
        if report.action == "failed":
            self._set_state(
                "bounced",
                ended_at=fields.Datetime.now(),
                reason=report.reason or self.env._("no reason given"),
            )
            self._log_sending("sending_bounced", {"reason": self.reason})
        elif report.action == "delivered":
            self._delivered(fields.Datetime.now(), report.reason)
        else:
            self._note_report(report)

    def _wait_for(self):
        """Take the letter and this sending, after whoever has them: a report comes once."""
        for record in (self.outgoing_id, self):
            self.env.cr.execute(
                SQL(
                    "SELECT id FROM %s WHERE id = %s FOR NO KEY UPDATE",
                    SQL.identifier(record._table),
                    record.id,
                )
            )
        self.invalidate_recordset()

    def _note_report(self, report):
        """Keep what is neither a failure nor a delivery: a person may want to read it."""
        kinds = {
            "delayed": self.env._("delayed, the mail server goes on trying"),
            "relayed": self.env._("handed to a server that reports nothing more"),
            "expanded": self.env._("handed to a list of addresses"),
            "automatic": self.env._("an automatic answer came"),
            "unknown": self.env._("an answer of a mail server that could not be read"),
        }
        words = f"{kinds[report.action]}: {report.reason}".rstrip(": ")
        self._write_gated({"error": words[:300]})
        self.env["desk.event"]._log(
            "sending_noted",
            {"number": self.outgoing_id.number, "note": words[:300]},
            letter=self.answers_id or None,
            outgoing=self.outgoing_id,
        )
