from odoo import api, models
from odoo.tools import email_normalize, email_split

from ..lib import dsn


class MailThread(models.AbstractModel):
    """Bounces of letters sent by e-mail come back to their sending."""

    _inherit = "mail.thread"

    @api.model
    def _desk_report(self, message, message_dict):
        """Return (report, sending) when this message is about a letter we sent."""
        report = dsn.read(message)
        addresses = [
            email_normalize(address) or address
            for address in email_split(message_dict.get("recipients") or "")
        ]
        return report, self.env["desk.sending"]._of_report(report, addresses)

    @api.model
    def _detect_is_bounce(self, message, message_dict):
        if super()._detect_is_bounce(message, message_dict):
            return True
        # An address of ours that only bounces are sent to, whatever the message is.
        bounces = self._desk_bounce_addresses()
        return any(
            self._desk_without_tag(address) in bounces
            for address in email_split(message_dict.get("to") or "")
            if "+" in address.partition("@")[0]
        )

    @api.model
    def _desk_bounce_addresses(self):
        # The gateway routes for every administration.
        domains_sudo = self.env["mail.alias.domain"].sudo()
        return {
            address.lower()
            for address in domains_sudo.search([("bounce_alias", "!=", False)]).mapped(
                "bounce_email"
            )
            if address
        }

    @api.model
    def _desk_without_tag(self, address):
        local, _at, domain = address.lower().partition("@")
        return f"{local.partition('+')[0]}@{domain}"

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        report, sending = self._desk_report(email_message, message_dict)
        if sending:
            sending._report_received(report)
            return None
        return super()._routing_handle_bounce(email_message, message_dict)
