from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class GovSubstitute(models.Model):
    """Who stands in for whom, from one moment to another: a projection of the absences, chains resolved.

    Rules of reading join it, and it is found only while it is true. It never gives the power to sign: that is a legal act
    (``gov.delegation``). Nobody writes it; it is made again when an absence, a unit or a staff file changes.
    """

    _name = "gov.substitute"
    _description = "Who stands in for whom"
    _log_access = False
    _order = "ends_at, id"

    user_id = fields.Many2one(
        "res.users",
        "Substitute",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    absent_id = fields.Many2one(
        "res.users",
        "For",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company",
        "Administration",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    absence_id = fields.Many2one(
        "gov.absence", required=True, readonly=True, index=True, ondelete="cascade"
    )
    unit_id = fields.Many2one(
        "hr.department", "Only for", readonly=True, ondelete="cascade"
    )
    for_work = fields.Boolean("Letters and files", readonly=True)
    for_circuits = fields.Boolean("Opinions, visas and validations", readonly=True)
    starts_at = fields.Datetime("From", required=True, readonly=True)
    ends_at = fields.Datetime("To", required=True, readonly=True)

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Only what is true at this moment: rules and fields pass here too."""
        now = fields.Datetime.now()
        live = Domain("starts_at", "<=", now) & Domain("ends_at", ">", now)
        return super()._search(Domain(domain) & live, *args, **kwargs)

    @api.model
    def _concerned_query(self, users=None, companies=None):
        """The statement for the administrations of these people (or these, or all) where somebody is or will be replaced."""
        self.env["gov.absence"].flush_model(["state", "date_to", "company_id"])
        scope = SQL("TRUE")
        if users is not None:
            scope = SQL(
                "company_id IN (SELECT cid FROM res_company_users_rel WHERE user_id IN %s)",
                tuple(users.ids),
            )
        elif companies is not None:
            scope = SQL("company_id IN %s", tuple(companies.ids))
        return SQL(
            """SELECT company_id FROM gov_absence
                WHERE state = 'confirmed' AND date_to >= CURRENT_DATE - 1 AND %s
                UNION
               SELECT company_id FROM gov_substitute WHERE %s""",
            scope,
            scope,
        )

    @api.model
    def _refresh(self, companies):
        """Make the rows of these administrations again. Replaced, not compared: see ``gov.access._refresh``."""
        self.env.execute_query(
            SQL(
                "DELETE FROM gov_substitute WHERE company_id IN %s RETURNING 1",
                tuple(companies.ids),
            )
        )
        rows = []
        for company in companies.sorted("id"):
            rows += self.env["gov.absence"]._projection(company)
        if rows:
            columns = list(rows[0])
            self.env.execute_query(
                SQL(
                    "INSERT INTO gov_substitute (%s) VALUES %s RETURNING 1",
                    SQL(", ").join(map(SQL.identifier, columns)),
                    SQL(", ").join(
                        SQL("%s", tuple(row[name] for name in columns)) for row in rows
                    ),
                )
            )
        self.env["res.users"].invalidate_model(
            ["gov_substitute_ids", "gov_replaces_ids"], flush=False
        )
        self.invalidate_model(flush=False)
