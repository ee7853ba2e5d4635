from odoo import fields, models


class RegistryVerifyResult(models.TransientModel):
    """What the check of a register found, in words a person reads."""

    _name = "registry.verify.result"
    _description = "Check of a register"

    register_id = fields.Many2one("registry.register", required=True, readonly=True)
    is_intact = fields.Boolean(readonly=True)
    sentence = fields.Text(readonly=True)
    first_bad_number = fields.Char(
        string="First line that does not hold", readonly=True
    )
    journal_size = fields.Integer(string="Lines of the journal", readonly=True)
    create_date = fields.Datetime(string="Checked on", readonly=True)
    line_ids = fields.One2many(
        "registry.verify.result.line", "result_id", readonly=True
    )
