from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: (from, to) → who may: "treats" (agent, head, supervisor), "sender", "platform"
TRANSITIONS = {
    ("asked", "answered"): ("treats", "sender"),
    ("asked", "withdrawn"): ("treats",),
    ("asked", "dropped"): ("platform",),
    ("asked", "failed"): ("platform",),
    # What comes after the desk went on is kept; the clock runs already.
    ("withdrawn", "answered"): ("treats", "sender"),
    ("failed", "answered"): ("treats",),
}


class DeskCompletion(models.Model):
    """States of a request: one table of transitions, one gate."""

    _inherit = "desk.completion"

    can_answer = fields.Boolean(compute="_compute_can")
    can_withdraw = fields.Boolean(compute="_compute_can")

    @api.depends("state", "letter_id.desk_state")
    @api.depends_context("uid")
    def _compute_can(self):
        for completion in self:
            completion.can_answer = not completion._transition_refusal("answered")
            completion.can_withdraw = not completion._transition_refusal("withdrawn")

    @api.model
    def _desk_gate_sentence(self):
        return self.env._(
            "Requests for completion change only with their buttons: Ask, Note "
            "the answer, Go on without it."
        )

    def _transition_refusal(self, new, who="treats"):
        """Return why this request cannot become ``new`` now, or None. Buttons ask it too."""
        self.ensure_one()
        allowed = TRANSITIONS.get((self.state, new))
        if allowed is None or who not in allowed:
            return UserError(self._impossible_sentence())
        letter = self.letter_id
        if who != "platform" and letter.desk_state == "closed":
            return UserError(
                self.env._(
                    "The letter %(letter)s is closed: what comes now is a new letter that "
                    "refers to it.",
                    letter=letter.display_name,
                )
            )
        if who == "treats" and not letter._desk_treats():
            return AccessError(
                self.env._(
                    "Only the agent who has the letter %(letter)s, the head of the unit, "
                    "a deputy or a supervisor of the desk can do this.",
                    letter=letter.display_name,
                )
            )
        return None

    def _impossible_sentence(self):
        sentences = {
            "asked": self.env._("This request waits for the sender's answer."),
            "answered": self.env._(
                "This request was answered already: an answer is given once."
            ),
            "withdrawn": self.env._("This request is not waited for any more."),
            "dropped": self.env._(
                "The letter was closed: this request is not waited for any more. What "
                "comes now is a new letter that refers to it."
            ),
            "failed": self.env._("This request did not reach the sender."),
        }
        return sentences[self.state]

    def _pass_gate(self, new, who="treats"):
        """Lock this request and raise unless it may become ``new`` now."""
        self.ensure_one()
        self.check_access("read")
        self._lock()
        if refusal := self._transition_refusal(new, who):
            raise refusal

    def _lock(self):
        """Take this request, or say that somebody else acts on it now."""
        self._lock_or_tell(
            self.env._(
                "Somebody else acts on this request at this very moment. Reload it "
                "to see what was done."
            )
        )

    def _set(self, **vals):
        """Write what the gate protects. The caller passed it."""
        # Nobody has write access on requests: the gate was passed.
        completion_sudo = self.sudo()
        completion_sudo._desk_gated().write(vals)
        # One open request at a time, in the database too.
        completion_sudo.flush_recordset()
