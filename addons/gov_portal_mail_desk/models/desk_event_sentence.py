from odoo import models


class DeskEvent(models.Model):
    """What the portal adds to the timeline of a letter."""

    _inherit = "desk.event"

    def _patterns(self):
        return {
            **super()._patterns(),
            "read": self.env._("The sender opened the reply %(number)s"),
        }
