from odoo import models
from odoo.tools import format_datetime

from .desk_outgoing import PORTAL


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
        elif not any(stage["done"] for stage in replies):
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
        """The replies that left, oldest first: here, or another way; never to whom."""
        here = self._portal_reply_records()
        ways = self._portal_ways()
        stages = []
        for sending in self._portal_sendings():
            if sending.channel == PORTAL:
                stages.append(
                    self._portal_here(sending, 1 + here.ids.index(sending.id))
                )
            elif sending.channel in ways:
                stages.append(self._portal_elsewhere(sending, ways[sending.channel]))
        return stages

    def _portal_here(self, sending, order):
        return {
            "key": f"reply-{order}",
            "title": self.env._("The reply is here"),
            "text": "",
            "number": sending.outgoing_id.number or "",
            "at": sending.sent_at,
            "done": True,
            "reply": {
                "order": order,
                "read_at": sending.delivered_at,
                # What it holds is told to whoever opened it.
                "annexes": sending.outgoing_id._sent_annexes().mapped("filename")
                if sending.delivered_at
                else [],
            },
        }

    def _portal_elsewhere(self, sending, title):
        lost = not sending._is_live()
        came_back = self.env._(
            "It came back undelivered: ask the administration, giving the number of your "
            "letter."
        )
        return {
            "key": f"sent-{sending.id}",
            "title": title,
            "text": came_back if lost else "",
            "number": sending.outgoing_id.number or "",
            "at": sending.sent_at,
            "done": not lost,
        }

    def _portal_ways(self):
        return {
            "email": self.env._("A reply was sent to you by e-mail"),
            "post": self.env._("A reply was sent to you by post"),
            "hand": self.env._("A reply was handed over"),
        }

    def _portal_sendings(self):
        """The sendings that left, in their order; what was a mistake never left."""
        return self.env["desk.sending"].search(
            [
                ("answers_id", "=", self.id),
                ("state", "in", ("sent", "delivered", "bounced", "returned")),
            ],
            order="sent_at, id",
        )

    def _portal_reply_records(self):
        """The sendings through the portal, in their order: what the reader opens here."""
        return self._portal_sendings().filtered(
            lambda sending: sending.channel == PORTAL
        )

    def _portal_end(self):
        return {
            "key": "closed",
            "title": self.env._("Closed"),
            "text": self.env._("The administration has finished with this letter."),
            "at": self.desk_closed_at,
            "done": True,
        }
