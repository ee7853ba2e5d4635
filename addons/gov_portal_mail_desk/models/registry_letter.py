from odoo import models
from odoo.tools import format_datetime


class RegistryLetter(models.Model):
    """The route of a letter as its sender sees it: units and dates, never an agent."""

    _inherit = "registry.letter"

    def _portal_timeline(self):
        stages = super()._portal_timeline()
        if self.state == "cancelled" or not self.entry_id.display_number:
            return stages
        route = self._portal_route()
        replies = self._portal_replies()
        if route or replies or self.desk_state == "closed":
            # What really happened takes the place of what was expected.
            stages = [stage for stage in stages if stage["key"] != "handling"]
        stages += route + replies
        if self.desk_state == "closed":
            stages.append(self._portal_end())
        elif not replies:
            stages.append(
                {
                    "key": "reply_expected",
                    "title": self.env._("Reply"),
                    "text": self.env._("The reply will be here when it is sent."),
                    "at": None,
                    "done": False,
                }
            )
        return stages

    def _desk_sender_stages(self):
        """The stages of ``/track``, as plain values in the reader's language."""
        return [
            {
                "key": stage["key"],
                "title": stage["title"],
                "text": stage["text"],
                "number": stage.get("number") or "",
                "when": format_datetime(self.env, stage["at"], dt_format="short")
                if stage["at"]
                else "",
                "done": stage["done"],
            }
            # The same method that the page calls, with the rights it has.
            for stage in self.sudo()._portal_timeline()
        ]

    def _portal_route(self):
        """The units that had this letter to treat, one stage each, oldest first."""
        stages, last = [], None
        for row in self.assignment_ids.sorted("id"):
            unit = row.unit_id
            # The first row is the arrival at the desk itself: nobody has decided yet.
            if row.role != "to" or not row.parent_id or not unit or unit == last:
                continue
            last = unit
            stages.append(
                {
                    "key": f"unit-{row.id}",
                    "title": self.env._("With %(unit)s", unit=unit.name),
                    "text": "",
                    "at": row.assigned_at,
                    "done": True,
                }
            )
        return stages

    def _portal_replies(self):
        """The replies sent here, oldest first."""
        return [
            {
                "key": f"reply-{order}",
                "title": self.env._("The reply is here"),
                "text": "",
                "number": reply.number or "",
                "at": reply._portal_sent_at(),
                "done": True,
                "reply": {"order": order, "read_at": reply.read_at},
            }
            for order, reply in enumerate(self._portal_reply_records(), start=1)
        ]

    def _portal_reply_records(self):
        """The replies that were sent through the portal, in the order of their sending."""
        return self.outgoing_ids.filtered(
            lambda reply: reply._portal_sent_at() and reply.state in ("sent", "read")
        ).sorted(lambda reply: (reply._portal_sent_at(), reply.id))

    def _portal_end(self):
        return {
            "key": "closed",
            "title": self.env._("Closed"),
            "text": self.env._("The administration has finished with this letter."),
            "at": self.desk_closed_at,
            "done": True,
        }
