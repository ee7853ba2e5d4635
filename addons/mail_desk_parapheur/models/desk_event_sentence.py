from odoo import models


class DeskEvent(models.Model):
    """What the signature book adds to the timeline of a letter."""

    _inherit = "desk.event"

    def _patterns(self):
        return {
            **super()._patterns(),
            "to_sign": self.env._("%(actor)s sent the letter to the signature book"),
            "sign_refused": self.env._(
                "%(actor)s refused to sign: the letter is a draft again"
            ),
            "sign_cancelled": self.env._(
                "The folder of the signature book was given up"
            ),
            "signed": self.env._("%(actor)s signed the letter (%(name)s)"),
            "sign_step": self.env._("%(actor)s agreed in the signature book: %(name)s"),
            "sign_returned": self.env._(
                "%(actor)s returned the letter in the signature book to: %(name)s"
            ),
            "not_sent_to_sign": self.env._(
                "The letter could not go to the signature book by itself"
            ),
            "not_sent_by_itself": self.env._("The letter could not leave by itself"),
        }
