import logging

from odoo import models

from ..lib import smtp

_logger = logging.getLogger(__name__)

#: refusals of Odoo itself that another attempt does not change
HOPELESS = ("mail_email_invalid", "mail_email_missing")
LONGEST = 300


class MailMail(models.Model):
    """A message that is handed to the mail server now; who sends it keeps the proof."""

    _inherit = "mail.mail"

    def _gov_hand_over(self, about):
        """Send this message and drop it; a failure is returned, not raised.

        :param str about: how the log names what it carries, without personal words
        :return: (what went wrong in one line or None, whether another attempt changes nothing)
        """
        self.ensure_one()
        try:
            self.send(auto_commit=False, raise_exception=False)
        except Exception as error:
            _logger.warning("%s: its e-mail failed", about, exc_info=True)
            # It would leave with the queue otherwise, beside the next attempt.
            self.exists().unlink()
            reason = str(error).strip().split("\n")[0] or type(error).__name__
            return reason[:LONGEST], False
        failure = final = None
        if self.exists() and self.state != "sent":
            words = self.failure_reason or self.env._("the message waits in the queue")
            failure = " ".join(words.split())[:LONGEST]
            final = self.failure_type in HOPELESS or smtp.is_final(words)
        self.exists().unlink()
        return failure, bool(final)
