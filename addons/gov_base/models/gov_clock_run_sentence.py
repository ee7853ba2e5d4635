from datetime import timedelta

from babel.dates import format_timedelta

from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.misc import babel_locale_parse

from ..lib import legal_clock

#: mean days of a month, for the words alone
MONTH = 30.4375
#: “60 days” are not told as “2 months”
NEVER_LARGER = 10**9


class GovClockRun(models.Model):
    """The date explained in one sentence: for whoever works, and for the sender."""

    _inherit = "gov.clock.run"

    sentence = fields.Char(string="In one sentence", compute="_compute_sentence")
    explanation = fields.Char(
        string="How the date is counted", compute="_compute_sentence"
    )
    days_left = fields.Integer(compute="_compute_sentence")
    stopped_days = fields.Integer(compute="_compute_sentence")

    @api.depends(
        "state", "due_date", "stop_ids.date_to", "added", "effect", "confirmed"
    )
    @api.depends_context("lang")
    def _compute_sentence(self):
        for run in self:
            today = run.company_id._gov_today()
            run.stopped_days = legal_clock.stopped_days(run._stops(), today)
            run.days_left = (run.due_date - today).days if run.due_date else 0
            run.sentence = run._say()
            run.explanation = run._explain()

    # ------------------------------------------------------------------
    # For the people of the administration
    # ------------------------------------------------------------------
    def _say(self):
        """Return where this clock is, in one sentence."""
        env, day = self.env, self._day(self.due_date)
        if self.state == "suspended":
            since = self.stop_ids.filtered(lambda stop: not stop.date_to)
            return env._(
                "The clock is stopped since %(date)s: it waits for the sender.",
                date=self._day(since[-1:].date_from),
            )
        if self.state == "stopped":
            return env._(
                "The clock ended on %(end)s; its last day was %(date)s.",
                end=self._day(self.ended_on),
                date=day,
            )
        if self.state == "expired":
            return f"{env._('The time ran out on %(date)s.', date=day)} {self._effect_said()}".strip()
        said = self._until(day)
        if not self.confirmed:
            said += " " + env._(
                "The administration has not confirmed this legal length yet."
            )
        return said

    def _until(self, day):
        """Return “The administration has until …”, with the days that are not counted."""
        env = self.env
        if self.stopped_days and self.added:
            return env._(
                "The administration has until %(date)s; the %(days)s of waiting for the "
                "sender are not counted, and the length was extended by %(added)s.",
                date=day,
                days=self._days(self.stopped_days),
                added=self._amount(self.added),
            )
        if self.stopped_days:
            return env._(
                "The administration has until %(date)s; the %(days)s of waiting for the "
                "sender are not counted.",
                date=day,
                days=self._days(self.stopped_days),
            )
        if self.added:
            return env._(
                "The administration has until %(date)s; the length was extended by "
                "%(added)s.",
                date=day,
                added=self._amount(self.added),
            )
        return env._("The administration has until %(date)s.", date=day)

    def _explain(self):
        """Return how the date is counted: start, length, stops, extensions, what may move it."""
        env = self.env
        parts = [
            env._(
                "%(length)s from %(start)s",
                length=self._amount(self.length),
                start=self._day(self.started_on),
            )
        ]
        if self.clock_id.sudo().legal_basis:
            # The text a date relies on is shown to whoever reads the date.
            clock_sudo = self.clock_id.sudo()
            parts[0] += f" ({clock_sudo.legal_basis})"
        if self.stopped_days:
            parts.append(
                env._("%(days)s not counted", days=self._days(self.stopped_days))
            )
        if self.added:
            parts.append(env._("%(added)s added", added=self._amount(self.added)))
        if self.provisional_names:
            parts.append(
                env._(
                    "may move with holidays that are not confirmed (%(names)s)",
                    names=self.provisional_names,
                )
            )
        return ", ".join(parts) + "."

    def _effect_said(self):
        env = self.env
        if self.effect:
            label = dict(self._fields["effect"]._description_selection(env))
            return env._(
                "Effect of silence, said by %(user)s: %(effect)s.",
                user=self.effect_by_name or "–",
                effect=label[self.effect],
            )
        return {
            "accept": env._(
                "By %(reference)s silence accepts: the administration has to say whether "
                "it does here.",
                reference=self.reference,
            ),
            "refuse": env._(
                "By %(reference)s silence refuses: the administration has to say whether "
                "it does here.",
                reference=self.reference,
            ),
            "none": "",
        }[self._legal_effect()]

    # ------------------------------------------------------------------
    # For the sender
    # ------------------------------------------------------------------
    def _public_sentence(self):
        """Return what the sender reads of this clock, or "" while the rule is not confirmed.

        :rtype: str
        """
        self.ensure_one()
        if not (self.confirmed and self.reference):
            return ""
        env, day = self.env, self._day(self.due_date)
        if self.state == "suspended":
            return env._(
                "The time of the administration is stopped: it waits for your answer."
            )
        if self.state == "expired":
            return f"{env._('The time of the administration ran out on %(date)s.', date=day)} {self._public_effect()}".strip()
        if self.state == "stopped":
            return ""
        return self._public_until(day)

    def _public_until(self, day):
        env = self.env
        if self.stopped_days and self.added:
            return env._(
                "The administration has until %(date)s; the %(days)s you took to answer "
                "are not counted, and it extended the length by %(added)s.",
                date=day,
                days=self._days(self.stopped_days),
                added=self._amount(self.added),
            )
        if self.stopped_days:
            return env._(
                "The administration has until %(date)s; the %(days)s you took to answer "
                "are not counted.",
                date=day,
                days=self._days(self.stopped_days),
            )
        if self.added:
            return env._(
                "The administration has until %(date)s; it extended the length by "
                "%(added)s.",
                date=day,
                added=self._amount(self.added),
            )
        return env._("The administration has until %(date)s.", date=day)

    def _public_effect(self):
        """Return the effect a person said, as the sender reads it."""
        env = self.env
        return {
            "accept": env._(
                "By %(reference)s, its silence accepts your request.",
                reference=self.reference,
            ),
            "refuse": env._(
                "By %(reference)s, its silence refuses your request.",
                reference=self.reference,
            ),
        }.get(self.effect, "")

    # ------------------------------------------------------------------
    # Words
    # ------------------------------------------------------------------
    def _day(self, day):
        return format_date(self.env, day) if day else ""

    def _amount(self, length):
        """Return a length in the unit of this clock, as its language says it."""
        if self.unit == "months":
            return self._unit_said(length, "month")
        if self.unit == "working_days":
            return self.env._("%(days)s (working days)", days=self._days(length))
        return self._days(length)

    def _days(self, count):
        return self._unit_said(count, "day")

    def _unit_said(self, count, unit):
        """Return “6 days” with the plural of the language (Arabic has four)."""
        locale = babel_locale_parse(self.env.lang)
        length = timedelta(days=count if unit == "day" else round(count * MONTH))
        return format_timedelta(
            length, granularity=unit, threshold=NEVER_LARGER, locale=locale
        )
