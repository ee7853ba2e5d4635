from odoo import fields, models


class GovCircuitRunStep(models.Model):
    """What the signature book keeps of a step besides what every circuit does."""

    _inherit = "gov.circuit.run.step"

    comes_back_to_id = fields.Many2one(
        "gov.circuit.run.actor",
        string="Comes back to",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Who asked for this second opinion and waits for it.",
    )
    is_second_opinion = fields.Boolean(readonly=True)
    attached_ids = fields.Many2many(
        "gov.document",
        "gov_circuit_run_step_attached_rel",
        "step_id",
        "document_id",
        string="Attached at this step",
        readonly=True,
    )

    def _again(self):
        row = super()._again()
        # A second opinion is not asked again by itself: who wants it asks.
        row.is_second_opinion = self.is_second_opinion
        return row
