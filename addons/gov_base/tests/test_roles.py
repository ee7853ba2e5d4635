from odoo.tests import tagged

from .common import OfficeCase


@tagged("post_install", "-at_install", "alone")
class TestRoles(OfficeCase):
    """Roles (B11, L1): the functional admin configures, and is never a system administrator."""

    def test_ladder(self):
        admin, agent, auditor = (
            self.env.ref(f"gov_base.group_gov_base_{role}")
            for role in ("admin", "agent", "auditor")
        )
        self.assertIn(agent, admin.all_implied_ids)
        for group in (admin, agent, auditor):
            self.assertIn(self.env.ref("base.group_user"), group.all_implied_ids)
            self.assertEqual(
                group.privilege_id, self.env.ref("gov_base.privilege_gov_base")
            )
        self.assertNotIn(agent, auditor.all_implied_ids)

    def test_no_role_reaches_the_system(self):
        forbidden = self.env.ref("base.group_system") | self.env.ref(
            "base.group_erp_manager"
        )
        for role in ("admin", "agent", "auditor"):
            implied = self.env.ref(f"gov_base.group_gov_base_{role}").all_implied_ids
            self.assertFalse(implied & forbidden, role)

    def test_functional_admin_changes_no_technical_model(self):
        """On ir.*, users and groups he may do no more than any agent without a role."""
        plain = self.user_of(self.agdal, "gov_plain", "base.group_user")
        checked = 0
        for name in self.env.registry:
            technical = name.startswith(("ir.", "base.")) or name in (
                "res.users",
                "res.groups",
                "res.lang",
                "res.config.settings",
            )
            model = self.env[name]
            if not technical or model._abstract:
                continue
            for operation in ("write", "create", "unlink"):
                checked += 1
                if model.with_user(self.admin).has_access(operation):
                    self.assertTrue(
                        model.with_user(plain).has_access(operation), (name, operation)
                    )
        self.assertGreater(checked, 60)

    def test_settings_app_is_for_functional_admins(self):
        root = self.env.ref("gov_base.menu_gov_configuration")
        units = self.env.ref("gov_base.hr_department_menu")

        def menus_of(user):
            return self.env["ir.ui.menu"].with_user(user).load_menus(False)

        self.assertLessEqual({root.id, units.id}, set(menus_of(self.admin)))
        self.assertFalse({root.id, units.id} & set(menus_of(self.agent)))
        self.assertTrue(root.web_icon_data)

    def test_kinds_are_set_by_the_system_administrator(self):
        kinds = self.env["gov.body.kind"]
        self.assertTrue(kinds.with_user(self.agent).has_access("read"))
        for operation in ("write", "create", "unlink"):
            self.assertFalse(kinds.with_user(self.admin).has_access(operation))
            self.assertTrue(
                kinds.with_user(self.env.ref("base.user_admin")).has_access(operation)
            )
