from odoo import fields, models
from odoo.exceptions import UserError


class RegistryLetter(models.Model):
    """Envelopes registered closed (bids, confidential, bailiff) and opened later."""

    _inherit = "registry.letter"

    can_open_envelope = fields.Boolean(compute="_compute_can_open_envelope")

    def _compute_can_open_envelope(self):
        for letter in self:
            letter.can_open_envelope = not letter._envelope_refusal()

    def _envelope_refusal(self):
        self.ensure_one()
        if not self.envelope_kind or self.state != "registered":
            return self.env._("There is no registered closed envelope here.")
        if self.envelope_opened_at:
            return self.env._("This envelope is open already.")
        if not self._may("head"):
            return self.env._("Only the head of the office opens a closed envelope.")
        return None

    def action_open_envelope(self):
        """Note that the closed envelope of each letter was opened: when and by whom.

        :return: True
        :raise UserError: no closed envelope, opened already, or not the head
        """
        for letter in self:
            refusal = letter._envelope_refusal()
            if refusal:
                raise UserError(refusal)
            letter.register_id._append_event(
                "envelope.opened",
                {"entry": letter.entry_id.event_uid, "envelope": letter.envelope_kind},
                subject=letter.entry_id,
            )
            letter._gated().write(
                {
                    "envelope_opened_at": fields.Datetime.now(),
                    "envelope_opened_by": self.env.user.name,
                }
            )
            letter.message_post(body=self.env._("The envelope was opened."))
        return True
