from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import given, text


class DeskAssignment(models.Model):
    """What people do with an assignment. Each action passes the gate first."""

    _inherit = "desk.assignment"

    def action_dispatch(
        self,
        unit_id=None,
        user_id=None,
        instruction_id=None,
        due_date=None,
        note=None,
        copy_unit_ids=None,
    ):
        """Dispatch these letters: to a unit, then an agent of it.

        Without unit and agent, open the form that asks. A dispatch to another unit is a
        sub-dispatch: a row under this one, to dispatch there unless an agent is named.

        :param int unit_id: ``hr.department`` of the same administration; by default the
            unit the letter is with
        :param int user_id: ``res.users`` who works in that unit
        :param int instruction_id: ``desk.instruction``
        :param due_date: date or ISO text; by default today plus the instruction's days
        :param str note: one line for the unit
        :param copy_unit_ids: ids of units that get a copy for information
        :return: True, or the window action of the form
        :raise UserError: dispatched already, wrong unit or agent, letter closed
        :raise AccessError: the user heads neither the unit nor supervises the desk
        """
        self._pass_gate("assigned")
        if unit_id is None and user_id is None:
            return self._open_wizard("desk.dispatch.wizard", self.env._("Dispatch"))
        copy_unit_ids = given.record_ids(copy_unit_ids)
        for row in self:
            target = row._check_target(unit_id, user_id)
            instruction = row._check_instruction(instruction_id)
            for copied in self.env["hr.department"].browse(copy_unit_ids):
                row._check_unit(copied)
            vals = {
                "state": "assigned",
                "instruction_id": instruction.id,
                "due_date": row._due_date(due_date, instruction),
                "note": text.clean_line(note) or False,
            }
            row._dispatch_one(*target, vals)
            row._send_copies(copy_unit_ids)
        return True

    def _dispatch_one(self, unit, user, vals):
        """Give this row to ``user`` of its unit, or open a row at another ``unit``."""
        self.ensure_one()
        now = fields.Datetime.now()
        vals = {**vals, "assigned_by_id": self.env.uid, "assigned_at": now}
        # Nobody has write access on assignments: the gate was passed.
        row_sudo = self.sudo()._desk_gated()
        before = self.unit_id
        if unit == before or not before:
            vals.update(unit_id=unit.id, user_id=user.id, from_unit_id=before.id)
            if not before and not user:
                vals["state"] = "to_dispatch"
            row_sudo.write(vals)
        else:
            row_sudo.write({"state": "assigned"})
            row_sudo.create(
                {
                    **vals,
                    "state": "assigned" if user else "to_dispatch",
                    "letter_id": self.letter_id.id,
                    "company_id": self.company_id.id,
                    "parent_id": self.id,
                    "from_unit_id": before.id,
                    "unit_id": unit.id,
                    "user_id": user.id,
                }
            )
        self._letter_sudo()._desk_moved(
            "dispatched",
            {
                "unit": unit.id,
                "user": user.id,
                "instruction": vals["instruction_id"],
                "due": vals["due_date"],
                "note": vals["note"],
            },
            {
                "from": before._desk_code(),
                "unit": unit._desk_code(),
                "agent": bool(user),
                "due": vals["due_date"] and vals["due_date"].isoformat() or None,
            },
        )

    def _send_copies(self, unit_ids):
        """Give a copy for information to each unit that has none yet."""
        self.ensure_one()
        units = self.env["hr.department"].browse(unit_ids)
        open_copies = self._letter_sudo().assignment_ids.filtered(
            lambda row: row.role == "copy" and row._is_open()
        )
        # Nobody has write access on assignments: the gate was passed.
        rows_sudo = self.sudo()._desk_gated()
        for unit in units - open_copies.unit_id.with_env(self.env):
            rows_sudo.create(
                {
                    "letter_id": self.letter_id.id,
                    "company_id": self.company_id.id,
                    "role": "copy",
                    "state": "assigned",
                    "unit_id": unit.id,
                    "from_unit_id": self.unit_id.id,
                    "assigned_by_id": self.env.uid,
                    "assigned_at": fields.Datetime.now(),
                }
            )
            self._letter_sudo()._desk_log(
                "copied", {"unit": unit.id}, journal={"unit": unit._desk_code()}
            )

    def action_return(self, reason=None):
        """Return these letters to whoever assigned them.

        :param str reason: why; without it, open the form that asks
        :return: True, or the window action of the form
        :raise UserError: no reason, closed already, nobody to return it to
        :raise AccessError: neither agent, head of the unit nor supervisor
        """
        self._pass_gate("returned")
        if reason is None:
            return self._open_move("return", self.env._("Return"))
        reason = self._check_reason(reason)
        for row in self:
            unit = row._return_unit()
            row._close("returned", reason)
            parent = row.parent_id
            if parent and unit == parent.unit_id != row.unit_id:
                # Nobody has write access on assignments: the gate was passed.
                parent.sudo()._desk_gated().write({"state": "to_dispatch"})
            else:
                row._open_next(unit, parent)
            row._log_move("returned", unit, reason)
        return True

    def action_redirect(self, unit_id=None, reason=None, keep_copy=False):
        """Send these letters to another unit, which should have had them.

        :param int unit_id: the right unit, of the same administration
        :param str reason: why; without unit or reason, open the form that asks
        :param bool keep_copy: the unit that had the letter keeps a copy
        :return: True, or the window action of the form
        :raise UserError: no reason, same unit, another administration, closed already
        :raise AccessError: neither agent, head of the unit nor supervisor
        """
        self._pass_gate("redirected")
        if unit_id is None:
            return self._open_move("redirect", self.env._("Redirect"))
        reason = self._check_reason(reason)
        unit = self.env["hr.department"].browse(given.record_id(unit_id))
        for row in self:
            row._check_unit(unit)
            if unit == row.unit_id:
                raise UserError(
                    self.env._(
                        "The letter %(letter)s is with %(unit)s already: choose another "
                        "unit.",
                        letter=row.letter_id.display_name,
                        unit=unit.name,
                    )
                )
            before = row.unit_id
            row._close("redirected", reason)
            following = row._open_next(unit, row.parent_id)
            if keep_copy and before:
                following._send_copies(before.ids)
            row._log_move("redirected", unit, reason)
        return True

    def action_done(self, reason=None):
        """Note that these assignments are treated (or, for a copy, seen).

        When the letter is treated and nothing else is open, it is closed.

        :param str reason: one line, for example what was done
        :return: True
        :raise UserError: done already, or a reply is being prepared
        :raise AccessError: neither agent, head of the unit nor supervisor
        """
        self._pass_gate("done")
        for row in self:
            if row.role == "copy":
                row._close("done", text.clean_line(reason))
                row._letter_sudo()._desk_log("seen", {"unit": row.unit_id.id})
            else:
                row.letter_id._desk_close("treated", text.clean_line(reason))
        return True

    def _open_next(self, unit, parent):
        """Open the row that follows this closed one, at ``unit``, to dispatch."""
        self.ensure_one()
        # Nobody has write access on assignments: the gate was passed.
        rows_sudo = self.sudo()._desk_gated()
        return rows_sudo.create(
            {
                "letter_id": self.letter_id.id,
                "company_id": self.company_id.id,
                "parent_id": parent.id,
                "from_unit_id": parent.unit_id.id,
                "unit_id": unit.id,
                "due_date": self.due_date,
                "instruction_id": self.instruction_id.id,
                "assigned_by_id": self.env.uid,
                "assigned_at": fields.Datetime.now(),
            }
        ).with_env(self.env)
