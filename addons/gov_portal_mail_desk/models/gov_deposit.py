from odoo import models


class GovDeposit(models.Model):
    """The reply to a deposit, opened by whoever follows it with number, code and control."""

    _inherit = "gov.deposit"

    def _track_page(self):
        page = super()._track_page()
        for event in page["timeline"]:
            if reply := event.get("reply"):
                event["reply"] = {**reply, "read": self._instant(reply["read_at"])}
        page["clock"] = self._clock_sentence()
        page.update(self._completion_bounds())
        return page

    def _reply(self, order):
        """Return the sending of reply number ``order``, or an empty set."""
        self.ensure_one()
        replies = self.letter_id._portal_reply_records()
        return replies[order - 1] if 0 < order <= len(replies) else replies.browse()

    def _open_reply(self, order):
        """Record that the sender opened a reply; opened again, nothing more is recorded.

        :param int order: place of the reply on the follow-up page, from 1
        :return: whether there is such a reply
        """
        reply = self._reply(order)
        if reply:
            reply._record_reading()
        return bool(reply)

    def _reply_pdf(self, order):
        """Return ``(filename, bytes)`` of a reply that was opened, or None."""
        reply = self._reply(order)
        if not reply or not reply.delivered_at:
            return None
        version = reply.outgoing_id.final_version_id
        return f"{self.env._('reply')}-{version.filename}", version._read_content()

    def _reply_annex(self, order, rank):
        """Return the version of annex ``rank`` (from 1) of a reply that was opened, or None."""
        reply = self._reply(order)
        if not reply or not reply.delivered_at:
            return None
        annexes = reply.outgoing_id._sent_annexes()
        return annexes[rank - 1] if 0 < rank <= len(annexes) else None
