from odoo import fields, models


class GovActNature(models.Model):
    """A nature of acts that a delegation can be limited to: replies, notes, orders, leave…

    Those with a code are known to an application, which asks for it when somebody signs.
    """

    _name = "gov.act.nature"
    _description = "Nature of acts"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(readonly=True, copy=False)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        index="btree_not_null",
        default=lambda self: self.env.company,
        ondelete="cascade",
        help="Empty: known in every administration.",
    )

    _code_uniq = models.UniqueIndex(
        "(code) WHERE code IS NOT NULL", "This code is known already."
    )
