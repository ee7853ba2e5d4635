from odoo import models

from .desk_event_sentence import ICONS

ICONS.update(
    {
        "clock_started": "fa-hourglass-start",
        "clock_warned": "fa-bell-o",
        "clock_expired": "fa-hourglass-end",
        "clock_extended": "fa-calendar-plus-o",
        "clock_moved": "fa-calendar",
        "silence_qualified": "fa-gavel",
        "completion_asked": "fa-question-circle-o",
        "completion_answered": "fa-reply",
        "completion_late": "fa-reply",
        "completion_withdrawn": "fa-forward",
        "completion_overdue": "fa-bell-o",
        "completion_failed": "fa-exclamation-triangle",
        "reminded": "fa-bell-o",
        "escalated": "fa-level-up",
    }
)


class DeskEvent(models.Model):
    """What dates and requests for completion say on the timeline."""

    _inherit = "desk.event"

    def _patterns(self):
        env = self.env
        return {
            **super()._patterns(),
            "clock_started": env._("The legal clock started"),
            "clock_warned": env._(
                "The legal length ends soon: the people in charge were told"
            ),
            "clock_expired": env._("The legal length ran out without an answer"),
            "clock_extended": env._("%(actor)s extended the legal length"),
            "clock_moved": env._("The legal last day moved with the holidays"),
            "silence_qualified": env._("%(actor)s said the effect of silence: %(how)s"),
            "completion_asked": env._(
                "%(actor)s asked the sender for what is missing (request %(number)s)"
            ),
            "completion_answered": env._("Request %(number)s was answered: %(how)s"),
            "completion_late": env._(
                "Request %(number)s was answered after its day: %(how)s"
            ),
            "completion_withdrawn": env._(
                "%(actor)s went on without the answer to request %(number)s"
            ),
            "completion_overdue": env._(
                "The sender did not answer request %(number)s in time"
            ),
            "completion_failed": env._(
                "Request %(number)s did not reach the sender: the legal clock was not "
                "stopped"
            ),
            "reminded": env._("%(people)s reminded of the due date"),
            "escalated": env._("Late: %(people)s told as superior"),
        }

    def _how(self, args):
        known = {
            "sender": self.env._("by the sender, online"),
            "desk": self.env._("noted by the desk"),
            "none": self.env._("none"),
            "accept": self.env._("silence accepts"),
            "refuse": self.env._("silence refuses"),
        }
        return known.get(args.get("kind")) or super()._how(args)
