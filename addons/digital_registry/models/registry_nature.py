from odoo import fields, models


class RegistryNature(models.Model):
    """What a letter is, whatever it is about: request, complaint, invoice, decision…"""

    _name = "registry.nature"
    _description = "Nature of letters"
    _inherit = ["registry.classification.mixin"]
    _check_company_auto = True
    _letter_field = "nature_id"

    code = fields.Char(help="Short code used in statistics and exchanges.")
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: the starting list of the platform, for everybody.",
    )
