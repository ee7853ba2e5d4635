from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: Accounts that stand for nobody, by their names in the addon base.
_NOBODY = ("default_user", "public_user", "template_portal_user_id", "user_root")


class GovPerson(models.Model):
    """Who works in an administration, with unit and roles (L1): a view on accounts and staff.

    The functional administrator reads it here and changes it with the methods of
    ``gov_person_gate.py`` alone; on accounts and staff files themselves he has no right.
    """

    _name = "gov.person"
    _description = "Person of an administration"
    _auto = False
    _order = "name, id"
    _depends = {
        "res.users": [
            "active",
            "company_id",
            "company_ids",
            "login",
            "share",
            "partner_id",
        ],
        "res.partner": ["name", "email", "lang"],
        "hr.employee": ["active", "company_id", "current_version_id", "user_id"],
        "hr.version": ["department_id", "job_title"],
        "res.users.log": ["create_uid", "create_date"],
    }

    name = fields.Char(readonly=True)
    login = fields.Char("Signs in as", readonly=True)
    email = fields.Char("E-mail", readonly=True)
    lang = fields.Char(readonly=True)
    active = fields.Boolean(readonly=True)
    user_id = fields.Many2one("res.users", "Account", readonly=True)
    company_id = fields.Many2one("res.company", "Administration", readonly=True)
    company_ids = fields.Many2many(
        "res.company",
        "res_company_users_rel",
        "user_id",
        "cid",
        string="Administrations",
        readonly=True,
    )
    unit_id = fields.Many2one("hr.department", readonly=True)
    job_title = fields.Char("Function", readonly=True)
    login_date = fields.Datetime("Last sign-in", readonly=True)
    state = fields.Selection(
        [("invited", "Invited"), ("active", "At work"), ("closed", "Left")],
        readonly=True,
    )
    role_ids = fields.Many2many(
        "res.groups",
        string="Roles",
        compute="_compute_role_ids",
        search="_search_role_ids",
    )
    refusal = fields.Char("Why you cannot change it", compute="_compute_refusal")
    can_change = fields.Boolean(compute="_compute_refusal")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT u.id, u.id AS user_id, p.name, u.login, p.email, p.lang, u.active,
                   u.company_id, v.department_id AS unit_id, v.job_title,
                   l.last AS login_date,
                   CASE WHEN NOT u.active THEN 'closed'
                        WHEN l.last IS NULL THEN 'invited' ELSE 'active' END AS state
              FROM res_users u
              JOIN res_partner p ON p.id = u.partner_id
         LEFT JOIN LATERAL (
                   SELECT e.current_version_id FROM hr_employee e
                    WHERE e.user_id = u.id AND e.company_id = u.company_id
                 ORDER BY e.active DESC, e.id LIMIT 1) e ON TRUE
         LEFT JOIN hr_version v ON v.id = e.current_version_id
         LEFT JOIN LATERAL (
                   SELECT max(g.create_date) AS last FROM res_users_log g
                    WHERE g.create_uid = u.id) l ON TRUE
             WHERE u.share IS NOT TRUE
               AND u.id NOT IN (
                   SELECT res_id FROM ir_model_data
                    WHERE model = 'res.users' AND module = 'base' AND name IN %s)
            """,
            _NOBODY,
        )

    def _compute_role_ids(self):
        grantable = self._grantable_roles()
        # Which groups an account holds is closed to who is no system administrator: only
        # roles of the mail office leave.
        users_sudo = self.user_id.sudo()
        held = {user.id: user.group_ids & grantable for user in users_sudo}
        for person in self:
            person.role_ids = held.get(person.user_id.id, grantable.browse())

    @api.model
    def _search_role_ids(self, operator, value):
        if operator != "in":
            return NotImplemented
        roles = self._grantable_roles().filtered(lambda role: role.id in set(value))
        # As in _compute_role_ids; a role counts also when a higher one brings it.
        users_sudo = self.env["res.users"].sudo().with_context(active_test=False)
        return Domain(
            "id", "in", users_sudo._search([("all_group_ids", "in", roles.ids)])
        )

    @api.depends_context("uid")
    def _compute_refusal(self):
        for person in self:
            person.refusal = person._change_refusal()
            person.can_change = not person.refusal

    # ------------------------------------------------------------------
    # Buttons: dialogs that decide nothing themselves
    # ------------------------------------------------------------------
    def action_open_change(self):
        """Open the dialog for name, unit, language and roles of this person.

        :raise AccessError, UserError: this person cannot be changed by the user
        """
        self.ensure_one()
        self._check_change()
        return self._dialog(
            "gov.person.change", self.env._("Change %(name)s", name=self.name)
        )

    def action_open_close(self):
        """Open the dialog that closes the account of somebody who leaves.

        :raise AccessError, UserError: this person cannot be changed by the user
        """
        self.ensure_one()
        self._check_change()
        title = self.env._("%(name)s leaves", name=self.name)
        return self._dialog("gov.person.close", title)

    def _dialog(self, model, title):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_person_id": self.id},
        }
