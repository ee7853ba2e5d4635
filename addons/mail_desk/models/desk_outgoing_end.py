from odoo import models


class DeskOutgoing(models.Model):
    """What becomes of a reply when the letter it answers ends otherwise."""

    _inherit = "desk.outgoing"

    def _answered_cancelled(self, why):
        """The registration of the letter answered was cancelled. Called as superuser.

        What has no number is abandoned; what has one stays, and its author is told.

        :param str why: the sentence for the timeline
        """
        self.ensure_one()
        if self.state == "validating":
            # What validates is the circuit that is shown.
            self.run_id._cancel(why)
        if self.state == "signing":
            self._give_up_signing(why)
        if self.state in ("validated", "paper"):
            self._set_state("draft")
        if self.state == "draft":
            self._set_state("cancelled")
            self._log("abandoned", {"reason": why})
        elif self.state != "cancelled":
            self._log("answered_cancelled", {"reason": why})

    def _give_up_signing(self, why):
        """Hook of the signature book: take the letter out of it, where that is possible."""
