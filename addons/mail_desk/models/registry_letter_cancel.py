from odoo import fields, models


class RegistryLetter(models.Model):
    """A registration that is cancelled while the letter is worked on."""

    _inherit = "registry.letter"

    def action_cancel(self, *args, **kwargs):
        """Cancel the registration; nothing is left to do at the desk. See the register."""
        result = super().action_cancel(*args, **kwargs)
        for letter in self.filtered(lambda letter: letter.state == "cancelled"):
            if letter.desk_state:
                letter._desk_cancel()
        return result

    def _desk_cancel(self):
        """End all that is open on a letter whose registration was cancelled."""
        why = self.env._("The registration was cancelled.")
        # Who cancels a registration has no right on the desk's rows.
        letter_sudo = self.sudo()
        letter_sudo._desk_open_opinions()._cancel(why)
        for reply in letter_sudo.outgoing_ids:
            reply._answered_cancelled(why)
        rows = letter_sudo.assignment_ids.filtered(lambda row: row._is_open())
        rows._close("cancelled", why)
        self._desk_write(
            {
                **self._desk_no_request(),
                "desk_state": "closed",
                "desk_closed_at": fields.Datetime.now(),
                "joined_to_id": False,
            }
        )
        self._desk_log("cancelled", {})
        # Those treated under this letter are not: they are to dispatch again.
        for follower in self._desk_followers():
            follower._desk_reopen(
                self.env._(
                    "The letter %(letter)s, to which it was joined, was cancelled.",
                    letter=self.display_name,
                )
            )
        self._desk_ended("cancelled")
