from odoo import models


class DeskEvent(models.Model):
    """Sentences about letters to many and common answers."""

    _inherit = "desk.event"

    def _patterns(self):
        env = self.env
        return {
            **super()._patterns(),
            "together": env._(
                "%(actor)s began one answer to %(number)s letters, this one among them"
            ),
            "mailing_started": env._(
                "%(actor)s started the mailing to %(number)s recipients"
            ),
            "mailing_done": env._("The mailing is done"),
            "validated_with": env._(
                "The letter is validated with the mailing %(number)s"
            ),
        }
