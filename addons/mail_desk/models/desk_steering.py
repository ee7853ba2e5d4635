from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.gov_base.lib import given

from .desk_passage import STAGES

PERIODS = (30, 90, 365)
#: upper bounds of the age of an open letter, in days; the last class has none
AGES = (7, 15, 30, 60)
OPEN = ("to_dispatch", "assigned", "replied")
ROWS = 12


class DeskSteering(models.AbstractModel):
    """The questions of whoever steers, and their figures; each figure opens its list.

    Everything is counted under the reader's own rights: a head sees his units, a supervisor
    and an auditor the administration.
    """

    _name = "desk.steering"
    _description = "Steering of the desk"
    _inherit = ["desk.role.mixin", "gov.figures"]

    @api.model
    def figures(self, period=30, unit_id=None):
        """Return the figures of the steering page.

        :param int period: days looked back at: 30, 90 or 365
        :param int unit_id: ``hr.department``: only this unit and those below
        :return: dict with ``totals`` and ``blocks``, lists of {key, title, help, rows}; a
            row is {label, value, text, part (0–1), late, open: {model, domain, name}}
        :raise AccessError: no role at the desk
        """
        if not (self._desk_is("agent") or self._desk_is("auditor")):
            raise AccessError(
                self.env._("Only the people of the desk read its figures.")
            )
        period = period if period in PERIODS else PERIODS[0]
        scope = self._scope(unit_id)
        since = fields.Datetime.now() - timedelta(days=period)
        return {
            "period": period,
            "unit": scope.id or False,
            "units": self._units(),
            "totals": self._totals(scope, since),
            "blocks": [
                self._late(scope),
                self._ageing(scope),
                self._stages(scope, since),
                self._waiting(scope),
                self._redirections(scope, since),
                self._load(scope),
            ],
        }

    # ------------------------------------------------------------------
    # Scope
    # ------------------------------------------------------------------
    @api.model
    def _scope(self, unit_id):
        unit = self.env["hr.department"].browse(given.record_id(unit_id) or ())
        return unit.exists()._filtered_access("read")

    @api.model
    def _units(self):
        """The units the reader may choose from."""
        if self._desk_is("supervisor") or self._desk_is("auditor"):
            units = self.env["hr.department"].search(
                [("company_id", "in", self.env.companies.ids)], order="name"
            )
        else:
            units = self.env["gov.access"]._units(self.env.user)
        # Who works in a unit knows its name.
        return [{"id": unit.id, "name": unit.sudo().name} for unit in units]

    @api.model
    def _in(self, scope, field):
        return Domain(field, "child_of", scope.ids) if scope else Domain.TRUE

    @api.model
    def _letters(self, scope):
        return self._in(scope, "desk_unit_id") & Domain("desk_state", "in", OPEN)

    @api.model
    def _overdue(self):
        return self.env["registry.letter"]._desk_late_domain()

    # ------------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------------
    @api.model
    def _totals(self, scope, since):
        letters = self.env["registry.letter"]
        opened = self._letters(scope)
        late = opened & self._overdue()
        closed = (
            self._in(scope, "desk_unit_id")
            & Domain("desk_state", "=", "closed")
            & Domain("desk_closed_at", ">=", since)
        )
        env, model = self.env, "registry.letter"
        return [
            self._row(env._("Open"), letters.search_count(opened), model, opened),
            self._row(
                env._("Late"), letters.search_count(late), model, late, late=True
            ),
            self._row(
                env._("Closed in the period"),
                letters.search_count(closed),
                model,
                closed,
            ),
            {
                **self._row(env._("Median days to close"), 0, model, closed),
                "text": self._days(self._median_closing(closed)),
            },
        ]

    @api.model
    def _late(self, scope):
        domain = self._letters(scope) & self._overdue()
        found = self.env["registry.letter"]._read_group(
            domain, ["desk_unit_id"], ["__count"], order="__count desc"
        )
        rows = [
            self._row(
                self._label_of(unit),
                count,
                "registry.letter",
                domain & Domain("desk_unit_id", "=", unit.id),
                late=True,
            )
            for unit, count in found[:ROWS]
        ]
        return self._block(
            "late", self.env._("Late, by unit"), rows, self.env._("Nothing is late.")
        )

    @api.model
    def _ageing(self, scope):
        domain, today = self._letters(scope), fields.Datetime.now()
        rows = []
        for lower in (0, *AGES):
            bound = next((age for age in AGES if age > lower), None)
            part = domain & Domain("create_date", "<=", today - timedelta(days=lower))
            if bound:
                part &= Domain("create_date", ">", today - timedelta(days=bound))
            label = (
                self.env._("%(lower)s to %(upper)s days", lower=lower, upper=bound)
                if bound
                else self.env._("More than %(days)s days", days=lower)
            )
            count = self.env["registry.letter"].search_count(part)
            rows.append(self._row(label, count, "registry.letter", part))
        return self._block("ageing", self.env._("Age of what is open"), rows)

    @api.model
    def _stages(self, scope, since):
        domain = self._in(scope, "unit_id") & Domain("left_at", ">=", since)
        names = dict(
            self.env["desk.passage"]._fields["stage"]._description_selection(self.env)
        )
        medians = self._median_stages(domain)
        rows = [
            {
                **self._row(
                    names[stage],
                    medians[stage][0],
                    "desk.passage",
                    domain & Domain("stage", "=", stage),
                ),
                "text": self.env._(
                    "%(days)s – %(count)s times",
                    days=self._days(medians[stage][0]),
                    count=medians[stage][1],
                ),
            }
            for stage, _label in STAGES
            if stage in medians
        ]
        return self._block(
            "stages",
            self.env._("Median days at each stage"),
            rows,
            self.env._("No stage was passed in this period."),
        )

    @api.model
    def _waiting(self, scope):
        domain = self._in(scope, "unit_id")
        found = self.env["desk.waiting"]._read_group(
            domain, ["blocker_id"], ["__count", "since:min"], order="__count desc"
        )
        now = fields.Datetime.now()
        rows = []
        for blocker, count, oldest in found[:ROWS]:
            days = (now - oldest).days if oldest else 0
            row = self._row(
                self._label_of(blocker),
                count,
                "desk.waiting",
                domain & Domain("blocker_id", "=", blocker.id),
            )
            row["text"] = self.env._(
                "%(count)s, the oldest for %(days)s days", count=count, days=days
            )
            rows.append(row)
        return self._block(
            "waiting",
            self.env._("Who is waited for"),
            rows,
            self.env._("Nobody waits for an opinion or a validation."),
        )

    @api.model
    def _redirections(self, scope, since):
        domain = (
            self._in(scope, "unit_id")
            & Domain("role", "=", "to")
            & Domain("state", "in", ("returned", "redirected"))
            & Domain("closed_at", ">=", since)
        )
        found = self.env["desk.assignment"]._read_group(
            domain, ["unit_id"], ["__count"], order="__count desc"
        )
        rows = [
            self._row(
                self._label_of(unit),
                count,
                "desk.assignment",
                domain & Domain("unit_id", "=", unit.id),
            )
            for unit, count in found[:ROWS]
        ]
        return self._block(
            "redirections",
            self.env._("Sent to the wrong unit first"),
            rows,
            self.env._("No letter was returned or redirected in this period."),
        )

    @api.model
    def _load(self, scope):
        domain = self._letters(scope) & Domain("desk_user_id", "!=", False)
        letters = self.env["registry.letter"]
        late = dict(
            letters._read_group(domain & self._overdue(), ["desk_user_id"], ["__count"])
        )
        rows = []
        for user, count in letters._read_group(
            domain, ["desk_user_id"], ["__count"], order="__count desc"
        )[:ROWS]:
            row = self._row(
                self._label_of(user),
                count,
                "registry.letter",
                domain & Domain("desk_user_id", "=", user.id),
                late=bool(late.get(user)),
            )
            if late.get(user):
                row["text"] = self.env._(
                    "%(count)s, %(late)s late", count=count, late=late[user]
                )
            rows.append(row)
        return self._block(
            "load",
            self.env._("Open letters, by agent"),
            rows,
            self.env._("No letter is with an agent."),
        )
