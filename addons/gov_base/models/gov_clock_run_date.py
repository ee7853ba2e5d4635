from odoo import api, models
from odoo.fields import Domain

from ..lib import legal_clock

#: so many clocks are recomputed within the change of a holiday itself; the rest by the task
AT_ONCE = 100


class GovClockRun(models.Model):
    """From what happened to a date, each time something happens."""

    _inherit = "gov.clock.run"

    def _lib_terms(self):
        self.ensure_one()
        return legal_clock.Terms(self.unit, self.length, self.roll)

    def _stops(self):
        return [(stop.date_from, stop.date_to or None) for stop in self.stop_ids]

    def _dates(self, calendar):
        """Return the values of this clock that follow from its terms, its stops and the calendar."""
        self.ensure_one()
        due = legal_clock.due(
            self._lib_terms(), self.started_on, calendar, self._stops(), self.added
        )
        return {
            "due_date": due or False,
            "provisional_names": self._provisional(due) or False,
        }

    def _provisional(self, due):
        """Return the names of the holidays not confirmed yet on which the date depends."""
        if due is None or (self.unit != "working_days" and not self.roll):
            return ""
        # Two days around: an announced day moves by one or two.
        margin = legal_clock.ONE_DAY * 2
        names = [
            holiday.name
            for holiday in self.company_id._gov_holidays()
            if holiday.state == "provisional"
            and holiday.date_from <= due + margin
            and holiday.date_to >= self.started_on - margin
        ]
        return ", ".join(dict.fromkeys(names))[:200]

    def _recompute(self, kind, reason="", calendar=None, **vals):
        """Write what just happened to this clock and the date that follows; note it and tell the subject.

        :param str kind: of ``gov.clock.change``
        :param str reason: why, one line
        :param calendar: of the administration, when the caller has it at hand
        :param vals: values of the run that change with it
        """
        self.ensure_one()
        # Nobody writes clocks: the caller passed their gate.
        run_sudo = self.sudo()
        before = run_sudo.due_date
        calendar = calendar or run_sudo.company_id._gov_calendar()
        if vals:
            run_sudo.write(vals)
        run_sudo.invalidate_recordset(["stop_ids"])
        values = run_sudo._dates(calendar)
        run_sudo.write({**values, **run_sudo._next_warning(values, calendar)})
        if kind in ("holidays", "week") and before == run_sudo.due_date:
            return
        run_sudo._note(kind, before, reason)
        self._subject()._clock_changed(self, before, kind)

    def _next_warning(self, values, calendar):
        """Return the values that say when this clock warns next."""
        due = values["due_date"]
        if self.state != "running" or not due:
            return {"warn_on": False, "warn_level": 0}
        today = self.company_id._gov_today()
        levels = (self.warn_first, self.warn_second)
        given = self.warned_level
        if given and due != self.due_date:
            # Said for another date: what is not near any more is said again.
            near = [
                level
                for level in levels
                if level >= given and calendar.before(due, level) <= today
            ]
            given = min(near, default=0)
        found = legal_clock.warning(
            calendar, due, self.started_on, levels, given, today
        )
        day, level = found or (False, 0)
        return {"warn_on": day, "warn_level": level, "warned_level": given}

    def _note(self, kind, before, reason="", length=0):
        """Write a line of the history."""
        # Nobody writes the history: the caller passed the gate of what it says.
        changes_sudo = self.env["gov.clock.change"].sudo()
        return changes_sudo.create(
            {
                "run_id": self.id,
                "company_id": self.company_id.id,
                "res_model": self.res_model,
                "res_id": self.res_id,
                "kind": kind,
                "user_id": self.env.uid,
                "actor_name": changes_sudo.env.user.name,
                "before": before,
                "after": self.due_date,
                "length": length,
                "reason": (reason or "")[:500] or False,
            }
        )

    def _lock(self):
        """Take these clocks, or say that somebody else acts on them now."""
        self._lock_or_tell(
            self.env._(
                "Somebody else acts on this legal clock at this very moment. Reload "
                "to see what was done."
            )
        )

    # ------------------------------------------------------------------
    # Holidays and working week
    # ------------------------------------------------------------------
    @api.model
    def _calendar_changed(self, kind, reason, reaches):
        """Recompute the clocks that a change of days touches, at once for the first ones.

        A clock that expired is looked at too while nobody said the effect: a day off that is announced late may
        take its expiry back.

        :param str kind: "holidays" or "week"
        :param str reason: names of the holidays
        :param reaches: list of (ids of administrations or None for all, earliest day or None)
        """
        touched = Domain.FALSE
        for company_ids, first in reaches:
            domain = Domain.TRUE
            if company_ids is not None:
                domain &= Domain("company_id", "in", list(company_ids))
            if first:
                late = Domain("due_date", ">=", first - legal_clock.ONE_DAY)
                domain &= late | Domain("due_date", "=", False)
            touched |= domain
        alive = Domain("state", "in", ("running", "suspended")) | (
            Domain("state", "=", "expired")
            & Domain("effect", "=", False)
            & Domain("ended_on", "=", False)
        )
        # The calendar was allowed to change; its clocks belong to records of many readers.
        runs_sudo = self.sudo().search(alive & touched, order="id")
        runs_sudo.write(
            {"is_stale": True, "stale_kind": kind, "stale_reason": reason or False}
        )
        calendars = {}
        for run_sudo in runs_sudo[:AT_ONCE]:
            run_sudo._refresh(calendars)
        if len(runs_sudo) > AT_ONCE:
            # The task belongs to the platform.
            cron_sudo = self.env.ref("gov_base.ir_cron_gov_clock").sudo()
            cron_sudo._trigger()

    def _refresh(self, calendars):
        """Recompute this clock after a change of days.

        :param dict calendars: {administration: calendar} of this batch
        """
        self.ensure_one()
        company = self.company_id
        if company not in calendars:
            calendars[company] = company._gov_calendar()
        vals = {"is_stale": False}
        kind, reason = self.stale_kind or "holidays", self.stale_reason or ""
        if self.state == "expired":
            due = self._dates(calendars[company])["due_date"]
            if due and due >= company._gov_today():
                vals["state"] = "running"
                kind = "unexpired"
        self._recompute(kind, reason, calendars[company], **vals)
