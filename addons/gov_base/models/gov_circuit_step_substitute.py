from odoo import api, models


class GovCircuitStep(models.Model):
    """Which steps are done in the place of another person by a delegation of signature."""

    _inherit = "gov.circuit.step"

    @api.model
    def _delegable_kinds(self):
        """Kinds of steps that a delegation of signature covers. Apps add theirs."""
        return ()
