from odoo import api, fields, models
from odoo.exceptions import UserError


class RegistryLetter(models.Model):
    """What people do with a letter at the desk, and who may."""

    _inherit = "registry.letter"

    desk_row_id = fields.Many2one("desk.assignment", compute="_compute_desk_can")
    desk_can_dispatch = fields.Boolean(compute="_compute_desk_can")
    desk_can_return = fields.Boolean(compute="_compute_desk_can")
    desk_can_redirect = fields.Boolean(compute="_compute_desk_can")
    desk_can_reply = fields.Boolean(compute="_compute_desk_can")
    desk_can_seen = fields.Boolean(compute="_compute_desk_can")
    desk_is_holder = fields.Boolean(compute="_compute_desk_can")

    @api.depends("desk_state", "assignment_ids.state", "assignment_ids.user_id")
    @api.depends_context("uid")
    def _compute_desk_can(self):
        for letter in self:
            row = letter._desk_row()
            letter.desk_row_id = row
            letter.desk_can_dispatch = bool(row) and row.can_dispatch
            letter.desk_can_return = bool(row) and row.can_return
            letter.desk_can_redirect = bool(row) and row.can_redirect
            letter.desk_is_holder = bool(row) and row._is_holder()
            letter.desk_can_reply = not letter._desk_reply_refusal()
            letter.desk_can_seen = bool(letter._desk_copies())

    def _desk_copies(self):
        """Return the open copies of this letter that the user may mark as seen."""
        self.ensure_one()
        return self.assignment_ids.filtered(
            lambda row: (
                row.role == "copy"
                and row._is_open()
                and (
                    self._desk_is_me(row.user_id, row.unit_id, row.company_id)
                    or (not row.user_id and self._desk_works_in(row.unit_id))
                )
            )
        )

    def _desk_treats(self):
        """Tell whether the user may act for whoever treats this letter now."""
        self.ensure_one()
        row = self._desk_row()
        if not row:
            return False
        holder = ("holder",) if row.state == "assigned" else ()
        return row._is_allowed((*holder, "head", "supervisor"))

    def _desk_check(self, refusal):
        """Read, lock and raise the refusal the gate gives."""
        self.ensure_one()
        self.check_access("read")
        rows = self.assignment_ids
        if rows:
            rows._lock()
            self.invalidate_recordset()
        if sentence := refusal(self):
            raise sentence
        row = self._desk_row()
        self._desk_note_acting(
            row.user_id or self.desk_user_id, row.unit_id or self.desk_unit_id
        )

    def action_dispatch(self):
        """Open the form that dispatches these letters.

        :return: window action
        :raise UserError: see ``desk.assignment.action_dispatch``
        """
        return self._desk_rows().action_dispatch()

    def action_return(self):
        """Open the form that returns these letters to who assigned them.

        :return: window action
        """
        return self._desk_rows().action_return()

    def action_redirect(self):
        """Open the form that sends these letters to another unit.

        :return: window action
        """
        return self._desk_rows().action_redirect()

    def action_seen(self):
        """Mark the copies of these letters in the user's units as seen.

        :return: True
        :raise UserError: no copy is waiting
        """
        for letter in self:
            copies = letter._desk_copies()
            if not copies:
                raise UserError(
                    self.env._(
                        "No copy of the letter %(letter)s waits for you.",
                        letter=letter.display_name,
                    )
                )
            copies.action_done()
        return True

    def _desk_rows(self):
        self.check_access("read")
        rows = self.env["desk.assignment"]
        for letter in self:
            row = letter._desk_row()
            if not row:
                raise UserError(
                    self.env._(
                        "The letter %(letter)s is closed or not at the desk: nothing is "
                        "left to dispatch.",
                        letter=letter.display_name,
                    )
                )
            rows |= row
        return rows

    def action_open_desk(self):
        """Open this letter as the desk shows it.

        :return: window action
        """
        self.ensure_one()
        view = self.env.ref("mail_desk.registry_letter_view_form_desk")
        return {
            "type": "ir.actions.act_window",
            "res_model": "registry.letter",
            "res_id": self.id,
            "views": [(view.id, "form")],
        }
