from odoo import models


class RegistryLetter(models.Model):
    """What becomes of a letter when its reply leaves, or comes back."""

    _inherit = "registry.letter"

    def _desk_reply_lost(self, outgoing, sending):
        """A reply to these letters came back, or did not leave.

        A letter that was closed as answered was not answered: it is open again.
        """
        for letter in self:
            if letter.desk_closing == "answered" and not letter._desk_is_replied():
                letter._desk_reopen_lost()
            else:
                letter._desk_sync()

    def _desk_reopen_lost(self):
        """Open a letter whose reply did not arrive, at the unit it was with."""
        self.ensure_one()
        # The report of a mail server, or whoever notes a return, reopens nothing else.
        letter_sudo = self.sudo()
        last = letter_sudo.assignment_ids.filtered(lambda row: row.role == "to")[-1:]
        if last and not letter_sudo._desk_row():
            following = last._open_next(letter_sudo.desk_unit_id, last.browse())
            if last.user_id in self.env["gov.access"]._members(following.unit_id):
                # Whoever answered it goes on with it.
                following._desk_gated().write(
                    {"state": "assigned", "user_id": last.user_id.id}
                )
            letter_sudo.invalidate_recordset(["assignment_ids"])
        letter_sudo._desk_write(
            {
                "desk_closing": False,
                "desk_closing_reason": False,
                "desk_closed_at": False,
                "desk_closed_by_id": False,
            }
        )
        letter_sudo._desk_sync()
        letter_sudo._desk_log(
            "reopened",
            {"reason": self.env._("The reply did not arrive.")},
            journal={"why": "reply_lost"},
        )
