from odoo import models
from odoo.exceptions import UserError


class DeskAssignment(models.Model):
    """Why a move is refused, in sentences, and where a letter that is let go of goes."""

    _inherit = "desk.assignment"

    def _return_unit(self):
        """Return the unit a return of this row goes to, or none."""
        self.ensure_one()
        if self.user_id and self.from_unit_id == self.unit_id:
            return self.unit_id
        unit = self._giving_unit()
        return self.unit_id if not unit and self.state == "assigned" else unit

    def _giving_unit(self):
        """Return the unit that gave this row to its unit: another one, or none."""
        self.ensure_one()
        if self.parent_id.unit_id - self.unit_id:
            return self.parent_id.unit_id
        # Read for the route alone: an office is not always one of the reader.
        office_sudo = self.sudo().letter_id.office_id
        arrival = self.env["hr.department"].browse(office_sudo._desk_arrival_unit().ids)
        return arrival - self.unit_id

    def _target_refusal(self, new):
        """Return why there is no place for this row to go, or None."""
        letter = self.letter_id
        if new == "returned" and not self._return_unit():
            return UserError(
                self.env._(
                    "The letter %(letter)s came straight from the mail office of this "
                    "unit: there is nobody to return it to. Redirect it to the unit that "
                    "should have it.",
                    letter=letter.display_name,
                )
            )
        if new == "refused" and not self._giving_unit():
            return UserError(
                self.env._(
                    "Nobody gave the letter %(letter)s to this unit: it arrived here. "
                    "Redirect it to the unit that should have it.",
                    letter=letter.display_name,
                )
            )
        if new == "withdrawn" and self.role == "to":
            return self._withdraw_refusal()
        return None

    def _never_given_refusal(self):
        """Return why nothing can be taken back: no unit gave this row to anybody."""
        if self.role != "to" or self.parent_id or self.state != "to_dispatch":
            return None
        return UserError(
            self.env._(
                "Nobody dispatched the letter %(letter)s yet: there is nothing to take "
                "back.",
                letter=self.letter_id.display_name,
            )
        )

    def _withdraw_refusal(self):
        letter = self.letter_id
        # A reply that was begun counts, whoever may read it.
        replies_sudo = letter.sudo().outgoing_ids
        begun_sudo = replies_sudo.filtered(lambda reply: reply.state != "cancelled")
        if begun_sudo:
            return UserError(
                self.env._(
                    "%(user)s began a reply to the letter %(letter)s: it is not taken "
                    "back over their head. Ask for it to be returned.",
                    user=begun_sudo[0].user_id.name,
                    letter=letter.display_name,
                )
            )
        return None

    def _circle_refusal(self, unit):
        """Return why ``unit`` does not get this letter by a redirection, or None.

        A unit that let go of a letter gets it again from who stands above it, not from a
        unit beside it: letters would go round for ever.
        """
        self.ensure_one()
        if self._desk_is("supervisor") or self._desk_heads(unit):
            return None
        # What became of the letter elsewhere is part of its route.
        rows_sudo = self.sudo().letter_id.assignment_ids
        let_go_sudo = rows_sudo.filtered(
            lambda row: (
                row.role == "to"
                and row.unit_id.id == unit.id
                and row.state in ("redirected", "refused")
            )
        )[-1:]
        if not let_go_sudo:
            return None
        return UserError(
            self.env._(
                "%(unit)s had the letter %(letter)s and let go of it (%(reason)s): it "
                "would go round in circles. Return it to %(above)s, who decides.",
                unit=unit.name,
                letter=self.letter_id.display_name,
                reason=let_go_sudo.reason or "–",
                above=self._giving_unit().sudo().name
                or self.env._("the supervisor of the desk"),
            )
        )

    def _beside_refusal(self):
        if self.role == "copy":
            return UserError(
                self.env._(
                    "This is a copy for information: mark it as seen. Only the unit that "
                    "treats the letter dispatches it."
                )
            )
        return UserError(
            self.env._(
                "This line names who agrees to the reply: it is not a letter to treat. "
                "Take it back to ask somebody else."
            )
        )

    def _role_sentence(self, new):
        unit = self.unit_id.name or self.env._("this unit")
        if new == "assigned":
            return self.env._(
                "Only the head of %(unit)s, a deputy or a supervisor of the desk "
                "dispatches this letter.",
                unit=unit,
            )
        if new == "withdrawn":
            return self.env._(
                "Only the head of %(unit)s, which assigned it, or a supervisor of the "
                "desk takes this letter back.",
                # Who asks reads the letter: its route names the unit.
                unit=self.sudo().from_unit_id.name or unit,
            )
        if new == "refused":
            return self.env._(
                "Only the head of %(unit)s, a deputy or a supervisor of the desk refuses "
                "this letter for the unit. An agent returns it.",
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
            # Dispatched to another unit, a row stays and the next one says to whom.
            now_sudo = self.sudo()._open_child() or self.sudo()
            return UserError(
                env._(
                    "The letter %(letter)s was dispatched already, by %(user)s to "
                    "%(who)s. Return it to dispatch it otherwise.",
                    letter=letter,
                    user=now_sudo.assigned_by_id.name,
                    who=now_sudo.display_name,
                )
            )
        sentences = {
            "done": env._("This assignment of the letter %(letter)s is done already."),
            "returned": env._("The letter %(letter)s was returned already."),
            "redirected": env._("The letter %(letter)s was redirected already."),
            "refused": env._("The letter %(letter)s was refused already."),
            "withdrawn": env._("The letter %(letter)s was taken back already."),
            "reassigned": env._(
                "The letter %(letter)s was given to somebody else already."
            ),
            "to_dispatch": env._(
                "The letter %(letter)s has no agent yet: dispatch it."
            ),
            "cancelled": env._(
                "This assignment of the letter %(letter)s was cancelled: nothing is left "
                "to do."
            ),
        }
        return UserError(sentences[self.state] % {"letter": letter})
