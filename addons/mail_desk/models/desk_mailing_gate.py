from odoo import api, fields, models
from odoo.exceptions import UserError

#: (from, to) → who may: "ours" is the author of the letter, the head of its unit or a
#: supervisor; "platform" is the batch
TRANSITIONS = {
    ("draft", "running"): ("ours",),
    ("running", "paused"): ("ours",),
    ("paused", "running"): ("ours",),
    ("running", "done"): ("platform",),
    ("paused", "done"): ("platform",),
    ("done", "running"): ("ours", "platform"),
}


class DeskMailing(models.Model):
    """States of a mailing: one table of transitions, one gate."""

    _inherit = "desk.mailing"

    can_edit = fields.Boolean(compute="_compute_can")
    can_start = fields.Boolean(compute="_compute_can")
    can_pause = fields.Boolean(compute="_compute_can")
    can_resume = fields.Boolean(compute="_compute_can")
    can_retry = fields.Boolean(compute="_compute_can")
    can_post = fields.Boolean(compute="_compute_can")
    can_give_up = fields.Boolean(compute="_compute_can")

    @api.depends("state", "letter_state", "recipient_ids.state")
    @api.depends_context("uid")
    def _compute_can(self):
        for mailing in self:
            state = mailing.state
            mailing.can_edit = not mailing._list_refusal()
            mailing.can_start = state == "draft" and not mailing._transition_refusal(
                "running"
            )
            mailing.can_pause = not mailing._transition_refusal("paused")
            mailing.can_resume = state == "paused" and not mailing._transition_refusal(
                "running"
            )
            mailing.can_retry = not mailing._retry_refusal()
            mailing.can_post = not mailing._post_refusal()
            mailing.can_give_up = not mailing._list_refusal()

    def _transition_refusal(self, new):
        """Return why this mailing cannot become ``new`` by this user now, or None."""
        self.ensure_one()
        roles = TRANSITIONS.get((self.state, new))
        if roles is None or (roles == ("platform",) and not self.env.su):
            return UserError(self._impossible_sentence(new))
        # Who may read the mailing is asked for his role; the letter itself is not shown.
        letter_sudo = self.sudo().outgoing_id
        letter = letter_sudo.with_env(self.env)
        if not letter._is_ours():
            return letter._author_refusal()
        if self.state == "draft" and new == "running":
            return self._start_refusal()
        return None

    def _start_refusal(self):
        if not self.recipient_count:
            return UserError(self.env._("There is no recipient yet: add them first."))
        if self._is_ready():
            return None
        if self.numbering == "each":
            return UserError(
                self.env._(
                    "The letter is not validated yet: each recipient gets his own number "
                    "after that."
                )
            )
        return UserError(
            self.env._(
                "The letter is not sealed yet: it is sent to everybody once it has its "
                "number."
            )
        )

    def _impossible_sentence(self, new):
        env = self.env
        if new == "running" and self.state == "running":
            return env._("This mailing is being sent already.")
        if new == "paused":
            return env._("Only a mailing that is being sent is paused.")
        return env._("This is not possible for the mailing in its present state.")

    def _list_refusal(self):
        """Return why the list of recipients does not change now, or None."""
        self.ensure_one()
        # The letter says whose the mailing is; its rights are checked next.
        letter_sudo = self.sudo().outgoing_id
        if not letter_sudo.with_env(self.env)._is_ours():
            return letter_sudo.with_env(self.env)._author_refusal()
        if self.state != "draft" or letter_sudo.state != "draft":
            return UserError(
                self.env._(
                    "The letter was submitted: those who approve it see to whom it goes. "
                    "Take it back to change the list."
                )
            )
        return None

    def _check_list_open(self):
        """Lock the letter and raise unless the list may change now."""
        self.ensure_one()
        self.check_access("read")
        # A submission at this moment fixes the list: one of both comes first.
        self.outgoing_id._lock()
        if refusal := self._list_refusal():
            raise refusal

    def _retry_refusal(self):
        self.ensure_one()
        # The letter says whose the mailing is; its rights are checked next.
        letter_sudo = self.sudo().outgoing_id
        if not letter_sudo.with_env(self.env)._is_ours():
            return letter_sudo.with_env(self.env)._author_refusal()
        if self.state not in ("running", "paused", "done") or not self.failed_count:
            return UserError(self.env._("Nothing of this mailing failed."))
        return None

    def _post_refusal(self):
        self.ensure_one()
        # The letter says whose the mailing is; its rights are checked next.
        letter_sudo = self.sudo().outgoing_id
        if not letter_sudo.with_env(self.env)._is_ours():
            return letter_sudo.with_env(self.env)._author_refusal()
        if not self.manual_count:
            return UserError(
                self.env._(
                    "No letter of this mailing waits for the post or a messenger."
                )
            )
        return None

    def _pass_gate(self, new):
        """Lock these mailings and raise unless each may become ``new`` now."""
        self.check_access("read")
        self._lock()
        for mailing in self:
            if refusal := mailing._transition_refusal(new):
                raise refusal

    def _lock(self):
        self._lock_or_tell(
            self.env._(
                "Somebody else acts on this mailing, or it is being sent, at this very "
                "moment. Try again in a few seconds."
            )
        )

    def _set_state(self, new, **vals):
        """Change the state; the caller passed the gate, or is the platform."""
        self.ensure_one()
        if (self.state, new) not in TRANSITIONS:
            raise UserError(self._impossible_sentence(new))
        self._write_gated({"state": new, **vals})

    def _write_gated(self, vals):
        # Nobody may write mailings; the gate was passed.
        self.sudo()._desk_gated().write(vals)
