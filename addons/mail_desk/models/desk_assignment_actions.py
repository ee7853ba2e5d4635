from odoo import fields, models

from odoo.addons.gov_base.lib import text


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
        **others,
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
        :param others: ids of persons: ``copy_user_ids``, ``opinion_user_ids`` (asked at
            the same time, ``opinion_question``, by ``opinion_due``), ``visa_user_ids`` and
            ``sign_user_id`` (who agree to the reply); ``circuit_id``, a ``gov.circuit`` to
            start on the letter
        :return: True, or the window action of the form
        :raise UserError: dispatched already, wrong unit, agent or person, letter closed
        :raise AccessError: the user heads neither the unit nor supervises the desk
        """
        self._pass_gate("assigned")
        if unit_id is None and user_id is None:
            return self._open_wizard("desk.dispatch.wizard", self.env._("Dispatch"))
        others = self._read_others({**others, "copy_unit_ids": copy_unit_ids})
        for row in self:
            target = row._check_target(unit_id, user_id)
            instruction = row._check_instruction(instruction_id)
            vals = {
                "state": "assigned",
                "instruction_id": instruction.id,
                "due_date": row._due_date(due_date, instruction),
                "note": text.clean_line(note, 500) or False,
            }
            row._dispatch_one(*target, vals)
            row._ask_others(others)
            row._start_usual_circuits(*target)
        return True

    def _start_usual_circuits(self, unit, user):
        """Start what the administration starts by itself when ``unit`` gets a letter."""
        self.ensure_one()
        letter = self._letter_sudo().with_env(self.env)
        letter._desk_start_usual_circuits(unit)

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
            row._go_back(unit)
            row._log_move("returned", unit, reason)
        return True

    def _go_back(self, unit):
        """Let ``unit`` dispatch the letter of this closed row: its own row, or a new one."""
        self.ensure_one()
        parent = self.parent_id
        if parent and unit == parent.unit_id != self.unit_id:
            # Nobody has write access on assignments: the gate was passed.
            parent.sudo()._desk_gated().write({"state": "to_dispatch"})
        else:
            self._open_next(unit, parent)

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
