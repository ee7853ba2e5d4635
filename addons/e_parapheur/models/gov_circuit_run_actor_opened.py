from odoo import fields, models


class GovCircuitRunActor(models.Model):
    """When a person whose turn has come opened the folder: nothing is taken back after."""

    _inherit = "gov.circuit.run.actor"

    read_at = fields.Datetime("Opened by that person on", readonly=True)
