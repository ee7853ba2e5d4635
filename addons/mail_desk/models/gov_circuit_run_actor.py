from odoo import models


class GovCircuitRunActor(models.Model):
    """What is decided in the place of somebody is said so in the timeline."""

    _inherit = "gov.circuit.run.actor"

    def _record(self, state, **how):
        """Write what was done; remember in whose place for the timeline."""
        result = super()._record(state, **how)
        absent = self.user_id if self.acted_by_id else self.env["res.users"]
        self.env["desk.event"]._note_acting(
            self.run_id.res_model, self.run_id.res_id, absent
        )
        return result
