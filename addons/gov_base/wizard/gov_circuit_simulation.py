from odoo import api, fields, models


class GovCircuitSimulation(models.TransientModel):
    """Who would act, and why, if somebody started this circuit now on a document like this."""

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
    # What a document would have: {key: value}, and what may be told of it.
    facts = fields.Json("The document")
    editor = fields.Json(compute="_compute_editor")
    picture = fields.Json(compute="_compute_picture")
    problems = fields.Text(compute="_compute_picture")
    alerts = fields.Text(compute="_compute_picture")

    @api.depends("circuit_id")
    @api.depends_context("lang")
    def _compute_editor(self):
        for simulation in self:
            circuit = simulation.circuit_id
            simulation.editor = {
                "fields": circuit.get_sample_fields() if circuit else []
            }

    @api.depends("circuit_id", "user_id", "facts")
    @api.depends_context("lang")
    def _compute_picture(self):
        empty = {"groups": [], "problems": [], "alerts": []}
        for simulation in self:
            picture = empty
            if simulation.circuit_id and simulation.user_id:
                picture = simulation.circuit_id.action_simulate(
                    user=simulation.user_id, facts=simulation.facts or {}
                )
            simulation.picture = picture
            simulation.problems = "\n".join(picture["problems"])
            simulation.alerts = "\n".join(picture["alerts"])
