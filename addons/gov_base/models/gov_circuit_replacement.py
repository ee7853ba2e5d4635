from odoo import api, fields, models


class GovCircuitReplacement(models.Model):
    """Somebody who takes the place of a person that withdraws from a step; the order of the list counts."""

    _name = "gov.circuit.replacement"
    _description = "Replacement at a step of a circuit"
    _order = "sequence, id"
    _check_company_auto = True

    step_id = fields.Many2one(
        "gov.circuit.step", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="step_id.company_id", store=True, index=True, readonly=True
    )
    sequence = fields.Integer(default=10)
    user_id = fields.Many2one(
        "res.users",
        "Person",
        required=True,
        ondelete="restrict",
        check_company=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )

    _one_place = models.UniqueIndex(
        "(step_id, user_id)", "This person is in the list already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.step_id.circuit_id._check_draft()
        return rows

    def write(self, vals):
        self.step_id.circuit_id._check_draft()
        result = super().write(vals)
        self.step_id.circuit_id._check_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self.step_id.circuit_id._check_draft()
