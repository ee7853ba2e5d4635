from odoo import models
from odoo.exceptions import UserError

#: operation → states in which it is possible
OPERATIONS = {
    "suspend": ("running",),
    "resume": ("suspended",),
    "extend": ("running",),
    "stop": ("running", "suspended", "expired"),
    "reopen": ("stopped", "expired"),
    "qualify": ("expired",),
}


class GovClockRun(models.Model):
    """The one gate of a clock: what is possible in which state, and the sentence when not."""

    _inherit = "gov.clock.run"

    def _refusal(self, operation):
        """Return why ``operation`` is impossible now, or None. Buttons ask it too."""
        self.ensure_one()
        if self.state not in OPERATIONS[operation]:
            return UserError(self._impossible(operation))
        if operation == "suspend" and self._is_over():
            return UserError(self._over_sentence())
        if operation == "extend":
            return self._extend_refusal()
        if operation == "reopen" and not self.ended_on:
            return UserError(self._impossible(operation))
        if operation == "stop" and self.ended_on:
            return UserError(self.env._("This legal clock ended already."))
        return None

    def _pass_gate(self, operation):
        """Lock this clock and raise unless ``operation`` is possible now."""
        self.ensure_one()
        self._lock()
        if refusal := self._refusal(operation):
            raise refusal

    def _is_over(self):
        """Tell whether the last day of this clock is past in its administration."""
        self.ensure_one()
        return bool(self.due_date and self.due_date < self.company_id._gov_today())

    def _extend_refusal(self):
        if not (self.extension_length and self.extension_max):
            return UserError(
                self.env._(
                    "“%(rule)s” cannot be extended: the law gives no extension.",
                    rule=self.display_name,
                )
            )
        if self.extension_count >= self.extension_max:
            return UserError(
                self.env._(
                    "“%(rule)s” was extended already, as often as the law allows.",
                    rule=self.display_name,
                )
            )
        return UserError(self._over_sentence()) if self._is_over() else None

    def _over_sentence(self):
        return self.env._(
            "The time ran out on %(date)s: nothing is left to stop or to extend.",
            date=self._day(self.due_date),
        )

    def _impossible(self, operation):
        env = self.env
        if operation == "qualify":
            return env._(
                "The time of this clock did not run out: there is no effect to say."
            )
        sentences = {
            "running": env._("This legal clock runs already."),
            "suspended": env._(
                "This legal clock is stopped: it waits for the sender's answer."
            ),
            "stopped": env._("This legal clock ended already."),
            "expired": self._over_sentence(),
        }
        return sentences[self.state]
