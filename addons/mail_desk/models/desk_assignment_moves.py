from odoo import models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import given, text


class DeskAssignment(models.Model):
    """Letting go of a letter that is not for this unit, and taking one back."""

    _inherit = "desk.assignment"

    def action_redirect(self, unit_id=None, reason=None, keep_copy=False):
        """Send these letters to another unit, which should have had them.

        :param int unit_id: the right unit, of the same administration
        :param str reason: why; without unit or reason, open the form that asks
        :param bool keep_copy: who had the letter, unit and agent, keeps a copy
        :return: True, or the window action of the form
        :raise UserError: no reason, same unit, another administration, closed already, a
            unit that let go of the letter before
        :raise AccessError: neither agent, head of the unit nor supervisor
        """
        self._pass_gate("redirected")
        if unit_id is None:
            return self._open_move("redirect", self.env._("Redirect"))
        reason = self._check_reason(reason)
        unit = self.env["hr.department"].browse(given.record_id(unit_id))
        for row in self:
            row._check_redirection(unit)
            before, agent = row.unit_id, row.user_id
            row._close("redirected", reason)
            following = row._open_next(unit, row.parent_id)
            if keep_copy and before:
                # For the agent who had it, else for the unit as a whole.
                following._send_copies([], [(before, agent.filtered("active"))])
            row._log_move("redirected", unit, reason)
        return True

    def _check_redirection(self, unit):
        self.ensure_one()
        self._check_unit(unit)
        if unit == self.unit_id:
            raise UserError(
                self.env._(
                    "The letter %(letter)s is with %(unit)s already: choose another unit.",
                    letter=self.letter_id.display_name,
                    unit=unit.name,
                )
            )
        if refusal := self._circle_refusal(unit):
            raise refusal

    def action_refuse(self, reason=None):
        """Refuse, for the unit, letters that were dispatched to it.

        They go back to the unit that dispatched them, else to the unit where letters of
        the office arrive; the refusal counts as misrouting.

        :param str reason: why; without it, open the form that asks
        :return: True, or the window action of the form
        :raise UserError: no reason, closed already, nobody gave it to the unit
        :raise AccessError: neither head of the unit nor supervisor
        """
        self._pass_gate("refused")
        if reason is None:
            return self._open_move("refuse", self.env._("Refuse"))
        reason = self._check_reason(reason)
        for row in self:
            unit = row._giving_unit()
            row._close("refused", reason)
            row._go_back(unit)
            row._log_move("refused_by_unit", unit, reason)
        return True

    def action_withdraw(self, reason=None):
        """Take back letters that were dispatched by mistake, before anything is done.

        A copy, a visa or a signatory that was named is taken back too.

        :param str reason: why, in one line; nothing has to be said
        :return: True
        :raise UserError: closed already, a reply was begun, nothing was dispatched
        :raise AccessError: neither head of the unit that dispatched nor supervisor
        """
        self._pass_gate("withdrawn")
        reason = text.clean_line(reason, 500)
        for row in self:
            row._close("withdrawn", reason)
            if row.role != "to":
                row._letter_sudo()._desk_log(
                    "part_withdrawn",
                    {"unit": row.unit_id.id, "user": row.user_id.id, "reason": reason},
                    journal={"role": row.role, "unit": row.unit_id._desk_code()},
                )
                continue
            unit = row.from_unit_id or row.unit_id
            row._go_back(unit)
            row._log_move("withdrawn", unit, reason)
        return True
