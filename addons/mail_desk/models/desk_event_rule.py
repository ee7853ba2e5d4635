from odoo import api, models

#: kind of line of the timeline → event of rules
EVENTS = {
    "dispatched": "desk_dispatched",
    "returned": "desk_returned",
    "refused_by_unit": "desk_refused",
    "redirected": "desk_redirected",
    "completion_answered": "desk_completed",
    "completion_late": "desk_completed",
    "sent": "desk_replied",
    "closed": "desk_closed",
}


class DeskEvent(models.Model):
    """What is written in the timeline is what rules answer to."""

    _inherit = "desk.event"

    @api.model
    def _log(self, kind, args, *, letter=None, **others):
        event = super()._log(kind, args, letter=letter, **others)
        if letter and kind in EVENTS:
            self.env["gov.rule"]._fire(EVENTS[kind], letter)
        return event
