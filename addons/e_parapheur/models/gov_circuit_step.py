from odoo import fields, models

SIGNATURE = "signature"


class GovCircuitStep(models.Model):
    """The signature book adds a kind of step: signature, with one's own key."""

    _inherit = "gov.circuit.step"

    kind = fields.Selection(
        selection_add=[(SIGNATURE, "Signature")], ondelete={SIGNATURE: "cascade"}
    )
