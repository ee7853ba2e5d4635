from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    def button_uninstall(self):
        self._refuse_if_sealed(self | self.downstream_dependencies())
        return super().button_uninstall()

    def module_uninstall(self):
        self._refuse_if_sealed(self)
        return super().module_uninstall()

    def _refuse_if_sealed(self, modules):
        """Odoo drops the tables of an addon it removes, triggers or not: refuse first.

        :raise UserError: when one of ``modules`` holds sealed lines
        """
        names = modules.mapped("name")
        # Which addon made a model is system data; nothing of it is shown but names.
        links_sudo = self.env["ir.model.data"].sudo()
        links = links_sudo.search([("model", "=", "ir.model"), ("module", "in", names)])
        # A model that another addon made, or goes on with, stays with its lines.
        staying = links_sudo.search(
            [
                ("model", "=", "ir.model"),
                ("module", "not in", names),
                ("res_id", "in", links.mapped("res_id")),
            ]
        )
        gone = set(links.mapped("res_id")) - set(staying.mapped("res_id"))
        # Same reason: names of models.
        models_sudo = self.env["ir.model"].sudo().browse(gone)
        sealed = [
            model.name
            for model in models_sudo.exists()
            if self._has_sealed(model.model)
        ]
        if sealed:
            raise UserError(
                self.env._(
                    "%(modules)s cannot be uninstalled: it holds sealed lines "
                    "(%(lines)s) that are evidence. Export the evidence and archive "
                    "the database instead.",
                    modules=", ".join(sorted(modules.mapped("shortdesc"))),
                    lines=", ".join(sorted(sealed)),
                )
            )

    def _has_sealed(self, model_name):
        model = self.env.get(model_name)
        marker = getattr(model, "_gov_sealed", None)
        if model is None or not marker or not model._auto:
            return False
        query = SQL(
            "SELECT 1 FROM %s WHERE %s IS NOT NULL LIMIT 1",
            SQL.identifier(model._table),
            SQL.identifier(marker),
        )
        return bool(self.env.execute_query(query))
