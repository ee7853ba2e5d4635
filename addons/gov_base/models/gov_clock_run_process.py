import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.modules import module as odoo_module

BATCH = 200
MAX_BACK_OFF_MINUTES = 60

_logger = logging.getLogger(__name__)


class GovClockRun(models.Model):
    """What comes with time: warnings before the last day, the expiry after it, dates to compute again."""

    _inherit = "gov.clock.run"

    @api.model
    def _process_clocks(self):
        """Recompute what a change of holidays left, warn, expire. Scheduled task, every hour.

        Each clock stands alone: one that fails says why on itself and is tried again later.
        """
        calendars = {}
        while runs := self.search(self._due_domain(), order="id", limit=BATCH):
            remaining = self.search_count(self._due_domain())
            done = 0
            for run in runs:
                if run._lock_alone():
                    run._attempt_due(calendars)
                done += 1
                remaining -= 1
                if not self._progress(1, remaining):
                    return
            if not done or odoo_module.current_test:
                return

    @api.model
    def _due_domain(self):
        """Return what has work: stale, to warn, or past its last day in the earliest zone."""
        now = fields.Datetime.now()
        ready = Domain("next_attempt", "=", False) | Domain("next_attempt", "<=", now)
        return ready & (
            Domain("is_stale", "=", True)
            | (Domain("state", "=", "running") & self._late_domain())
        )

    @api.model
    def _late_domain(self):
        """Return running clocks to warn or past their last day, each in its administration's zone."""
        late = Domain.FALSE
        zones = self.env["res.company"].search([("gov_tz", "!=", False)])
        for zone in set(zones.mapped("gov_tz")):
            today = zones.filtered(lambda c, zone=zone: c.gov_tz == zone)[
                :1
            ]._gov_today()
            late |= Domain("company_id.gov_tz", "=", zone) & (
                Domain("warn_on", "<=", today) | Domain("due_date", "<", today)
            )
        return late

    @api.model
    def _progress(self, processed, remaining):
        """Commit between two clocks; a test cursor never commits."""
        if odoo_module.current_test:
            return True
        return bool(
            self.env["ir.cron"]._commit_progress(processed, remaining=remaining)
        )

    def _lock_alone(self):
        """Lock this clock and read it again; False when another process has it."""
        if not self.try_lock_for_update(allow_referencing=True):
            return False
        self.invalidate_recordset()
        return bool(self.exists())

    def _attempt_due(self, calendars):
        """Do what is due on this clock; write what went wrong and when to try again."""
        try:
            with self.env.cr.savepoint():
                self._do_due(calendars)
                if self.attempts or self.error:
                    self.write({"attempts": 0, "next_attempt": False, "error": False})
        except Exception as error:
            attempts = self.attempts + 1
            minutes = min(2 ** min(attempts, 10), MAX_BACK_OFF_MINUTES)
            pause = timedelta(minutes=minutes)
            self.write(
                {
                    "attempts": attempts,
                    "next_attempt": fields.Datetime.now() + pause,
                    "error": self.env._(
                        "The clock could not go on: %(why)s It is tried again by itself.",
                        why=str(error).strip().split("\n")[0][:200],
                    ),
                }
            )
            _logger.warning(
                "clock %s: not processed (attempt %s), again in %s min",
                self.id,
                attempts,
                minutes,
                exc_info=True,
            )

    def _do_due(self, calendars):
        self.ensure_one()
        if self.is_stale:
            self._refresh(calendars)
        if self.state != "running":
            return
        today = self.company_id._gov_today()
        if self.due_date and self.due_date < today:
            self._expire()
        elif self.warn_on and self.warn_on <= today:
            self._warn(calendars)

    def _warn(self, calendars):
        """Warn once for the level that is reached."""
        company = self.company_id
        if company not in calendars:
            calendars[company] = company._gov_calendar()
        calendar = calendars[company]
        now = {"due_date": self.due_date}
        left = calendar.between(company._gov_today(), self.due_date)
        # Of several levels that were missed, the nearest is the one that is said.
        level = self._next_warning(now, calendar)["warn_level"]
        self.warned_level = level or self.warn_level
        self.write(self._next_warning(now, calendar))
        self._note("warned", self.due_date, length=left)
        self._subject()._clock_warned(self, left)

    def _expire(self):
        """The last day is past without an answer: an event; its effect is for a person to say."""
        self.write({"state": "expired", "warn_on": False, "warn_level": 0})
        self._note("expired", self.due_date)
        self._subject()._clock_expired(self)
