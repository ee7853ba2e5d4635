from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

OPEN_STATES = ("to_dispatch", "assigned", "replied")
#: act → (states it starts from, state it leads to, who may). "holder" is whoever treats
#: the letter, "head" heads its unit (or is a deputy, or above), "asker" asked for the end
#: without a reply; "platform" is the register or a bridge, which passed its own gate.
ENDINGS = {
    "answered": (OPEN_STATES, "closed", ("holder", "head", "supervisor")),
    "treated": (OPEN_STATES, "closed", ("holder", "head", "supervisor")),
    "no_reply": (OPEN_STATES, "closed", ("head", "supervisor")),
    "ask_no_reply": (OPEN_STATES, None, ("holder", "head", "supervisor")),
    "approve_no_reply": (OPEN_STATES, "closed", ("head", "supervisor")),
    "refuse_no_reply": (OPEN_STATES, None, ("head", "supervisor")),
    "withdraw_no_reply": (OPEN_STATES, None, ("asker",)),
    "joined": (OPEN_STATES, "closed", ("holder", "head", "supervisor")),
    "transfer": (OPEN_STATES, None, ("head", "supervisor")),
    "transferred": (OPEN_STATES, "closed", ("holder", "head", "supervisor")),
    "cancelled": ((*OPEN_STATES, "closed"), "closed", ("platform",)),
    "reopen": (("closed",), "to_dispatch", ("head", "supervisor")),
}
#: acts that leave nothing to do: whatever stands in the way refuses them
FINAL = (
    "answered",
    "treated",
    "no_reply",
    "ask_no_reply",
    "approve_no_reply",
    "joined",
    "transfer",
    "transferred",
)
#: acts on a request to end without a reply
ON_REQUEST = ("approve_no_reply", "refuse_no_reply", "withdraw_no_reply")
#: what the Close button does, by how the letter ends
BY_CLOSE = ("answered", "treated", "no_reply", "ask_no_reply", "transferred")


class RegistryLetter(models.Model):
    """How a letter ends at the desk: one table of acts, one gate for buttons and calls."""

    _inherit = "registry.letter"

    desk_can_close = fields.Boolean(compute="_compute_desk_can_end")
    desk_can_done = fields.Boolean(compute="_compute_desk_can_end")
    desk_can_reopen = fields.Boolean(compute="_compute_desk_can_end")
    desk_can_agree = fields.Boolean(compute="_compute_desk_can_end")
    desk_can_insist = fields.Boolean(compute="_compute_desk_can_end")
    desk_can_unask = fields.Boolean(compute="_compute_desk_can_end")
    desk_can_join = fields.Boolean(compute="_compute_desk_can_end")
    desk_can_transfer = fields.Boolean(compute="_compute_desk_can_end")

    @api.depends("desk_state", "assignment_ids.state", "desk_no_reply_at")
    @api.depends_context("uid")
    def _compute_desk_can_end(self):
        for letter in self:
            letter.desk_can_close = not letter._desk_close_refusal()
            letter.desk_can_done = not letter._desk_end_refusal("treated")
            letter.desk_can_reopen = not letter._desk_end_refusal("reopen")
            letter.desk_can_agree = not letter._desk_end_refusal("approve_no_reply")
            letter.desk_can_insist = not letter._desk_end_refusal("refuse_no_reply")
            letter.desk_can_unask = not letter._desk_end_refusal("withdraw_no_reply")
            letter.desk_can_join = not letter._desk_end_refusal("joined")
            letter.desk_can_transfer = not letter._desk_end_refusal("transfer")

    def _desk_close_refusal(self):
        """Return why the user can end this letter in no way of the Close button, or None."""
        refusals = [self._desk_end_refusal(act) for act in BY_CLOSE]
        if not all(refusals):
            return None
        # The way that would be usual for this letter says best what is missing.
        return refusals[BY_CLOSE.index(self._desk_usual_end())]

    def _desk_usual_end(self):
        """Return how this letter ends when nobody says otherwise."""
        self.ensure_one()
        if self._desk_is_replied():
            return "answered"
        row = self._desk_row()
        if row.instruction_id and not row.instruction_id.expects_reply:
            return "treated"
        return "no_reply" if self._desk_decides() else "ask_no_reply"

    def _desk_decides(self):
        """Tell whether the user decides for the unit that has this letter."""
        return self._desk_has_role(("head", "supervisor"))

    def _desk_has_role(self, roles):
        self.ensure_one()
        if self.env.su:
            return True
        if "asker" in roles:
            return self.desk_no_reply_by_id in (self.env.user, self.env["res.users"])
        row = self._desk_row()
        if not row:
            wanted = "supervisor" in roles and self._desk_is("supervisor")
            return wanted or ("head" in roles and self._desk_heads(self.desk_unit_id))
        if row.state != "assigned":
            roles = [role for role in roles if role != "holder"]
        return bool(roles) and row._is_allowed(tuple(roles))

    def _desk_end_refusal(self, act):
        """Return why the user cannot do ``act`` (a key of ``ENDINGS``) now, or None."""
        self.ensure_one()
        states, _state, roles = ENDINGS[act]
        if self.state == "cancelled" or self.desk_state not in states:
            return self._desk_end_impossible(act)
        if not self._desk_has_role(roles):
            return self._desk_end_role(act)
        if refusal := self._desk_end_guard(act):
            return refusal
        return self._desk_pending_refusal() if act in FINAL else None

    def _desk_end_guard(self, act):
        """Return what this act asks for beyond state and role, or None."""
        env, letter = self.env, self.display_name
        if act in ("answered", "treated", "transferred", "transfer"):
            return self._desk_way_guard(act)
        pending = bool(self.desk_no_reply_at)
        if act == "ask_no_reply" and pending:
            return UserError(
                env._(
                    "Ending the letter %(letter)s without a reply was asked for already, "
                    "by %(user)s: it waits for the head of the unit.",
                    letter=letter,
                    # Who asked is shown to whoever treats the letter.
                    user=self.desk_no_reply_by_id.sudo().name,
                )
            )
        if act in ON_REQUEST and not pending:
            return UserError(
                env._(
                    "Nobody asks to end the letter %(letter)s without a reply: it was "
                    "decided already, or withdrawn. Reload it.",
                    letter=letter,
                )
            )
        return None

    def _desk_way_guard(self, act):
        env, letter, replied = self.env, self.display_name, self._desk_is_replied()
        if act == "answered" and not replied:
            return UserError(
                env._(
                    "No reply to the letter %(letter)s was sent: send it first, or close "
                    "the letter as “No reply needed”, saying why.",
                    letter=letter,
                )
            )
        if act == "treated" and not (replied or self._desk_decides()):
            instruction = self._desk_row().instruction_id
            if not instruction or instruction.expects_reply:
                return UserError(
                    env._(
                        "The letter %(letter)s is to be answered: send the reply, or ask "
                        "the head of the unit to end it without one, saying why.",
                        letter=letter,
                    )
                )
        if act == "transferred" and not self._desk_is_transferred():
            return UserError(
                env._(
                    "No other administration has accepted the letter %(letter)s: "
                    "transfer it first.",
                    letter=letter,
                )
            )
        if act == "transfer" and not self.number:
            return UserError(
                env._("The letter has no number yet: it is transferred after that.")
            )
        return None

    def _desk_end_impossible(self, act):
        env, letter = self.env, self.display_name
        if self.state == "cancelled":
            return UserError(
                env._(
                    "The registration of the letter %(letter)s was cancelled: nothing is "
                    "left to do.",
                    letter=letter,
                )
            )
        if not self.desk_state:
            return UserError(
                env._("The letter %(letter)s is not at the desk.", letter=letter)
            )
        if act == "reopen":
            return UserError(
                env._(
                    "The letter %(letter)s is not closed: there is nothing to open "
                    "again.",
                    letter=letter,
                )
            )
        return UserError(
            env._("The letter %(letter)s is closed already.", letter=letter)
        )

    def _desk_end_role(self, act):
        env = self.env
        if act == "reopen":
            return AccessError(
                env._(
                    "Only the head of the unit, a deputy or a supervisor of the desk "
                    "opens a closed letter again."
                )
            )
        if act == "withdraw_no_reply":
            return AccessError(
                env._("Only the person who asked for it takes the request back.")
            )
        if "holder" not in ENDINGS[act][2]:
            return AccessError(
                env._(
                    "Only the head of the unit that has the letter %(letter)s, a deputy "
                    "or a supervisor of the desk decides this.",
                    letter=self.display_name,
                )
            )
        return AccessError(
            env._(
                "Only the agent who has the letter %(letter)s, the head of the unit, a "
                "deputy or a supervisor of the desk closes it.",
                letter=self.display_name,
            )
        )

    def _desk_pass_end(self, act):
        """Read, lock and raise unless the user may do ``act`` on each letter now."""
        for letter in self:
            letter._desk_check(lambda letter: letter._desk_end_refusal(act))
