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

    def test_an_addon_that_only_extends_evidence_goes(self):
        self.append()
        self.commit()
        # What Odoo writes for an addon that inherits a model of another one.
        self.env["ir.model.data"].create(
            {
                "module": "portal",
                "name": "model_gov_journal_event",
                "model": "ir.model",
                "res_id": self.env["ir.model"]._get("gov.journal.event").id,
            }
        )
        modules = self.env["ir.module.module"]
        modules._refuse_if_sealed(modules.search([("name", "=", "portal")]))
        with self.assertRaisesRegex(UserError, "sealed lines"):
            modules.search([("name", "=", "gov_trust")]).button_uninstall()
