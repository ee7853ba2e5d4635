from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

#: (from, to) → who may: "head" of the unit (or deputy, or above), "holder", "giver" (who
#: heads the unit that assigned it), "supervisor"
TRANSITIONS = {
    ("to_dispatch", "assigned"): ("head", "supervisor"),
    ("to_dispatch", "returned"): ("head", "supervisor"),
    ("to_dispatch", "redirected"): ("head", "supervisor"),
    ("to_dispatch", "refused"): ("head", "supervisor"),
    ("to_dispatch", "withdrawn"): ("giver", "supervisor"),
    ("to_dispatch", "done"): ("head", "supervisor"),
    ("assigned", "returned"): ("holder", "head", "supervisor"),
    ("assigned", "redirected"): ("holder", "head", "supervisor"),
    ("assigned", "refused"): ("head", "supervisor"),
    ("assigned", "withdrawn"): ("giver", "supervisor"),
    ("assigned", "reassigned"): ("head", "supervisor"),
    ("assigned", "done"): ("holder", "head", "supervisor"),
}
#: what may become of a row that is not in the chain of those who treat the letter
BESIDE = {
    "copy": ("done", "withdrawn", "reassigned"),
    "visa": ("withdrawn",),
    "sign": ("withdrawn",),
}


class DeskAssignment(models.Model):
    """States of an assignment: one table of transitions, one gate."""

    _inherit = "desk.assignment"

    can_dispatch = fields.Boolean(compute="_compute_can")
    can_return = fields.Boolean(compute="_compute_can")
    can_redirect = fields.Boolean(compute="_compute_can")
    can_refuse = fields.Boolean(compute="_compute_can")
    can_withdraw = fields.Boolean(compute="_compute_can")
    can_done = fields.Boolean(compute="_compute_can")

    @api.depends("state", "unit_id", "user_id", "child_ids.state")
    @api.depends_context("uid")
    def _compute_can(self):
        for row in self:
            mine = row._my_roles()
            row.can_dispatch = not row._transition_refusal("assigned", mine)
            row.can_return = not row._transition_refusal("returned", mine)
            row.can_redirect = not row._transition_refusal("redirected", mine)
            row.can_refuse = not row._transition_refusal("refused", mine)
            row.can_withdraw = not row._transition_refusal("withdrawn", mine)
            row.can_done = not row._transition_refusal("done", mine)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self._desk_gate_is_open():
            raise UserError(
                self.env._("The route of a letter is kept: nothing of it is deleted.")
            )

    @api.model
    def _desk_gate_sentence(self):
        return self.env._(
            "Assignments change only with their buttons: Dispatch, Return, "
            "Redirect, Refuse, Take back, Done."
        )

    @api.model
    def _insert_query(self, columns):
        return SQL(
            "INSERT INTO %s (%s) VALUES %s RETURNING id",
            SQL.identifier(self._table),
            SQL(", ").join(map(SQL.identifier, columns)),
            tuple(columns.values()),
        )

    def _transition_refusal(self, new, mine=None):
        """Return why this row cannot become ``new`` now, or None.

        The same answer feeds the gate (which raises it) and the buttons (which hide).

        :param set mine: what ``_my_roles`` answered just now, for several questions
        """
        self.ensure_one()
        allowed = TRANSITIONS.get((self.state, new))
        if self.role != "to" and new not in BESIDE[self.role]:
            return self._beside_refusal()
        if allowed is None:
            return self._impossible_sentence(new)
        if self.role == "to" and (child := self._open_child()):
            return UserError(
                self.env._(
                    "The letter %(letter)s is with %(who)s now: it is for them to act, "
                    "or to return it to you.",
                    letter=self.letter_id.display_name,
                    who=child.display_name,
                )
            )
        if new == "withdrawn" and (refusal := self._never_given_refusal()):
            return refusal
        if not (self._my_roles() if mine is None else mine) & set(allowed):
            return AccessError(self._role_sentence(new))
        if new == "done" and self.role == "to":
            return self.letter_id._desk_end_refusal("treated")
        return self._target_refusal(new)

    def _my_roles(self):
        """Return what the user is for this row: keys of ``TRANSITIONS``."""
        self.ensure_one()
        if self.env.su or self._desk_is("supervisor"):
            return {"supervisor"}
        roles = set()
        headed = self._desk_headed()
        if self.unit_id in headed:
            roles.add("head")
        if self.from_unit_id in headed:
            roles.add("giver")
        # Given to the unit as a whole: whoever works there may take it up.
        if (
            self._desk_is_me(self.user_id, self.unit_id, self.company_id)
            if self.user_id
            else "head" in roles or self._desk_works_in(self.unit_id)
        ):
            roles.add("holder")
        return roles

    def _is_allowed(self, roles):
        return bool(self._my_roles() & {"supervisor", *roles})

    def _is_holder(self):
        """Tell whether it is for the user to treat this row (not merely allowed to)."""
        self.ensure_one()
        if self.state != "assigned" or self._open_child():
            return False
        if self.user_id:
            return self._desk_is_me(self.user_id, self.unit_id, self.company_id)
        return self._desk_works_in(self.unit_id)

    def _pass_gate(self, new):
        """Lock these rows and raise unless each may become ``new`` now.

        The lock makes two people who act at once take turns; the second one then reads
        what the first did and gets the sentence.
        """
        self.check_access("read")
        self._lock()
        for row in self:
            if refusal := row._transition_refusal(new):
                raise refusal
            row.letter_id._desk_note_acting(row.user_id, row.unit_id)

    def _lock(self):
        """Take these rows, or say that somebody else acts on them now."""
        self._lock_or_tell(
            self.env._(
                "Somebody else acts on this letter at this very moment. Reload it to "
                "see what was done."
            )
        )
