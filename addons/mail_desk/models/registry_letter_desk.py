from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.gov_base.lib import text

from .registry_letter import CLOSINGS


class RegistryLetter(models.Model):
    """What people do with a letter at the desk, and who may."""

    _inherit = "registry.letter"

    desk_row_id = fields.Many2one("desk.assignment", compute="_compute_desk_can")
    desk_can_dispatch = fields.Boolean(compute="_compute_desk_can")
    desk_can_return = fields.Boolean(compute="_compute_desk_can")
    desk_can_redirect = fields.Boolean(compute="_compute_desk_can")
    desk_can_done = fields.Boolean(compute="_compute_desk_can")
    desk_can_close = fields.Boolean(compute="_compute_desk_can")
    desk_can_reopen = fields.Boolean(compute="_compute_desk_can")
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
            letter.desk_can_close = not letter._desk_close_refusal()
            letter.desk_can_done = letter.desk_can_close
            letter.desk_can_reopen = not letter._desk_reopen_refusal()
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
                    row.user_id == self.env.user
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

    def _desk_close_refusal(self):
        self.ensure_one()
        if self.desk_state == "closed":
            return UserError(
                self.env._(
                    "The letter %(letter)s is closed already.", letter=self.display_name
                )
            )
        if not self.desk_state:
            return UserError(
                self.env._(
                    "The letter %(letter)s is not at the desk.",
                    letter=self.display_name,
                )
            )
        if not self._desk_treats():
            return AccessError(
                self.env._(
                    "Only the agent who has the letter %(letter)s, the head of the unit, "
                    "a deputy or a supervisor of the desk closes it.",
                    letter=self.display_name,
                )
            )
        return self._desk_pending_refusal()

    def _desk_reopen_refusal(self):
        self.ensure_one()
        if self.desk_state != "closed" or self.state == "cancelled":
            return UserError(
                self.env._(
                    "The letter %(letter)s is not closed: there is nothing to open "
                    "again.",
                    letter=self.display_name,
                )
            )
        if not (self._desk_is("supervisor") or self._desk_heads(self.desk_unit_id)):
            return AccessError(
                self.env._(
                    "Only the head of the unit, a deputy or a supervisor of the desk "
                    "opens a closed letter again."
                )
            )
        return None

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

    def action_close(self, reason=None, kind=None):
        """Close this letter: nothing more is to be done.

        :param str reason: why, in one line; needed unless it was answered
        :param str kind: "answered" (default once the reply is sent), "no_reply"
            (default before) or "treated"
        :return: True, or the window action of the form when nothing is given
        :raise UserError: closed already, a reply is under way, no reason, nothing sent
        :raise AccessError: neither agent, head of the unit nor supervisor
        """
        for letter in self:
            letter._desk_check(lambda letter: letter._desk_close_refusal())
        if (
            reason is None
            and kind is None
            and not all(letter._desk_is_replied() for letter in self)
        ):
            return self._desk_open_move("close", self.env._("Close"))
        for letter in self:
            letter._desk_close(letter._desk_closing_kind(kind), text.clean_line(reason))
        return True

    def _desk_closing_kind(self, kind):
        replied = self._desk_is_replied()
        kind = kind or ("answered" if replied else "no_reply")
        if kind not in [code for code, _label in CLOSINGS]:
            raise UserError(self.env._("Choose how the letter ends."))
        if kind == "answered" and not replied:
            raise UserError(
                self.env._(
                    "No reply to the letter %(letter)s was sent: send it first, or close "
                    "the letter as “No reply needed”, saying why.",
                    letter=self.display_name,
                )
            )
        return kind

    def _desk_close(self, kind, reason):
        """Close the letter and what is open of its route. The gate was passed."""
        self.ensure_one()
        if refusal := self._desk_pending_refusal():
            raise refusal
        if kind == "no_reply" and not reason:
            raise UserError(
                self.env._(
                    "Say in one line why no reply is needed. Nothing was closed."
                )
            )
        if kind == "treated" and self._desk_is_replied():
            kind = "answered"
        # A copy stays open until it is seen.
        rows = self.assignment_ids.filtered(
            lambda row: row.role != "copy" and row._is_open()
        )
        rows._close("done", reason)
        self._desk_write(
            {
                "desk_closing": kind,
                "desk_closing_reason": reason or False,
                "desk_closed_at": fields.Datetime.now(),
                "desk_closed_by_id": self.env.uid,
            }
        )
        self._desk_sync()
        self._desk_log("closed", {"kind": kind, "reason": reason}, journal={"as": kind})

    def action_reopen(self, reason=None):
        """Open a closed letter again: it is to dispatch at the unit it was with.

        :param str reason: why; without it, open the form that asks
        :return: True, or the window action of the form
        :raise UserError: not closed, no reason
        :raise AccessError: neither head of the unit nor supervisor
        """
        for letter in self:
            letter._desk_check(lambda letter: letter._desk_reopen_refusal())
        if reason is None:
            return self._desk_open_move("reopen", self.env._("Open again"))
        for letter in self:
            last = letter.assignment_ids.filtered(lambda row: row.role == "to")[-1:]
            reason = last._check_reason(reason)
            last._open_next(letter.desk_unit_id, last.browse())
            letter._desk_write(
                {
                    "desk_closing": False,
                    "desk_closing_reason": False,
                    "desk_closed_at": False,
                    "desk_closed_by_id": False,
                }
            )
            letter._desk_sync()
            letter._desk_log("reopened", {"reason": reason}, journal={})
        return True

    def _desk_open_move(self, act, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "desk.move.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_letter_ids": self.ids, "default_act": act},
        }

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
