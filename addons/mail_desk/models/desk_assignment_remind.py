import logging

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.modules import module as odoo_module
from odoo.tools import format_date

from .desk_assignment import OPEN

_logger = logging.getLogger(__name__)

#: reminded before, reminded after, superior told
FIRST, SECOND, ESCALATED = 1, 2, 3
BATCH = 200


class DeskAssignment(models.Model):
    """Two reminders and the superior, in working days round the due date of a stage."""

    _inherit = "desk.assignment"

    remind_on = fields.Date(
        readonly=True, help="Next reminder; empty: not computed yet."
    )
    remind_level = fields.Integer(
        readonly=True, aggregator=None, help="1, 2: reminded; 3: the superior was told."
    )

    _remind_idx = models.Index(
        "(remind_on, id) WHERE role = 'to' AND due_date IS NOT NULL AND "
        "state IN ('to_dispatch', 'assigned') AND "
        "(remind_level IS NULL OR remind_level < 3)"
    )

    def write(self, vals):
        if {"due_date", "user_id", "unit_id"} & vals.keys():
            # Another date, another person: reminded anew.
            vals = {"remind_on": False, "remind_level": 0, **vals}
        return super().write(vals)

    @api.model
    def _process_reminders(self):
        """Cron: remind twice, then tell the superior, on working days of each administration."""
        domain = self._remind_domain()
        calendars = {}
        rows = self.search(domain, order="remind_on, id", limit=BATCH)
        remaining = self.search_count(domain)
        for row in rows:
            if row.try_lock_for_update(allow_referencing=True):
                row._remind_safely(calendars)
            remaining -= 1
            if odoo_module.current_test:
                continue
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                return

    @api.model
    def _remind_domain(self):
        """Return the open stages whose next reminder is due, or not computed yet."""
        due = Domain("remind_on", "=", False) | Domain(
            "remind_on", "<=", fields.Date.today()
        )
        more = Domain("remind_level", "=", False) | Domain(
            "remind_level", "<", ESCALATED
        )
        return (
            Domain("role", "=", "to")
            & Domain("due_date", "!=", False)
            & Domain("state", "in", OPEN)
            & due
            & more
        )

    def _remind_safely(self, calendars):
        """Remind; what fails is tried again tomorrow and does not stop the others."""
        try:
            with self.env.cr.savepoint():
                self._remind_one(calendars)
        except Exception:
            _logger.warning("Stage %s: not reminded", self.id, exc_info=True)
            tomorrow = fields.Date.add(fields.Date.today(), days=1)
            self._desk_gated().write({"remind_on": tomorrow})

    def _remind_one(self, calendars):
        self.ensure_one()
        self.invalidate_recordset()
        company = self.company_id
        if company not in calendars:
            calendars[company] = company._gov_calendar()
        calendar, today = calendars[company], company._gov_today()
        if self.letter_id.completion_id:
            # It waits for the sender: nobody here is late.
            self._desk_gated().write({"remind_on": calendar.after(today, 1)})
            return
        plan = self._remind_plan(calendar)
        reached = [level for level, day in plan.items() if day <= today]
        level = max(reached, default=self.remind_level)
        if not calendar.is_working(today):
            # Nobody is told on a day off.
            level, reached = self.remind_level, []
        if reached and not self._open_child():
            self._tell(level, today)
        left = [day for code, day in plan.items() if code > level]
        following = min(left, default=False)
        if following and following <= today:
            following = calendar.after(today, 1)
        self._desk_gated().write(
            {
                "remind_level": level if following else ESCALATED,
                "remind_on": following or today,
            }
        )

    def _remind_plan(self, calendar):
        """Return {level: day} of what is still to be told about this stage."""
        office = self.letter_id.office_id
        plan = {}
        if office.desk_remind_before:
            plan[FIRST] = calendar.before(self.due_date, office.desk_remind_before)
        if office.desk_remind_after:
            plan[SECOND] = calendar.after(self.due_date, office.desk_remind_after)
        if office.desk_escalate_after:
            plan[ESCALATED] = calendar.after(self.due_date, office.desk_escalate_after)
        return {level: day for level, day in plan.items() if level > self.remind_level}

    def _tell(self, level, today):
        """Remind who has the stage, or tell who is above, and write it down."""
        letter = self.letter_id
        users = letter._desk_responsible()
        late = self.due_date < today
        if level == ESCALATED:
            users = letter._desk_responsible(escalate=True) - (
                self.user_id or users.browse()
            )
        day = self.due_date

        def words(env):
            said = format_date(env, day)
            if late:
                return env._("Late since %(date)s", date=said)
            return env._("To be done by %(date)s", date=said)

        letter._desk_remind(users, words, day)
        letter._desk_log(
            "escalated" if level == ESCALATED else "reminded",
            {"users": users.ids, "due": day},
            journal={} if level == ESCALATED else None,
        )
