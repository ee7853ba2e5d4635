from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import given, text


class DeskAssignment(models.Model):
    """What an action is given is checked here; what it leaves is written here."""

    _inherit = "desk.assignment"

    def _check_target(self, unit_id, user_id):
        """Return (unit, agent), or raise naming what does not fit."""
        self.ensure_one()
        unit_id = given.record_id(unit_id) or self.unit_id.id
        unit = self.env["hr.department"].browse(unit_id)
        self._check_unit(unit)
        user = self.env["res.users"].browse(given.record_id(user_id))
        if user and user not in self.env["gov.access"]._members(unit):
            raise UserError(
                self.env._(
                    "%(user)s does not work in %(unit)s: choose one of its people, or "
                    "the unit alone.",
                    # A person of another administration is not named.
                    user=user.name
                    if user in self._colleagues()
                    else self.env._("This person"),
                    unit=unit.name,
                )
            )
        return unit, user

    def _colleagues(self):
        return self.env["res.users"].search(
            [("company_ids", "in", self.company_id.id), ("share", "=", False)]
        )

    def _check_unit(self, unit):
        self.ensure_one()
        # A unit the user may not read is unknown to him, whatever its administration.
        known = unit.exists()._filtered_access("read").filtered("active")
        if not known or known.company_id != self.company_id:
            raise UserError(
                self.env._(
                    "This unit is not one of the administration of the letter "
                    "%(letter)s: choose another one.",
                    letter=self.letter_id.display_name,
                )
            )

    def _check_instruction(self, instruction_id):
        instruction = self.env["desk.instruction"].browse(
            given.record_id(instruction_id)
        )
        # One that the user may not read is unknown to him.
        known = instruction.exists()._filtered_access("read")
        owner = known.company_id or self.company_id
        if known != instruction or owner != self.company_id:
            raise UserError(
                self.env._("This instruction belongs to another administration.")
            )
        return instruction

    def _due_date(self, due_date, instruction):
        """Return the date to act by: given, else the instruction's, else the former."""
        today = fields.Date.context_today(self)
        if due_date:
            try:
                day = given.day(due_date)
            except ValueError as error:
                raise UserError(
                    self.env._(
                        "The due date is no date: write it like %(example)s. Nothing was "
                        "dispatched.",
                        example=today.isoformat(),
                    )
                ) from error
            if day < today:
                raise UserError(
                    self.env._(
                        "The due date is past: choose today or a later day. Nothing was "
                        "dispatched."
                    )
                )
            return day
        if instruction.days:
            company = self.company_id
            return self.env["gov.holiday"]._working_days_after(
                company, company._gov_today(), instruction.days
            )
        return self.due_date

    def _check_reason(self, reason):
        reason = text.clean_line(reason)
        if not reason:
            raise UserError(
                self.env._("Say why, in one line: the next person reads it.")
            )
        return reason[:500]

    def _close(self, state, reason):
        """Close these rows. The gate was passed by the caller."""
        # Nobody has write access on assignments: the gate was passed.
        self.sudo()._desk_gated().write(
            {
                "state": state,
                "reason": reason or False,
                "closed_by_id": self.env.uid,
                "closed_at": fields.Datetime.now(),
            }
        )

    def _log_move(self, kind, unit, reason):
        self.ensure_one()
        self._letter_sudo()._desk_moved(
            kind,
            {"from": self.unit_id.id, "unit": unit.id, "reason": reason},
            {"from": self.unit_id._desk_code(), "unit": unit._desk_code()},
        )

    def _letter_sudo(self):
        """Return the letter as superuser: who gives it away may not read it any more."""
        # Only what follows an act that passed the gate is written through it.
        row_sudo = self.sudo()
        return row_sudo.letter_id

    def _open_wizard(self, model, name, **context):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_assignment_ids": self.ids, **context},
        }

    def _open_move(self, act, name):
        return self._open_wizard("desk.move.wizard", name, default_act=act)
