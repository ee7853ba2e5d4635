from odoo import api, fields, models


class GovCircuitSimulation(models.TransientModel):
    """Who would act, and why, if somebody started this circuit now."""

    _name = "gov.circuit.simulation"
    _description = "Rehearsal of a circuit"

    circuit_id = fields.Many2one(
        "gov.circuit", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="circuit_id.company_id")
    user_id = fields.Many2one(
        "res.users",
        "Sender",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    picture = fields.Json(compute="_compute_picture")
    problems = fields.Text(compute="_compute_picture")

    @api.depends("circuit_id", "user_id")
    def _compute_picture(self):
        for simulation in self:
            picture = (
                simulation.circuit_id.action_simulate(user=simulation.user_id)
                if simulation.circuit_id and simulation.user_id
                else {"groups": [], "problems": []}
            )
            simulation.picture = picture
            simulation.problems = "\n".join(picture["problems"])
