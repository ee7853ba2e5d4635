from odoo import fields, models


class GovCircuitRunStep(models.Model):
    """What happened to a step that the application does by itself."""

    _inherit = "gov.circuit.run.step"

    platform_error = fields.Char("Could not be done", readonly=True)
    platform_tries = fields.Integer("Tried", readonly=True)
    platform_tried_at = fields.Datetime("Tried on", readonly=True)
