from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class GovAccess(models.Model):
    """Who stands in for an absent person reaches what that person reaches, from one moment to another.

    Such rows repeat those of the absent person, with his role, and name the ``gov.substitute`` they come from. Whoever asks
    ``gov.access`` (a record rule, a search, a field) finds them only between their two moments: nothing has to run for them to end.
    """

    _inherit = "gov.access"

    substitute_id = fields.Many2one(
        "gov.substitute",
        "Stands in",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    absent_id = fields.Many2one(
        related="substitute_id.absent_id", string="For this absent person"
    )
    starts_at = fields.Datetime("From", readonly=True)
    ends_at = fields.Datetime("To", readonly=True)

    _substitute_uniq = models.UniqueIndex(
        "(substitute_id, unit_id, role) WHERE substitute_id IS NOT NULL",
        "This person already stands in with this role in the unit.",
    )

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Only what is true at this moment: rules and fields pass here too."""
        return super()._search(Domain(domain) & self._live_domain(), *args, **kwargs)

    @api.model
    def _live_domain(self):
        now = fields.Datetime.now()
        return Domain("starts_at", "=", False) | (
            Domain("starts_at", "<=", now) & Domain("ends_at", ">", now)
        )

    @api.model
    def _refresh_substitutes(self, companies):
        """Make the rows of those who stand in again, in these administrations.

        Called by ``_refresh`` after everybody's own rows, which they repeat.
        """
        if not companies:
            return
        self.env["gov.substitute"]._refresh(companies)
        self.env.execute_query(
            SQL(
                """INSERT INTO gov_access
                          (user_id, unit_id, company_id, role, inherited, substitute_id, starts_at, ends_at)
                   SELECT s.user_id, a.unit_id, a.company_id, a.role, a.inherited, s.id, s.starts_at, s.ends_at
                     FROM gov_substitute s
                     JOIN gov_access a ON a.user_id = s.absent_id AND a.company_id = s.company_id
                                      AND a.substitute_id IS NULL
                     JOIN hr_department d ON d.id = a.unit_id
                LEFT JOIN hr_department scope ON scope.id = s.unit_id
                    WHERE s.for_work AND s.company_id IN %s
                      AND (s.unit_id IS NULL OR d.parent_path LIKE scope.parent_path || '%%')
                RETURNING 1""",
                tuple(companies.ids),
            )
        )
