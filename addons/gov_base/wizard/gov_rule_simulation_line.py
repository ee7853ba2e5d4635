from odoo import fields, models


class GovRuleSimulationLine(models.TransientModel):
    """One record of a rehearsal: what would have been done to it and why, or why nothing."""

    _name = "gov.rule.simulation.line"
    _description = "Line of a rehearsal of rules"
    _order = "id"

    simulation_id = fields.Many2one(
        "gov.rule.simulation", required=True, index=True, ondelete="cascade"
    )
    res_model = fields.Char()
    res_id = fields.Many2oneReference(model_field="res_model")
    res_name = fields.Char("Number")
    subject = fields.Char()
    happened_at = fields.Datetime("On")
    holds = fields.Boolean("Concerned")
    rule_name = fields.Char("Rule")
    what = fields.Text("What would have been done")
    why = fields.Text("Because")

    def action_open_record(self):
        """Open the record of this line.

        :return: window action; the record's own rights decide whether it is shown
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
