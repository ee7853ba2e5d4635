from odoo import models
from odoo.exceptions import UserError


class DeskOutgoing(models.Model):
    """Letters that are handed over with a slip."""

    _inherit = "desk.outgoing"

    def action_slip(self):
        """Begin a transmission slip for these letters, all to one recipient.

        :return: window action of the slip
        :raise UserError: a letter is not sealed, or they go to several recipients
        :raise AccessError: a letter of somebody else
        """
        self.check_access("read")
        if not self or len(self.company_id) != 1:
            raise UserError(self.env._("Choose sealed letters of one administration."))
        for letter in self:
            if refusal := letter._send_refusal():
                raise refusal
        names = {(letter.recipient_name or "").casefold() for letter in self}
        if len(names) > 1:
            raise UserError(
                self.env._(
                    "These letters go to several recipients: a slip is signed by one. Make "
                    "a slip for each."
                )
            )
        first = self[0]
        slip = self.env["desk.slip"].create(
            {
                "unit_id": first.unit_id.id,
                "recipient_name": first.recipient_name,
                "recipient_position": first.recipient_position,
                "recipient_address": first.recipient_address,
                "line_ids": [
                    (0, 0, {"outgoing_id": letter.id}) for letter in self.sorted("id")
                ],
            }
        )
        return slip._open()

    def _send_on_slip(self, slip):
        """Send this letter by hand with a slip, and return the sending."""
        self._check_send()
        note = self.env._("Slip %(code)s", code=slip.code)
        return self._send_checked("hand", note)
