from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from .desk_completion import COUNTED


class RegistryLetter(models.Model):
    """When something may be asked of the sender, and by whom: one gate for buttons and calls."""

    _inherit = "registry.letter"

    def _completions_sudo(self):
        # What was asked is a fact about the letter, whoever may read it.
        letter_sudo = self.sudo()
        return letter_sudo.completion_ids

    def _completion_single_spent(self):
        """Tell whether the one request that the law allows was made already."""
        self.ensure_one()
        # Frozen with the clock: the rule of this letter, not the one of today.
        run_sudo = self.sudo().clock_run_id
        return bool(run_sudo.single_completion) and any(
            completion.state in COUNTED for completion in self._completions_sudo()
        )

    def _completion_refusal(self, exception_reason=""):
        """Return why nothing can be asked of the sender now, or None. Buttons ask it too."""
        self.ensure_one()
        if self.direction != "incoming" or self.state != "registered":
            return UserError(
                self.env._(
                    "Only the sender of a registered incoming letter is asked for what is "
                    "missing."
                )
            )
        if self.desk_state not in ("to_dispatch", "assigned"):
            return UserError(
                self.env._(
                    "The letter %(letter)s is answered or closed: open it again to ask "
                    "the sender for something.",
                    letter=self.display_name,
                )
            )
        if not self._desk_treats():
            return AccessError(
                self.env._(
                    "Only the agent who has the letter %(letter)s, the head of the unit, "
                    "a deputy or a supervisor of the desk asks its sender for something.",
                    letter=self.display_name,
                )
            )
        waiting_sudo = self._completions_sudo().filtered(
            lambda completion: completion.state == "asked"
        )
        if waiting_sudo:
            return UserError(
                self.env._(
                    "Request %(number)s of %(date)s waits for the sender's answer: note "
                    "the answer, or go on without it, before you ask again.",
                    number=waiting_sudo.number,
                    date=format_date(self.env, waiting_sudo.asked_at),
                )
            )
        if self._completion_single_spent():
            return self._second_refusal(exception_reason)
        return None

    def _second_refusal(self, exception_reason):
        if exception_reason and self._desk_is("supervisor"):
            return None
        first_sudo = self._completions_sudo().filtered(
            lambda completion: completion.state in COUNTED
        )[-1:]
        sentence = self.env._(
            "The law allows one request only for the letter %(letter)s: it was made on "
            "%(date)s. A supervisor of the desk may make an exception, with its reason; "
            "it does not stop the legal clock.",
            letter=self.display_name,
            date=format_date(self.env, first_sudo.asked_at),
        )
        kind = UserError if self._desk_is("supervisor") else AccessError
        return kind(sentence)
