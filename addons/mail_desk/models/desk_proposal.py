from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ..lib.candidate import Candidate

UNITS = 3
AGENTS = 8


class DeskProposal(models.AbstractModel):
    """Where a letter should go, best first, each with its reasons: rules, precedents, load, absence.

    Everything is of this database; three queries answer for any number of letters.
    """

    _name = "desk.proposal"
    _description = "Proposals of dispatching"

    @api.model
    def _propose(self, letters):
        """Return {letter id: list of proposals}, see ``registry.letter._desk_proposals``."""
        # Counts, names and loads are those of the administration, whoever dispatches.
        letters_sudo = self._remember(letters.sudo())
        known = self._known(letters_sudo)
        found = {
            letter.id: self._candidates(letter, known.get(letter.company_id.id, {}))
            for letter in letters_sudo
        }
        unit_ids = {
            one.unit_id for candidates in found.values() for one in candidates
        } | set(letters_sudo.desk_unit_id.ids)
        units = self._units(unit_ids, letters_sudo.company_id)
        absences = self._absences(units, letters_sudo.company_id)
        return {
            letter.id: self._ranked(letter, found[letter.id], units, absences)
            for letter in letters_sudo
        }

    @api.model
    def _remember(self, letters):
        letters.category_id._recall().unit_id._recall()
        letters.desk_unit_id._recall()
        return letters

    @api.model
    def _known(self, letters):
        """Precedents of all these letters: {company: {key: [(from, unit, user, count, label)]}}, one query."""
        keys = {key for letter in letters for key in letter._all_keys()}
        known = {}
        for company, key, *rest in self.env["desk.precedent"]._counts(
            letters.company_id.ids, keys
        ):
            known.setdefault(company, {}).setdefault(key, []).append(rest)
        return known

    # ------------------------------------------------------------------
    # People
    # ------------------------------------------------------------------
    @api.model
    def _units(self, unit_ids, companies):
        """{unit: {"name", "load", "people": {user: (name, load)}}} of active units, one query."""
        if not unit_ids:
            return {}
        self.env["registry.letter"].flush_model(
            ["desk_state", "desk_unit_id", "desk_user_id", "company_id"]
        )
        units = {}
        query = self._units_query(tuple(unit_ids), tuple(companies.ids))
        for row in self.env.execute_query(query):
            unit_id, name, company, tz, total, user_id, user_name, load = row
            values = {"name": name, "company": company, "tz": tz, "load": total}
            unit = units.setdefault(unit_id, {**values, "people": {}})
            if user_id:
                unit["people"][user_id] = (user_name, load)
        return units

    @api.model
    def _units_query(self, unit_ids, company_ids):
        return SQL(
            """SELECT d.id, COALESCE(d.name->>%(lang)s, d.name->>'en_US'),
                      c.id, c.gov_tz,
                      (SELECT count(*) FROM registry_letter l
                        WHERE l.company_id = d.company_id AND l.desk_unit_id = d.id
                          AND l.desk_state IN ('to_dispatch', 'assigned', 'replied')),
                      who.id, who.name, who.load
                 FROM hr_department d
                 JOIN res_company c ON c.id = d.company_id
            LEFT JOIN LATERAL (
                    SELECT u.id, p.name,
                           (SELECT count(*) FROM registry_letter l
                             WHERE l.desk_user_id = u.id
                               AND l.company_id = d.company_id
                               AND l.desk_state IN ('assigned', 'replied')) AS load
                      FROM res_users u
                      JOIN res_partner p ON p.id = u.partner_id
                     WHERE u.active AND u.id IN (
                           SELECT a.user_id FROM gov_access a
                            WHERE a.unit_id = d.id AND a.inherited IS NOT TRUE
                              AND a.substitute_id IS NULL
                              AND a.role IN ('member', 'deputy', 'head'))
                     ORDER BY load, p.name LIMIT 40
                 ) who ON TRUE
                WHERE d.id IN %(units)s AND d.company_id IN %(companies)s AND d.active""",
            lang=self.env.lang or "en_US",
            units=unit_ids,
            companies=company_ids,
        )

    @api.model
    def _absences(self, units, companies):
        """{user: last day of the absence} of those who are away today, one query an administration."""
        absences = {}
        for company in companies:
            mine = [one for one in units.values() if one["company"] == company.id]
            people = {user for unit in mine for user in unit["people"]}
            if people:
                today = fields.Date.context_today(self.with_context(tz=mine[0]["tz"]))
                users = self.env["res.users"].browse(people)
                absences.update(
                    self.env["gov.absence"]._absent_until(users, company, today)
                )
        return absences

    # ------------------------------------------------------------------
    # Ranking
    # ------------------------------------------------------------------
    @api.model
    def _ranked(self, letter, candidates, units, absences):
        here = letter.desk_unit_id.id
        kept = [one for one in candidates if one.unit_id in units][:UNITS]
        arrival = letter.office_id._recall()._desk_arrival_unit().id
        shown = here in units and here not in [one.unit_id for one in kept]
        if shown and (here != arrival or not kept):
            kept.append(self._here(here, candidates))
        proposals = []
        for index, candidate in enumerate(kept):
            unit = units[candidate.unit_id]
            agents = self._agents(candidate, unit, absences)
            if candidate.unit_id != here:
                proposals.append(self._entry(candidate, unit))
            if index == 0 or candidate.unit_id == here:
                proposals += agents
        return proposals

    @api.model
    def _here(self, unit_id, candidates):
        found = [one for one in candidates if one.unit_id == unit_id]
        return found[0] if found else Candidate(unit_id)

    @api.model
    def _entry(self, candidate, unit):
        """The proposal of a unit, with no agent unless a rule names one."""
        user_id = candidate.user_id if candidate.user_id in unit["people"] else None
        name, load = unit["people"].get(user_id, (False, unit["load"]))
        return {
            "unit": candidate.unit_id,
            "unit_name": unit["name"],
            "user": user_id or False,
            "user_name": name,
            "reasons": candidate.reasons,
            "load": load,
            "absent_until": False,
            "source": candidate.source,
        }

    @api.model
    def _agents(self, candidate, unit, absences):
        """Proposals of the people of a unit: present before absent, used to it before others, then the least loaded.

        Who dispatches comes after the others: a head who gives everything out has nothing
        open, and would be proposed for each letter.
        """
        people = unit["people"]
        others = {user for user in people if user != self.env.uid} or set(people)
        order = sorted(
            people,
            key=lambda user: (
                user in absences,
                user != candidate.user_id,
                -candidate.users.get(user, 0),
                user not in others,
                people[user][1],
                people[user][0],
            ),
        )
        least = min((load for _name, load in people.values()), default=0)
        proposals = []
        for user_id in order[:AGENTS]:
            name, load = people[user_id]
            until = absences.get(user_id, False)
            reasons = [*candidate.reasons] if user_id == candidate.user_id else []
            reasons += self._agent_reasons(
                candidate.users.get(user_id), load, load == least, until
            )
            proposals.append(
                {
                    "unit": candidate.unit_id,
                    "unit_name": unit["name"],
                    "user": user_id,
                    "user_name": name,
                    "reasons": reasons,
                    "load": load,
                    "absent_until": until,
                    "source": "rule"
                    if user_id == candidate.user_id
                    else "precedent"
                    if candidate.users.get(user_id)
                    else "load",
                }
            )
        return proposals

    @api.model
    def _agent_reasons(self, habit, load, is_least, until):
        env, reasons = self.env, []
        if until:
            reasons.append(env._("absent until %(date)s", date=format_date(env, until)))
        if habit:
            reasons.append(env._("treats letters like this one"))
        reasons.append(
            env._("%(count)s open letters, the fewest of the unit", count=load)
            if is_least
            else env._("%(count)s open letters", count=load)
        )
        return reasons
