from odoo import models

from .desk_outgoing import PORTAL


class DeskMailingRecipient(models.Model):
    """The common answer to an online deposit is found where the deposit is followed."""

    _inherit = "desk.mailing.recipient"

    def _possible_channels(self):
        ways = super()._possible_channels()
        if not self.answers_id:
            return ways
        # Whether the letter came online, for whoever works on the answer.
        deposits_sudo = self.env["gov.deposit"].sudo()
        found = deposits_sudo.search_count(
            [("letter_id", "=", self.answers_id.id)], limit=1
        )
        return [PORTAL, *ways] if found else ways
