from datetime import timedelta

from odoo import api, fields, models

#: what comes to the desk; what leaves was treated there before
ARRIVING = ("incoming", "internal")


class RegistryLetter(models.Model):
    """A registered letter arrives at the desk: “to dispatch”, at its unit."""

    _inherit = "registry.letter"

    def _register_one(self):
        result = super()._register_one()
        self._desk_arrive()
        return result

    @api.model
    def _register_lean(self, register, vals, more=None):
        """Register a deposit or a note made here, and put it before its unit."""
        letter = super()._register_lean(register, vals, more)
        if letter.desk_state:
            self.env["desk.assignment"]._arrive(
                letter.id,
                letter.company_id.id,
                letter.desk_unit_id.id,
                due_date=letter.desk_due_date,
                instruction=letter.desk_instruction_id.id,
            )
            self.env["gov.rule"]._fire("desk_registered", letter)
        return letter

    @api.model
    def _deposit_register(self, vals):
        register = super()._deposit_register(vals)
        register.office_id.desk_unit_id._recall()
        return register

    @api.model
    def _deposit_letter_vals(self, vals, register, parties):
        letter_vals = super()._deposit_letter_vals(vals, register, parties)
        if register.direction in ARRIVING:
            letter_vals.update(
                self._desk_arrival_vals(
                    register.office_id,
                    self.env["hr.department"].browse(letter_vals.get("unit_id") or ()),
                    self.env["registry.priority"].browse(
                        letter_vals.get("priority_id") or ()
                    ),
                )
            )
        return letter_vals

    def _desk_arrive(self):
        """Open the first assignment of these letters, registered just now."""
        for letter in self.filtered(
            lambda letter: letter.direction in ARRIVING and not letter.desk_state
        ):
            vals = letter._desk_arrival_vals(
                letter.office_id,
                letter.unit_id or letter.category_id.unit_id,
                letter.priority_id,
            )
            letter._desk_write(vals)
            self.env["desk.assignment"]._arrive(
                letter.id,
                letter.company_id.id,
                vals["desk_unit_id"],
                due_date=vals["desk_due_date"],
                instruction=vals["desk_instruction_id"],
            )
            letter.invalidate_recordset(["assignment_ids"])
            self.env["gov.rule"]._fire("desk_registered", letter)

    @api.model
    def _desk_arrival_vals(self, office, unit, priority):
        """Return the columns of a letter that arrives at ``office``, for ``unit``.

        The office is remembered (``gov.remembered``): a deposit reads nothing more here.
        """
        days = priority.days or office.desk_days
        due = fields.Date.context_today(self) + timedelta(days=days) if days else False
        return {
            "desk_state": "to_dispatch",
            "desk_unit_id": unit.id or office._desk_arrival_unit().id,
            "desk_due_date": due,
            "desk_instruction_id": office.desk_instruction_id.id,
        }
