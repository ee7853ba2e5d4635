from odoo import api, fields, models

from .desk_assignment import MISROUTED


class RegistryLetter(models.Model):
    """Refusing a letter for a unit, taking one back: as the letter's own buttons."""

    _inherit = "registry.letter"

    desk_can_refuse = fields.Boolean(compute="_compute_desk_can_move")
    desk_can_withdraw = fields.Boolean(compute="_compute_desk_can_move")

    @api.depends("desk_state", "assignment_ids.state", "assignment_ids.user_id")
    @api.depends_context("uid")
    def _compute_desk_can_move(self):
        for letter in self:
            row = letter._desk_row()
            letter.desk_can_refuse = bool(row) and row.can_refuse
            letter.desk_can_withdraw = (
                bool(row) and row.can_withdraw and not row._is_holder()
            )

    def action_refuse(self):
        """Open the form that refuses these letters for the unit that has them.

        :return: window action
        :raise AccessError, UserError: see ``desk.assignment.action_refuse``
        """
        return self._desk_rows().action_refuse()

    def action_withdraw(self):
        """Take back these letters, which the user's unit dispatched.

        :return: True
        :raise AccessError, UserError: see ``desk.assignment.action_withdraw``
        """
        return self._desk_rows().action_withdraw()

    @api.model
    def _fields_of_board(self):
        """Return the columns the board reads at once."""
        return [
            name
            for name, field in self._fields.items()
            if field.prefetch is True
            and field.column_type
            and not field.translate
            and self._has_field_access(field, "read")
        ]

    def _desk_misrouted(self):
        """Return the rows by which units let go of this letter, the last one first."""
        self.ensure_one()
        return self.assignment_ids.filtered(lambda row: row.state in MISROUTED).sorted(
            lambda row: (row.closed_at, row.id), reverse=True
        )

    def _desk_reply_steps(self, besides):
        """Return the steps that the dispatch asks of a reply: visas, then the signatory.

        :param besides: ``res.users`` who agree anyhow: nobody is asked twice
        :return: list of dicts for ``_circuit_start``
        """
        self.ensure_one()
        # Who was named is part of the letter for whoever answers it.
        rows_sudo = self.sudo().assignment_ids.filtered(
            lambda row: row.role in ("visa", "sign") and row._is_open()
        )
        present = self.env["gov.access"]._present(rows_sudo.user_id, self.company_id)
        steps = []
        for role, kind, name in (
            ("visa", "visa", self.env._("Visa")),
            ("sign", "validation", self.env._("Agreement of the signatory")),
        ):
            named = rows_sudo.filtered(lambda row, role=role: row.role == role).user_id
            users = self.env["res.users"].browse(named.ids) & present
            steps += [
                {"name": name, "kind": kind, "users": user}
                for user in users - besides - self.env.user
            ]
        return steps
