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
            "signed": self.env._("%(actor)s signed the letter"),
        }
