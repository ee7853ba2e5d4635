import logging
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

LATE_MINUTES = 5
MAIL_ATTEMPTS = 8


class RegistryReceipt(models.Model):
    """The e-mail that carries the receipt, and the watchdog."""

    _inherit = "registry.receipt"

    @api.model
    def _process_mails(self, limit=50):
        """Cron: send the receipts that are sealed and not sent yet.

        :param int limit: at most so many messages in one run
        """
        domain = [
            ("state", "=", "sealed"),
            ("mail_state", "in", ("pending", "failed")),
            ("mail_attempts", "<", MAIL_ATTEMPTS),
            "|",
            ("mail_next_at", "=", False),
            ("mail_next_at", "<=", fields.Datetime.now()),
        ]
        receipts = self.search(domain, limit=limit, order="id")
        remaining = self.search_count(domain)
        for receipt in receipts:
            receipt._send_mails()
            remaining -= 1
            if not self._progress(1, remaining):
                return

    @api.model
    def _watchdog(self, limit=50):
        """Cron: repair receipts older than a few minutes without PDF or e-mail.

        The ordinary batch is started by the numbering itself; a crash between the two
        leaves a receipt that only this finds.

        :param int limit: at most so many receipts in one run
        """
        late = self.search_count(
            [
                ("state", "=", "pending"),
                (
                    "create_date",
                    "<",
                    fields.Datetime.now() - timedelta(minutes=LATE_MINUTES),
                ),
            ]
        )
        if late:
            _logger.info("%s receipts wait for their PDF: trying again", late)
        self._process_sequenced(limit)
        self._process_mails(limit)

    def _mail_address(self):
        """Return the address the depositor gave, or False."""
        self.ensure_one()
        if self.letter_id.direction != "incoming":
            return False
        parties = self.letter_id.party_ids.filtered("email")
        senders = parties.filtered(lambda party: party.role == "sender")
        return (senders or parties)[:1].email

    def _send_mails(self):
        """Send each sealed receipt to its depositor; a failure is written, not raised."""
        for receipt in self.filtered(
            lambda receipt: (
                receipt.state == "sealed"
                and receipt.mail_state in ("pending", "failed")
            )
        ):
            address = receipt._mail_address()
            if not address:
                receipt.mail_state = "none"
                continue
            error = receipt._send_one(address)
            attempts = receipt.mail_attempts + 1
            if not error:
                receipt.write(
                    {
                        "mail_state": "sent",
                        "mail_attempts": attempts,
                        "mail_sent_at": fields.Datetime.now(),
                        "mail_error": False,
                    }
                )
                continue
            receipt.write(
                {
                    "mail_state": "failed",
                    "mail_attempts": attempts,
                    "mail_error": error,
                    "mail_next_at": fields.Datetime.now()
                    + timedelta(minutes=min(2**attempts, 240)),
                }
            )

    def _send_one(self, address):
        """Send one message and return what went wrong, or None."""
        mail = self.env["mail.mail"].create(self._prepare_mail_vals(address))
        error, _final = mail._gov_hand_over(f"Receipt {self.id}")
        return error

    def _prepare_mail_vals(self, address):
        """Return a message that says nothing of the letter to whoever sees its title."""
        letter = self.letter_id
        language = {"ar": "ar_MA", "zgh": "zgh", "en": "en_US"}.get(
            letter.language, "fr_FR"
        )
        if not self.env["res.lang"]._get_data(code=language):
            language = self.env.lang
        env = self.with_context(lang=language).env
        office = letter.office_id.with_context(lang=language)
        company = self.company_id.with_context(lang=language)
        body = Markup("<p>%s</p><p>%s</p><p>%s<br/>%s</p>") % (
            env._("Your letter is registered. Its receipt is attached."),
            env._("Keep the file as it is: its seal proves what it says."),
            office.name,
            company.gov_name or company.name,
        )
        return {
            "subject": env._("Your receipt"),
            "body_html": body,
            "email_to": address,
            "email_from": (
                office.email
                or company.gov_email
                or company.email_formatted
                or self.env.user.email_formatted
            ),
            "auto_delete": False,
            "attachment_ids": [
                fields.Command.create(
                    {
                        "name": self.pdf_filename,
                        "raw": self._stored_pdf(),
                        "mimetype": "application/pdf",
                        # Deleted with the message once it is sent.
                        "res_model": "mail.message",
                    }
                )
            ],
        }
