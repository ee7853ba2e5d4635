from odoo import fields, models


class GovBodyKind(models.Model):
    _name = "gov.body.kind"
    _description = "Kind of administration"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short code used by imports, e.g. commune.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex(
        "(code)", "Another kind of administration has this code: choose another code."
    )
