from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..lib import legal_clock
from ..lib.text import clean_line
from .gov_clock import EFFECTS


class GovClockRun(models.Model):
    """What happens to a clock. The caller passed the gate of its own model; the clock's own comes here."""

    _inherit = "gov.clock.run"

    @api.model
    def _launch(self, subject, clock, started_on):
        """Start a clock on ``subject``: freeze the terms and compute the last day.

        :return: ``gov.clock.run``
        """
        company = subject.company_id
        # Whoever registers a record starts the clock of its rule, which he may not read.
        clock_sudo = clock.sudo()
        if clock_sudo.company_id and clock_sudo.company_id != company:
            raise UserError(
                self.env._(
                    "The legal length “%(name)s” belongs to another administration.",
                    name=clock_sudo.name,
                )
            )
        calendar = company._gov_calendar()
        naive = legal_clock.naive(clock_sudo._lib_terms(), started_on, calendar)
        # Nobody creates clocks: the subject's act passed its gate.
        run_sudo = self.sudo().create(
            {
                **clock_sudo._frozen(),
                "clock_id": clock.id,
                "company_id": company.id,
                "res_model": subject._name,
                "res_id": subject.id,
                "started_on": started_on,
                "naive_date": naive,
            }
        )
        run = run_sudo.with_env(self.env)
        subject._clock_remember(run)
        run._recompute("started", clock_sudo.legal_basis or clock_sudo.name, calendar)
        return run

    def _suspend(self, reason, on=None):
        """Stop this clock for now.

        :param str reason: why, one line
        :param date on: day of the event; today by default, never before the start or the last stop
        :raise UserError: it does not run, or its time ran out
        """
        self._pass_gate("suspend")
        day = self._checked_day(on)
        if self.due_date and day > self.due_date:
            raise UserError(self._over_sentence())
        # Nobody writes stops: the gate was passed.
        stops_sudo = self.env["gov.clock.stop"].sudo()
        stops_sudo.create(
            {
                "run_id": self.id,
                "company_id": self.company_id.id,
                "res_model": self.res_model,
                "res_id": self.res_id,
                "date_from": day,
                "reason": clean_line(reason, 500) or False,
            }
        )
        self._recompute("suspended", clean_line(reason, 500), state="suspended")

    def _resume(self, on=None, reason=""):
        """Let this clock go on.

        :param date on: day of the event; today by default, never before the stop
        :param str reason: why, one line
        :raise UserError: it is not stopped
        """
        self._pass_gate("resume")
        self._close_stop(self._checked_day(on))
        self._recompute("resumed", clean_line(reason, 500), state="running")

    def _close_stop(self, day):
        # Nobody writes stops: the gate was passed.
        stop_sudo = self.sudo().stop_ids.filtered(lambda stop: not stop.date_to)
        stop_sudo.write({"date_to": day})
        # One open stop at a time, in the database too: the next may begin the same day.
        stop_sudo.flush_recordset(["date_to"])

    def _extend(self, length, reason):
        """Extend this clock as its rule allows.

        :param int length: in the unit of the rule; the most it allows when empty
        :param str reason: why: the law asks for it
        :raise UserError: no extension left, too long, no reason, its time ran out
        """
        self._pass_gate("extend")
        length = self.extension_length if length is None or length is False else length
        if type(length) is not int or not 0 < length <= self.extension_length:
            raise UserError(
                self.env._(
                    "The law extends this clock by %(most)s at most: nothing was changed.",
                    most=self._amount(self.extension_length),
                )
            )
        reason = self._checked_reason(reason)
        self._recompute(
            "extended",
            reason,
            added=self.added + length,
            extension_count=self.extension_count + 1,
        )

    def _stop(self, reason, on=None):
        """End this clock: what it waited for was done. One that expired stays so.

        :param str reason: why, one line
        :raise UserError: it ended already
        """
        self._pass_gate("stop")
        day = self._checked_day(on)
        if self.state == "suspended":
            self._close_stop(day)
        state = "expired" if self.state == "expired" else "stopped"
        self._recompute("ended", clean_line(reason, 500), state=state, ended_on=day)

    def _reopen(self, reason):
        """Let a clock that ended go on: the days between count, the law never stopped it.

        One that ran out stays so: what it waited for is still to do.

        :param str reason: why, one line
        :raise UserError: it did not end
        """
        self._pass_gate("reopen")
        state = "expired" if self.state == "expired" else "running"
        self._recompute(
            "reopened", clean_line(reason, 500), state=state, ended_on=False
        )

    def action_qualify(self, effect=None, reason=None):
        """Say what the expiry of this clock means. Only a person says it, only the effect.

        :param str effect: "none", or the effect that its confirmed rule gives to silence
        :param str reason: why, one line; without effect, open the form that asks
        :return: True, or the window action of the form
        :raise AccessError: not who answers for the record
        :raise UserError: the time did not run out, the rule gives no such effect, no reason
        """
        self.ensure_one()
        self.check_access("read")
        if refusal := self._subject()._clock_act_refusal(self, "qualify"):
            raise refusal
        self._pass_gate("qualify")
        if effect is None:
            return self._open_dialog("qualify", self.env._("Say the effect"))
        if effect not in [code for code, _label in EFFECTS]:
            raise UserError(self.env._("Choose the effect: nothing was changed."))
        if effect != "none" and effect != self._legal_effect():
            raise UserError(
                self.env._(
                    "The rule “%(rule)s” gives silence no such effect, or the "
                    "administration did not confirm it. Nothing was changed.",
                    rule=self.display_name,
                )
            )
        reason = self._checked_reason(reason)
        # Nobody writes clocks: both gates were passed.
        run_sudo = self.sudo()
        run_sudo.write(
            {
                "effect": effect,
                "effect_reason": reason,
                "effect_by_id": self.env.uid,
                "effect_by_name": run_sudo.env.user.name,
                "effect_at": fields.Datetime.now(),
            }
        )
        label = dict(self._fields["effect"]._description_selection(self.env))[effect]
        self._note("qualified", self.due_date, f"{label} – {reason}")
        self._subject()._clock_qualified(self)
        return True

    def _open_dialog(self, operation, title):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "gov.clock.dialog",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_run_id": self.id,
                "default_operation": operation,
                "dialog_size": "medium",
            },
        }

    def _checked_reason(self, reason):
        reason = clean_line(reason, 500)
        if not reason:
            raise UserError(
                self.env._("Say why, in one line: it is kept with the date.")
            )
        return reason

    def _checked_day(self, on):
        """Return the day of an event: not in the future, not before what happened already."""
        today = self.company_id._gov_today()
        day = on or today
        stops = self.stop_ids
        last = max(
            [self.started_on, *(stop.date_to or stop.date_from for stop in stops)]
        )
        if day > today:
            raise UserError(
                self.env._("This day is in the future: a clock follows what happened.")
            )
        return max(day, last)

    def action_open_subject(self):
        """Open the record of this clock.

        :return: window action
        :raise AccessError: the user may not read it
        """
        self.ensure_one()
        self.check_access("read")
        if self.res_model not in self.env:
            raise AccessError(self.env._("This record cannot be opened any more."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
