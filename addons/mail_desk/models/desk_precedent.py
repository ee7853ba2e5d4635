from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

KINDS = [
    ("category", "Category"),
    ("about", "About"),
    ("sender", "Correspondent"),
    ("word", "Word of the subject"),
    ("redirection", "Redirections"),
]
#: a precedent that nothing recalled for so long is forgotten by itself
MONTHS_KEPT = 18
DAYS_LONELY = 120


class DeskPrecedent(models.Model):
    """What an administration did with letters like these: so many went from here to there.

    Rows are counts, of this database alone; no letter is named. A citizen's name is kept as a digest. A move is one
    plain INSERT (two people who dispatch at once wait for nobody); rows of one precedent are added up later.
    """

    _name = "desk.precedent"
    _description = "Precedent of dispatching"
    _log_access = False
    _order = "last_on desc, id desc"

    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    key = fields.Char(required=True, readonly=True)
    kind = fields.Selection(KINDS, "Letters with", required=True, readonly=True)
    label = fields.Char(readonly=True)
    from_unit_id = fields.Many2one(
        "hr.department",
        "Redirected from",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    unit_id = fields.Many2one(
        "hr.department",
        "To the unit",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    user_id = fields.Many2one(
        "res.users",
        "Agent",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    count = fields.Integer("Letters", readonly=True, aggregator="sum")
    last_on = fields.Date("Last on", readonly=True)
    name = fields.Char("What they have in common", compute="_compute_name")

    _key_idx = models.Index("(company_id, key)")

    @api.depends("kind", "label", "key")
    @api.depends_context("lang")
    def _compute_name(self):
        for row in self:
            row.name = row._what()

    def _what(self):
        """What letters of this precedent have in common, for a person."""
        self.ensure_one()
        number = self.key.partition(":")[2].partition("|")[0]
        model = {"category": "registry.category", "about": "registry.subject"}
        if self.kind in model and number.isdigit():
            named = self.env[model[self.kind]].browse(int(number)).exists()
            return named.display_name or self.env._("(deleted)")
        if self.kind == "redirection" and number.isdigit() and number != "0":
            category = self.env["registry.category"].browse(int(number)).exists()
            own = "" if self.key.endswith("|") else self._own_label()
            return " · ".join(filter(None, (category.display_name, own)))
        return self._own_label()

    def _own_label(self):
        if self.label:
            return f"“{self.label}”"
        return self.env._("a citizen (%(code)s)", code=self.key[-6:])

    @api.model
    def _note(self, company, rows):
        """Add rows: (key, kind, label, from unit id, unit id, user id, count), in one statement."""
        if not rows:
            return
        today = fields.Date.context_today(self)
        self.env.execute_query(
            SQL(
                "INSERT INTO desk_precedent (company_id, key, kind, label, from_unit_id, "
                "unit_id, user_id, count, last_on) VALUES %s RETURNING id",
                SQL(", ").join(
                    SQL(
                        "%s",
                        (
                            company.id,
                            *(value or None for value in row[:6]),
                            row[6],
                            today,
                        ),
                    )
                    for row in rows
                ),
            )
        )

    @api.model
    def _contradict(self, company, keys, *, from_unit, unit=None):
        """Forget that letters like this are redirected from ``from_unit`` (to ``unit``): one was not."""
        if not keys or not from_unit:
            return
        towards = SQL(" AND unit_id = %s", unit.id) if unit else SQL()
        self.env.execute_query(
            SQL(
                "DELETE FROM desk_precedent WHERE company_id = %s AND key IN %s "
                "AND from_unit_id = %s AND kind = 'redirection'%s RETURNING id",
                company.id,
                tuple(keys),
                from_unit.id,
                towards,
            )
        )

    @api.model
    def _counts(self, company_ids, keys):
        """What is known of these keys: rows (company, key, from unit, unit, user, count, label)."""
        if not keys:
            return []
        return self.env.execute_query(
            SQL(
                "SELECT company_id, key, from_unit_id, unit_id, user_id, sum(count), "
                "max(label) FROM desk_precedent WHERE company_id IN %s AND key IN %s "
                "GROUP BY company_id, key, from_unit_id, unit_id, user_id "
                "HAVING sum(count) > 0",
                tuple(company_ids),
                tuple(keys),
            )
        )

    @api.model
    def _add_up(self, companies=None):
        """Make one row of all rows of a precedent; drop those that were taken back."""
        scope = SQL("TRUE")
        if companies is not None:
            scope = SQL("company_id IN %s", tuple(companies.ids) or (0,))
        self.env.execute_query(
            SQL(
                """WITH many AS (
                        SELECT company_id, key, kind, from_unit_id, unit_id, user_id
                          FROM desk_precedent WHERE %s
                      GROUP BY company_id, key, kind, from_unit_id, unit_id, user_id
                        HAVING count(*) > 1 OR sum(count) <= 0
                   ), gone AS (
                        DELETE FROM desk_precedent p USING many m
                         WHERE (p.company_id, p.key, p.kind, p.unit_id)
                               = (m.company_id, m.key, m.kind, m.unit_id)
                           AND p.from_unit_id IS NOT DISTINCT FROM m.from_unit_id
                           AND p.user_id IS NOT DISTINCT FROM m.user_id
                     RETURNING p.*
                   )
                   INSERT INTO desk_precedent (company_id, key, kind, from_unit_id,
                               unit_id, user_id, label, count, last_on)
                        SELECT company_id, key, kind, from_unit_id, unit_id, user_id,
                               max(label), sum(count), max(last_on)
                          FROM gone
                      GROUP BY company_id, key, kind, from_unit_id, unit_id, user_id
                        HAVING sum(count) > 0
                     RETURNING id""",
                scope,
            )
        )
        self.invalidate_model()

    @api.model
    def _process_precedents(self):
        """Add the rows of each precedent up; called by cron."""
        self._add_up()

    @api.autovacuum
    def _gc_precedents(self):
        """Add rows up; forget what nothing recalled for long, sooner what happened once."""
        self._add_up()
        today = fields.Date.today()
        old = today - timedelta(days=30 * MONTHS_KEPT)
        lonely = today - timedelta(days=DAYS_LONELY)
        self.env.execute_query(
            SQL(
                "DELETE FROM desk_precedent WHERE last_on < %s "
                "OR (count = 1 AND last_on < %s) RETURNING id",
                old,
                lonely,
            )
        )

    @api.model
    def action_open(self):
        """Open the precedents of the user's administrations, each in one row.

        :return: window action
        :raise AccessError: neither functional administrator, supervisor nor auditor
        """
        self.check_access("read")
        self._add_up(self.env.companies)
        return self.env["ir.actions.act_window"]._for_xml_id(
            "mail_desk.desk_precedent_action"
        )

    def action_forget(self):
        """Forget these precedents: proposals take no account of them any more.

        :raise AccessError: not a functional administrator of the administration
        """
        self.check_access("unlink")
        self.unlink()
        return True
