from odoo import fields, models
from odoo.orm.model_classes import add_to_registry  # noqa: TID251 - a model for the tests alone
from odoo.tests import new_test_user

from .common import OfficeCase

SHEET = "gov.test.sheet"


class FormCase(OfficeCase):
    """A form of every type, in use, and a model that owns answers to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_sheet_model()
        cls.other_admin = cls.user_of(
            cls.souissi, "gov_admin_2", "gov_base.group_gov_base_admin"
        )
        cls.auditor = cls.user_of(
            cls.agdal, "gov_auditor", "gov_base.group_gov_base_auditor"
        )
        cls.plain = new_test_user(
            cls.env,
            login="gov_plain",
            groups="base.group_user",
            company_id=cls.agdal.id,
        )
        cls.forms = cls.env["gov.form"].with_user(cls.admin)
        cls.form = cls.forms.create(
            {
                "name": "Market permit",
                "field_ids": [
                    cls.question("Trade", required=True),
                    cls.question("Story", "long_text"),
                    cls.question("Stalls", "integer"),
                    cls.question("Fee", "amount"),
                    cls.question("First day", "date"),
                    cls.question("Rules accepted", "boolean", required=True),
                    cls.question("Market", "choice", ["Medina", "Agdal"]),
                    cls.question("Days", "choices", ["Monday", "Friday", "Sunday"]),
                ],
            }
        )
        cls.form.action_publish()
        cls.sheets = cls.env[SHEET].with_user(cls.agent)

    @classmethod
    def question(cls, label, type_="text", options=(), **more):
        return fields.Command.create(
            {
                "label": label,
                "type": type_,
                "option_ids": [
                    fields.Command.create({"label": option}) for option in options
                ],
                **more,
            }
        )

    @classmethod
    def _make_sheet_model(cls):
        class Sheet(models.Model):
            _module = None
            _name = SHEET
            _description = "Record with answers, for tests"
            _inherit = ["gov.form.owner"]
            _check_company_auto = True

            name = fields.Char()
            company_id = fields.Many2one(
                "res.company", default=lambda self: self.env.company
            )

        add_to_registry(cls.registry, Sheet)
        cls.addClassCleanup(cls._forget_sheet_model)
        cls.registry._setup_models__(cls.cr, [SHEET])
        cls.registry.init_models(cls.cr, [SHEET], {})
        model = cls.env["ir.model"]._get(SHEET)
        cls.env["ir.model.access"].create(
            {
                "name": "sheet agent",
                "model_id": model.id,
                "group_id": cls.env.ref("gov_base.group_gov_base_agent").id,
                "perm_read": True,
                "perm_write": True,
                "perm_create": True,
                "perm_unlink": True,
            }
        )
        cls.env["ir.rule"].create(
            {
                "name": "sheet company",
                "model_id": model.id,
                "domain_force": "[('company_id', 'in', company_ids)]",
            }
        )

    @classmethod
    def _forget_sheet_model(cls):
        for model in cls.registry.models.values():
            model._inherit_children.discard(SHEET)
        del cls.registry.models[SHEET]
        cls.registry._setup_models__(cls.cr)

    def sheet(self, user=None, **values):
        return self.sheets.with_user(user or self.agent).create(
            {"form_id": self.form.id, "form_values": values}
        )

    def rows(self, sheet):
        rows = self.env["gov.form.value"].search(
            [("res_model", "=", SHEET), ("res_id", "=", sheet.id)]
        )
        return {
            (
                row.key,
                row.value_text or row.value_code or row.value_date or row.value_number,
            )
            for row in rows
        }
