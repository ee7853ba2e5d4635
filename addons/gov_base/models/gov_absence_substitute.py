from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

import pytz

from odoo import api, models
from odoo.tools import format_date, groupby


@dataclass(frozen=True)
class Span:
    """What is handed on, and when: days included."""

    first: object
    last: object
    unit: object = None
    work: bool = True
    circuits: bool = True

    def within(self, absence):
        """What is left of it inside an absence, or None. Steps of circuits have no unit."""
        unit, both = self.unit, (self.unit, absence.unit_id or None)
        if all(both):
            # The narrower of two units of one branch; of two branches, nothing.
            deep = max(both, key=lambda one: len(one.parent_path))
            top = min(both, key=lambda one: len(one.parent_path))
            if not deep.parent_path.startswith(top.parent_path):
                return None
            unit = deep
        else:
            unit = self.unit or absence.unit_id or None
        found = replace(
            self,
            first=max(self.first, absence.date_from),
            last=min(self.last, absence.date_to),
            unit=unit,
            work=self.work and absence.nature in ("all", "work"),
            circuits=self.circuits
            and absence.nature in ("all", "circuits")
            and not unit,
        )
        if found.first > found.last or not (found.work or found.circuits):
            return None
        return found


class GovAbsence(models.Model):
    """Who stands in: the substitute, his own substitute when he is away too, else whoever is above.

    A chain never comes back to somebody who is in it already, so that no cycle is possible.
    """

    _inherit = "gov.absence"

    # ------------------------------------------------------------------
    # Questions of the apps
    # ------------------------------------------------------------------
    @api.model
    def _substitute(self, user, on=None, unit=None, company=None, nature="work"):
        """Who does the work of `user` on a day, and why.

        :param user: ``res.users``
        :param on: date, today in the administration by default
        :param unit: ``hr.department`` of the work; without it, all units
        :param company: the administration; that of the unit, else the current one, by default
        :param str nature: ``work`` or ``circuits``
        :return: (``res.users``, sentence): `user` and an empty text when he is there; nobody, and a sentence that says
            so, when everybody is away up to the top
        """
        # The administration of a unit is compared, not shown.
        company = company or (unit and unit.sudo().company_id) or self.env.company
        on = on or self._today(company)
        reasons, current, seen = [], user, user
        while absence := self._absence_of(current, on, unit, company, nature):
            holders, above = absence._holders(seen)
            # Names of colleagues are shown to everybody in the administration.
            away, until = current.sudo().name, format_date(self.env, absence.date_to)
            if not holders:
                reasons.append(
                    self.env._(
                        "%(name)s is absent until %(date)s and nobody stands in: name a "
                        "substitute.",
                        name=away,
                        date=until,
                    )
                )
                return self.env["res.users"], " ".join(reasons)
            seen |= holders
            current = next(
                (
                    one
                    for one in holders
                    if not self._absence_of(one, on, unit, company, nature)
                ),
                holders[:1],
            )
            # As above.
            values = {"name": away, "date": until, "other": current.sudo().name}
            reasons.append(
                self.env._(
                    "%(name)s is absent until %(date)s and no named substitute can act: "
                    "%(other)s, above, stands in.",
                    **values,
                )
                if above
                else self.env._(
                    "%(name)s is absent until %(date)s: %(other)s stands in.", **values
                )
            )
        return self.env["res.users"].browse(current.ids), " ".join(reasons)

    @api.model
    def _replaced_by(self, user, company=None, nature=None):
        """The people in whose place `user` acts at this moment.

        :param company: in this administration only; those that are switched on by default
        :param str nature: ``work`` or ``circuits`` only
        :return: ``res.users``
        """
        # What a person stands in for is asked by whoever works with him.
        rows = user.sudo().gov_replaces_ids
        companies = company or self.env.companies
        rows = rows.filtered(
            lambda row: (
                row.company_id in companies and (not nature or row[f"for_{nature}"])
            )
        )
        return self.env["res.users"].browse(rows.absent_id.ids)

    @api.model
    def _absent_until(self, users, company=None, on=None):
        """Until when each of these people is away, for those who are: one query.

        An absence that waits to be confirmed counts: the person is away all the same.

        :return: {user id: last day (date)}
        """
        company = company or self.env.company
        on = on or self._today(company)
        # That a colleague is away, and until when, is known to everybody in the administration.
        groups = self.sudo()._read_group(
            [
                ("user_id", "in", users.ids),
                ("company_id", "=", company.id),
                ("state", "in", ("proposed", "confirmed")),
                ("unit_id", "=", False),
                ("date_from", "<=", on),
                ("date_to", ">=", on),
            ],
            ["user_id"],
            ["date_to:max"],
        )
        return {user.id: last for user, last in groups}

    # ------------------------------------------------------------------
    # Chain
    # ------------------------------------------------------------------
    @api.model
    def _absence_of(self, user, on, unit, company, nature):
        """The absence by which `user` does not do this work that day; the one for a unit before the general one."""
        # Who stands in is asked by everybody who hands work on.
        found_sudo = self.sudo().search(
            [
                ("user_id", "=", user.id),
                ("company_id", "=", company.id),
                ("state", "=", "confirmed"),
                ("date_from", "<=", on),
                ("date_to", ">=", on),
                ("nature", "in", ("all", nature)),
            ]
        )
        if nature == "circuits":
            return found_sudo.filtered(lambda one: not one.unit_id)[:1]
        # Units may be hidden from who asks; only their places are compared.
        path = unit.sudo().parent_path if unit else ""
        fitting = found_sudo.filtered(
            lambda one: not one.unit_id or path.startswith(one.unit_id.parent_path)
        )
        return fitting.sorted(
            lambda one: len(one.unit_id.parent_path or ""), reverse=True
        )[:1]

    def _holders(self, seen):
        """(who stands in next, whether they are those above): nobody of `seen`."""
        self.ensure_one()
        # Who stands in is asked by everybody who hands work on.
        named, users = self.sudo().substitute_id, self.env["res.users"]
        access = self.env["gov.access"]
        if access._present(named, self.company_id) - seen:
            return users.browse(named.ids), False
        asked = visited = self.sudo().user_id
        while managers := access._manager(asked, self.company_id):
            if found := managers - seen - self.sudo().user_id:
                return users.browse(found.ids), True
            # They are in the chain already, so away themselves: whoever is above them.
            following = managers - visited
            if not following:
                break
            visited |= following
            asked = following[:1]
        return users, True

    @api.model
    def _projection(self, company):
        """The rows of ``gov.substitute`` of an administration: chains resolved."""
        # Called after a change that was allowed, by whoever made it.
        found_sudo = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "confirmed"),
                ("date_to", ">=", self._today(company) - timedelta(days=1)),
            ],
            order="id",
        )
        by_person = {
            user: self.concat(*absences)
            for user, absences in groupby(found_sudo, key=lambda one: one.user_id)
        }
        # The zone of an administration is no secret of it.
        zone = pytz.timezone(company.sudo().gov_tz or "UTC")
        rows = {}
        for absent in by_person:
            for holder, span, absence in self._links(by_person, absent):
                row = {
                    "user_id": holder.id,
                    "absent_id": absent.id,
                    "company_id": company.id,
                    "absence_id": absence.id,
                    "unit_id": span.unit.id if span.unit else None,
                    "for_work": span.work,
                    "for_circuits": span.circuits,
                    "starts_at": self._midnight(zone, span.first),
                    "ends_at": self._midnight(zone, span.last + timedelta(days=1)),
                }
                rows[tuple(row.values())] = row
        return list(rows.values())

    @api.model
    def _links(self, by_person, absent, span=None, seen=None, origin=None):
        """Everybody who stands in for `absent`, and when: ``(user, Span, first absence)``."""
        seen = seen or absent
        for absence in by_person.get(absent, ()):
            whole = span or Span(absence.date_from, absence.date_to)
            part = whole.within(absence)
            if not part:
                continue
            holders, _above = absence._holders(seen)
            for holder in holders:
                yield holder, part, origin or absence
                yield from self._links(
                    by_person, holder, part, seen | holders, origin or absence
                )

    @staticmethod
    def _midnight(zone, day):
        """The moment a day begins in a zone, in UTC."""
        local = zone.localize(datetime.combine(day, time.min))
        return local.astimezone(pytz.utc).replace(tzinfo=None)
