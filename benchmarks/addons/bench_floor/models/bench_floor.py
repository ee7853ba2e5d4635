from odoo import fields, models


class BenchFloor(models.Model):
    """One record for each stored file."""

    _name = "bench.floor"
    _description = "Benchmark floor"

    name = fields.Char(required=True)
    attachment_id = fields.Many2one("ir.attachment", index=True)
