from odoo import api, fields, models
from odoo.tools import SQL

#: columns each statement of the refresh reads: {model: fields to write first}
_SOURCES = {
    "hr.employee": ["user_id", "active", "company_id", "current_version_id"],
    "hr.version": ["department_id"],
    "hr.department": [
        "manager_id",
        "gov_deputy_ids",
        "parent_id",
        "parent_path",
        "company_id",
        "active",
    ],
    "res.users": ["active", "share", "company_ids"],
}


class GovAccess(models.Model):
    """Who works in which unit and who heads it, today: one row a person, unit and role.

    Record rules join this table, so that a person who moves gains and loses rights in the same transaction, whatever rule the
    ORM remembers for him. A head or a deputy has rows for all units below (``inherited``). Rows are a projection of the staff
    files and of the units: nobody writes them, they are made again when one of the two changes. Whoever stands in for an
    absent person has that person's rows too, between two moments (``gov_access_substitute.py``).
    """

    _name = "gov.access"
    _description = "Who works where"
    _log_access = False
    _order = "unit_id, role, user_id"

    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="cascade"
    )
    unit_id = fields.Many2one(
        "hr.department",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    role = fields.Selection(
        [("member", "Member"), ("deputy", "Deputy"), ("head", "Head")],
        required=True,
        readonly=True,
    )
    inherited = fields.Boolean(
        "By a unit above",
        readonly=True,
        help="The person heads a unit above this one.",
    )

    _user_unit_role_uniq = models.UniqueIndex(
        "(user_id, unit_id, role) WHERE substitute_id IS NULL",
        "This person already has this role in the unit.",
    )

    # ------------------------------------------------------------------
    # Projection
    # ------------------------------------------------------------------
    @api.model
    def _refresh(self, *, users=None, companies=None):
        """Make the rows again for these people, for these administrations, or for all.

        Rows are replaced, not compared: two transactions that change the same administration then collide and the second is
        played again, instead of each missing what the other did.
        """
        if users is not None and not users:
            return
        if companies is not None and not companies:
            return
        for model, names in _SOURCES.items():
            self.env[model].flush_model(names)
        if users is not None:
            scope = SQL("user_id IN %s", tuple(users.ids))
        elif companies is not None:
            scope = SQL("company_id IN %s", tuple(companies.ids))
        else:
            scope = SQL("TRUE")
        self.env.execute_query(
            SQL(
                "DELETE FROM gov_access WHERE substitute_id IS NULL AND %s RETURNING 1",
                scope,
            )
        )
        replaced = self.env["gov.substitute"]._concerned_query(users, companies)
        found = self.env.execute_query(self._refresh_query(scope, replaced))
        self._refresh_substitutes(self.env["res.company"].browse(i for (i,) in found))
        self.env["hr.department"].invalidate_model(["gov_access_ids"])
        self.invalidate_model(flush=False)

    @api.model
    def _refresh_query(self, scope, replaced):
        """The statement that inserts what is true now, for `scope` (a condition on ``user_id`` or ``company_id``), and answers
        `replaced`: the administrations where somebody stands in.

        An archived unit keeps those who head a unit above: somebody must still find its letters.
        """
        return SQL(
            """WITH people AS (
                    SELECT e.id AS employee_id, e.user_id, e.company_id, v.department_id
                      FROM hr_employee e
                      JOIN res_users u ON u.id = e.user_id AND u.active AND u.share IS NOT TRUE
                      JOIN res_company_users_rel c ON c.user_id = u.id AND c.cid = e.company_id
                 LEFT JOIN hr_version v ON v.id = e.current_version_id
                     WHERE e.active
               ), placed AS (
                    SELECT p.user_id, d.id AS unit_id, d.company_id, 'member' AS role
                      FROM people p JOIN hr_department d ON d.id = p.department_id AND d.company_id = p.company_id
                     WHERE d.active
                     UNION
                    SELECT p.user_id, d.id, d.company_id, 'head'
                      FROM people p JOIN hr_department d ON d.manager_id = p.employee_id AND d.company_id = p.company_id
                     WHERE d.active
                     UNION
                    SELECT p.user_id, d.id, d.company_id, 'deputy'
                      FROM people p
                      JOIN gov_department_deputy_rel r ON r.employee_id = p.employee_id
                      JOIN hr_department d ON d.id = r.department_id AND d.company_id = p.company_id
                     WHERE d.active
               ), wanted AS (
                    SELECT user_id, unit_id, company_id, role, FALSE AS inherited FROM placed
                     UNION ALL
                    SELECT h.user_id, below.id, below.company_id, h.role, TRUE
                      FROM placed h
                      JOIN hr_department d ON d.id = h.unit_id
                      JOIN hr_department below ON below.parent_path LIKE d.parent_path || '_%%'
                                              AND below.company_id = d.company_id
                     WHERE h.role IN ('head', 'deputy')
               ), made AS (
                    INSERT INTO gov_access (user_id, unit_id, company_id, role, inherited)
                    SELECT user_id, unit_id, company_id, role, bool_and(inherited)
                      FROM wanted WHERE %s
                  GROUP BY user_id, unit_id, company_id, role
                 RETURNING 1
               ) %s""",
            scope,
            replaced,
        )

    # ------------------------------------------------------------------
    # Questions
    # ------------------------------------------------------------------
    @api.model
    def _units(self, user, roles=None, company=None, *, own=False):
        """The units where `user` has one of `roles` (any by default), those below included for a head or a deputy.

        :param bool own: without those where he only stands in for somebody who is absent
        """
        domain = [("user_id", "=", user.id)]
        if own:
            domain.append(("substitute_id", "=", False))
        if roles:
            domain.append(("role", "in", list(roles)))
        if company:
            domain.append(("company_id", "=", company.id))
        # Who works where is asked for anybody, also for people of an administration that is not switched on.
        access_sudo = self.sudo()
        unit_ids = access_sudo.search_fetch(domain, ["unit_id"], order="id").unit_id.ids
        return self.env["hr.department"].browse(unit_ids)

    @api.model
    def _members(self, unit):
        """The people who work in `unit` itself; its head and deputies count."""
        return self._people(unit)

    @api.model
    def _heads(self, unit, besides=None):
        """Who heads `unit` today: its head, else its deputies, else the same question for the unit above.

        :param besides: users who are not counted (nobody is his own superior)
        :return: res.users, empty when nobody up to the top
        """
        return self._heads_found(unit, besides)[0]

    @api.model
    def _heads_found(self, unit, besides=None):
        """The same as ``(users, role, name of the unit where they were found)``, to say why it is them."""
        skipped = besides or self.env["res.users"]
        # The unit above may be hidden from who asks; only its people are looked for.
        unit_sudo = unit.sudo()
        while unit_sudo:
            for role in ("head", "deputy"):
                people = self._people(unit_sudo, role) - skipped
                if people:
                    return people, role, unit_sudo.name
            unit_sudo = unit_sudo.parent_id
        return self.env["res.users"], None, None

    @api.model
    def _manager(self, user, company=None):
        """The N+1 of `user`: the manager of his staff file, else the head of his unit, else of the unit above.

        :param company: administration in which he acts; the current one by default
        :return: res.users, empty when nobody is above him
        """
        company = company or self.env.company
        # Staff files are closed to most people; only one account is read from them.
        employee_sudo = (
            self.env["hr.employee"]
            .sudo()
            .search([("user_id", "=", user.id), ("company_id", "=", company.id)])[:1]
        )
        manager = self._present(employee_sudo.parent_id.user_id, company) - user
        if manager:
            return self.env["res.users"].browse(manager.ids)
        headed_sudo = self.sudo().search(
            [
                ("user_id", "=", user.id),
                ("company_id", "=", company.id),
                ("role", "=", "head"),
                ("inherited", "=", False),
                ("substitute_id", "=", False),
            ]
        )
        # Above the highest unit he heads, wherever his staff file places him.
        unit_sudo = headed_sudo.unit_id.sorted(
            lambda unit: unit.parent_path.count("/")
        )[:1]
        return self._heads(unit_sudo or employee_sudo.department_id, besides=user)

    @api.model
    def _people(self, unit, role=None):
        # Who stands in for somebody is no member, head or deputy of the unit.
        domain = [
            ("unit_id", "=", unit.id),
            ("inherited", "=", False),
            ("substitute_id", "=", False),
        ]
        if role:
            domain.append(("role", "=", role))
        # Who works where is asked for anybody, also for people of an administration that is not switched on.
        access_sudo = self.sudo()
        return self.env["res.users"].browse(access_sudo.search(domain).user_id.ids)

    @api.model
    def _present(self, users, company):
        """Those of `users` who can work in `company` today: an open account of a person of that administration."""
        # The administrations of a person are read whoever asks.
        users_sudo = users.sudo().filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )
        return self.env["res.users"].browse(users_sudo.ids)
