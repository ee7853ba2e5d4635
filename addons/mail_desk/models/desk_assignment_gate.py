from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tools import SQL

#: (from, to) → who may: "head" of the unit (or deputy, or above), "holder", "supervisor"
TRANSITIONS = {
    ("to_dispatch", "assigned"): ("head", "supervisor"),
    ("to_dispatch", "returned"): ("head", "supervisor"),
    ("to_dispatch", "redirected"): ("head", "supervisor"),
    ("to_dispatch", "done"): ("head", "supervisor"),
    ("assigned", "returned"): ("holder", "head", "supervisor"),
    ("assigned", "redirected"): ("holder", "head", "supervisor"),
    ("assigned", "done"): ("holder", "head", "supervisor"),
}


class DeskAssignment(models.Model):
    """States of an assignment: one table of transitions, one gate."""

    _inherit = "desk.assignment"

    can_dispatch = fields.Boolean(compute="_compute_can")
    can_return = fields.Boolean(compute="_compute_can")
    can_redirect = fields.Boolean(compute="_compute_can")
    can_done = fields.Boolean(compute="_compute_can")

    @api.depends("state", "unit_id", "user_id", "child_ids.state")
    @api.depends_context("uid")
    def _compute_can(self):
        for row in self:
            row.can_dispatch = not row._transition_refusal("assigned")
            row.can_return = not row._transition_refusal("returned")
            row.can_redirect = not row._transition_refusal("redirected")
            row.can_done = not row._transition_refusal("done")

    @api.model_create_multi
    def create(self, vals_list):
        self._check_desk_gate()
        return super().create(vals_list)

    def write(self, vals):
        self._check_desk_gate()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self._desk_gate_is_open():
            raise UserError(
                self.env._("The route of a letter is kept: nothing of it is deleted.")
            )

    @api.model
    def _check_desk_gate(self):
        if not self._desk_gate_is_open():
            raise AccessError(
                self.env._(
                    "Assignments change only with their buttons: Dispatch, Return, "
                    "Redirect, Done."
                )
            )

    @api.model
    def _insert_query(self, columns):
        return SQL(
            "INSERT INTO %s (%s) VALUES %s RETURNING id",
            SQL.identifier(self._table),
            SQL(", ").join(map(SQL.identifier, columns)),
            tuple(columns.values()),
        )

    def _transition_refusal(self, new):
        """Return why this row cannot become ``new`` now, or None.

        The same answer feeds the gate (which raises it) and the buttons (which hide).
        """
        self.ensure_one()
        allowed = TRANSITIONS.get((self.state, new))
        if self.role == "copy" and new != "done":
            return UserError(
                self.env._(
                    "This is a copy for information: mark it as seen. Only the unit that "
                    "treats the letter dispatches it."
                )
            )
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
        if not self._is_allowed(allowed):
            return AccessError(self._role_sentence(new))
        if new == "returned" and not self._return_unit():
            return UserError(
                self.env._(
                    "The letter %(letter)s came straight from the mail office of this "
                    "unit: there is nobody to return it to. Redirect it to the unit that "
                    "should have it.",
                    letter=self.letter_id.display_name,
                )
            )
        return None

    def _is_allowed(self, roles):
        if self.env.su or self._desk_is("supervisor"):
            return True
        if "head" in roles and self._desk_heads(self.unit_id):
            return True
        if "holder" not in roles:
            return False
        if self.role == "copy" or not self.user_id:
            # Given to the unit as a whole: whoever works there may take it up.
            return self._desk_works_in(self.unit_id)
        return self.user_id == self.env.user

    def _is_holder(self):
        """Tell whether it is for the user to treat this row (not merely allowed to)."""
        self.ensure_one()
        if self.state != "assigned" or self._open_child():
            return False
        if self.user_id:
            return self.user_id == self.env.user
        return self._desk_works_in(self.unit_id)

    def _role_sentence(self, new):
        unit = self.unit_id.name or self.env._("this unit")
        if new == "assigned":
            return self.env._(
                "Only the head of %(unit)s, a deputy or a supervisor of the desk "
                "dispatches this letter.",
                unit=unit,
            )
        return self.env._(
            "Only the agent who has this letter, the head of %(unit)s, a deputy or a "
            "supervisor of the desk can do this.",
            unit=unit,
        )

    def _impossible_sentence(self, new):
        env, letter = self.env, self.letter_id.display_name
        if self.state == "assigned":
            return UserError(
                env._(
                    "The letter %(letter)s was dispatched already, by %(user)s to "
                    "%(who)s. Return it to dispatch it otherwise.",
                    letter=letter,
                    user=self.assigned_by_id.sudo().name,
                    who=self.display_name,
                )
            )
        sentences = {
            "done": env._("This assignment of the letter %(letter)s is done already."),
            "returned": env._("The letter %(letter)s was returned already."),
            "redirected": env._("The letter %(letter)s was redirected already."),
            "cancelled": env._(
                "This assignment of the letter %(letter)s was cancelled: nothing is left "
                "to do."
            ),
        }
        return UserError(sentences[self.state] % {"letter": letter})

    def _return_unit(self):
        """Return the unit a return of this row goes to, or none."""
        self.ensure_one()
        if self.user_id and self.from_unit_id == self.unit_id:
            return self.unit_id
        if self.parent_id:
            return self.parent_id.unit_id
        office = self.letter_id.office_id._desk_arrival_unit()
        if office and office != self.unit_id:
            return office
        return self.unit_id if self.state == "assigned" else office.browse()

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

    def _lock(self):
        """Take these rows, or say that somebody else acts on them now."""
        try:
            # Nobody has write access on assignments: the lock is the gate's own.
            self.sudo().lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else acts on this letter at this very moment. Reload it to "
                    "see what was done."
                )
            ) from error
        self.invalidate_recordset()
