from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import JournalCase


@tagged("post_install", "-at_install", "alone")
class TestUninstall(JournalCase):
    def test_refused_while_lines_are_sealed(self):
        self.append()
        self.commit()
        module = self.env["ir.module.module"].search([("name", "=", "gov_trust")])
        with self.assertRaisesRegex(UserError, "sealed lines"):
            module.button_uninstall()
        with self.assertRaisesRegex(UserError, "sealed lines"):
            module.module_uninstall()

    def test_refused_when_a_dependency_would_take_it_away(self):
        self.append()
        self.commit()
        portal = self.env["ir.module.module"].search([("name", "=", "portal")])
        with self.assertRaisesRegex(UserError, "sealed lines"):
            portal.button_uninstall()
