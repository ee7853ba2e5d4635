from odoo import fields, models


class RegistryVerifyResultLine(models.TransientModel):
    """One year of a checked register."""

    _name = "registry.verify.result.line"
    _description = "Check of a register, one year"
    _order = "year desc, id"

    result_id = fields.Many2one(
        "registry.verify.result", required=True, index=True, ondelete="cascade"
    )
    year = fields.Integer(readonly=True, aggregator=None)
    first = fields.Integer(string="From", readonly=True, aggregator=None)
    last = fields.Integer(string="To", readonly=True, aggregator=None)
    lines = fields.Integer(readonly=True)
    cancelled = fields.Integer(readonly=True)
    rectified = fields.Integer(readonly=True)
