from odoo import api, models

from .desk_outgoing import PORTAL


class DeskCompletion(models.Model):
    """A request to whoever deposited online is shown and answered where the letter is followed."""

    _inherit = "desk.completion"

    @api.model
    def _channels(self):
        return {PORTAL: self.env._("On the website"), **super()._channels()}

    def _mail_how(self):
        deposits_sudo = self.letter_id._portal_deposit_sudo()
        if not deposits_sudo:
            return super()._mail_how()
        return self.env._(
            "Answer on the page where you follow your letter, with its number, your secret "
            "code and the control: %(url)s",
            url=deposits_sudo.receipt_id._tracking_url(),
        )
