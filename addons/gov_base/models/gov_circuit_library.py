from odoo import api, fields, models

MAX_NAMES = 20


class GovCircuit(models.Model):
    """The library: versions of a circuit, where it is used, what goes through it now."""

    _inherit = "gov.circuit"

    version_count = fields.Integer("Versions", compute="_compute_library")
    running_count = fields.Integer("In progress", compute="_compute_library")
    uses = fields.Text("Used by", compute="_compute_uses")
    to_do = fields.Text("Before it is published", compute="_compute_to_do")

    def _compute_library(self):
        runs = self.env["gov.circuit.run"]
        for circuit in self:
            family = circuit._family() if circuit._origin else circuit
            circuit.version_count = len(family)
            circuit.running_count = runs.search_count(
                [("circuit_id", "in", family.ids), ("state", "=", "running")]
            )

    @api.depends_context("lang")
    def _compute_uses(self):
        for circuit in self:
            circuit.uses = "\n".join(circuit._uses()) or False

    @api.depends("state", "step_ids", "step_ids.actor_text", "step_ids.rank")
    @api.depends_context("lang")
    def _compute_to_do(self):
        for circuit in self:
            drafted = circuit.state == "draft" and circuit.step_ids
            circuit.to_do = "\n".join(circuit._problems()) if drafted else False

    def _uses(self):
        """Sentences that say which settings name this circuit, in any version."""
        if not self._origin:
            return []
        family = self._family()
        lines = []
        for model, name in self._referring_fields():
            # Names of settings that use a circuit are shown to who reads the circuit.
            records_sudo = (
                self.env[model]
                .sudo()
                .search([(name, "in", family.ids)], limit=MAX_NAMES)
            )
            if records_sudo:
                label = self.env["ir.model"]._get(model).name
                names = dict.fromkeys(records_sudo.mapped("display_name"))
                lines.append(f"{label}: {', '.join(filter(None, names))}")
        return lines

    @api.model
    def _referring_fields(self):
        """(model, field) of each stored field by which a setting names a circuit."""
        return sorted(
            (name, field.name)
            for name, model in self.env.registry.items()
            if not model._abstract
            and not model._transient
            and not name.startswith("gov.circuit")
            for field in model._fields.values()
            if field.type == "many2one"
            and field.comodel_name == "gov.circuit"
            and field.store
            and not field.related
        )

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------
    def action_duplicate(self):
        """Copy this circuit as the draft of another one.

        :return: window action on the copy
        :raise AccessError: not a functional administrator
        """
        self.ensure_one()
        self.check_access("read")
        copy = self.copy()
        return copy._open_form()

    def action_open_versions(self):
        """Open all versions of this circuit.

        :return: window action
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Versions of %(name)s", name=self.name),
            "res_model": self._name,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", self._family().ids)],
        }

    def action_open_runs(self):
        """Open what goes through this circuit now, in any version.

        :return: window action
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("In progress: %(name)s", name=self.name),
            "res_model": "gov.circuit.run",
            "views": [(False, "list"), (False, "form")],
            "domain": [
                ("circuit_id", "in", self._family().ids),
                ("state", "=", "running"),
            ],
        }
