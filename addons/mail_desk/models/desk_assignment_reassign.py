from odoo import fields, models
from odoo.exceptions import UserError


class DeskAssignment(models.Model):
    """Giving a letter to another agent of the same unit: nobody let go of it, and it is no misrouting."""

    _inherit = "desk.assignment"

    def action_reassign(self, user_id=None, reason=None):
        """Give these letters to another person of the unit that has them.

        :param int user_id: ``res.users`` who works in that unit
        :param str reason: why, in one line
        :return: True
        :raise UserError: nobody or the same person, not of that unit, no reason, closed already
        :raise AccessError: neither head of the unit nor supervisor
        """
        self._pass_gate("reassigned")
        reason = self._check_reason(reason)
        for row in self:
            _unit, user = row._check_target(row.unit_id.id, user_id)
            if not user or user == row.user_id:
                raise UserError(
                    self.env._(
                        "Choose somebody else of %(unit)s to get the letter %(letter)s.",
                        unit=row.unit_id.name,
                        letter=row.letter_id.display_name,
                    )
                )
            row._reassign(user, reason)
        return True

    def _reassign(self, user, reason):
        """Close this row and open the same one for ``user``. The gate was passed."""
        self.ensure_one()
        self._close("reassigned", reason)
        # Nobody has write access on assignments: the gate was passed.
        rows_sudo = self.sudo()._desk_gated()
        rows_sudo.create(
            {
                "letter_id": self.letter_id.id,
                "company_id": self.company_id.id,
                "role": self.role,
                "state": "assigned",
                "parent_id": self.parent_id.id,
                "from_unit_id": self.from_unit_id.id,
                "unit_id": self.unit_id.id,
                "user_id": user.id,
                "due_date": self.due_date,
                "instruction_id": self.instruction_id.id,
                "note": self.note,
                "assigned_by_id": self.env.uid,
                "assigned_at": fields.Datetime.now(),
            }
        )
        args = {
            "users": self.user_id.ids,
            "unit": self.unit_id.id,
            "user": user.id,
            "reason": reason,
        }
        journal = {"unit": self.unit_id._desk_code(), "role": self.role}
        if self.role == "to":
            self._letter_sudo()._desk_moved("reassigned", args, journal)
        else:
            self._letter_sudo()._desk_log("reassigned", args, journal=journal)
