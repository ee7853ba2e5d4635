from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..lib.text import clean_line

ADMIN = "gov_base.group_gov_base_admin"
#: Who holds one of these runs the platform: a system administrator alone changes him.
SYSTEM = ("base.group_system", "base.group_erp_manager")


class GovPerson(models.Model):
    """Whom a functional administrator may change, and which roles he may give: one gate."""

    _inherit = "gov.person"

    @api.model
    def _grantable_roles(self):
        """The roles of the mail office: those of its privileges that bring nothing else.

        A role that somebody made imply a group of another application is not handed on.

        :rtype: odoo.models.Model
        """
        category = self.env.ref("gov_base.module_category_gov_base")
        # Groups are structure; only those of the mail office leave.
        groups_sudo = self.env["res.groups"].sudo()
        roles = groups_sudo.search([("privilege_id.category_id", "=", category.id)])
        harmless = roles | self.env.ref("base.group_user").sudo().all_implied_ids
        allowed = roles.filtered(lambda role: role.all_implied_ids <= harmless)
        return self.env["res.groups"].browse(allowed.ids)

    @api.model
    def _platform_groups(self):
        """Groups whose holders only a system administrator changes."""
        category = self.env.ref("gov_trust.module_category_gov_trust")
        # Groups are structure; only ids are compared.
        groups_sudo = self.env["res.groups"].sudo()
        platform = groups_sudo.search([("privilege_id.category_id", "=", category.id)])
        for xmlid in SYSTEM:
            platform |= self.env.ref(xmlid).sudo()
        return platform

    @api.model
    def _check_admin(self):
        if not self.env.user.has_group(ADMIN):
            raise AccessError(
                self.env._(
                    "Only a functional administrator invites people and gives roles."
                )
            )

    def _change_refusal(self):
        """Why the user may not change this person, in one sentence, or an empty text."""
        self.ensure_one()
        if not self.env.user.has_group(ADMIN):
            return self.env._("Only a functional administrator changes people.")
        if self.user_id == self.env.user:
            return self.env._(
                "You cannot change your own roles or close your own account: ask another "
                "functional administrator, or the system administrator."
            )
        # Administrations and groups of an account are read whoever asks; only a sentence
        # leaves.
        user_sudo = self.user_id.sudo()
        if user_sudo.all_group_ids & self._platform_groups():
            return self.env._(
                "%(name)s helps to run the platform: only a system administrator changes "
                "this account.",
                name=user_sudo.name,
            )
        if user_sudo.company_ids - self.env.user.company_ids:
            return self.env._(
                "%(name)s also works for another administration: ask the system "
                "administrator.",
                name=user_sudo.name,
            )
        return ""

    def _check_change(self):
        """:raise AccessError: the user may not change one of these people"""
        self._check_admin()
        if self.exists() != self:
            raise AccessError(self.env._("This account is not one of an agent."))
        self.check_access("read")
        for person in self:
            if refusal := person._change_refusal():
                raise AccessError(refusal)

    @api.model
    def _check_roles(self, roles):
        """:raise AccessError: one of them is not a role of the mail office"""
        foreign = roles - self._grantable_roles()
        if foreign:
            raise AccessError(
                self.env._(
                    "%(names)s is not a role that a functional administrator gives: only "
                    "roles of the mail office are.",
                    names=", ".join(foreign.sudo().mapped("full_name")),
                )
            )

    @api.model
    def _check_place(self, company, unit):
        """:raise AccessError, UserError: not his administration, or a unit of another one"""
        if not company or company not in self.env.user.company_ids:
            raise AccessError(
                self.env._("You invite people to your own administration only.")
            )
        # A unit of another administration may be hidden from him; only this is compared.
        if unit and unit.sudo().company_id != company:
            raise UserError(
                self.env._(
                    "This unit is not a unit of %(company)s: choose another one.",
                    company=company.name,
                )
            )

    def _note(self, kind, **facts):
        """Leave an event on the platform's own stream; ids and names of roles alone."""
        # Nobody has rights on the journal; the change was allowed just before.
        journal_sudo = self.env["gov.journal"].sudo()._trust_stream()
        journal_sudo._append(
            kind,
            {"administration": self.company_id.id or None, "person": self.id, **facts},
            subject=self.user_id,
        )

    @api.model
    def _role_names(self, roles):
        names = roles.sudo().get_external_id()
        return sorted(names.values())

    @api.model
    def _clean_name(self, name):
        cleaned = clean_line(name)
        if not cleaned:
            raise UserError(self.env._("The name is missing."))
        return cleaned
