from odoo import api, fields, models

from odoo.addons.gov_base.lib import text


class RegistryKeyword(models.Model):
    """A word put on letters to find them again, in whatever language it is written."""

    _name = "registry.keyword"
    _description = "Keyword of letters"
    _inherit = ["registry.classification.mixin"]
    _order = "name, id"
    _check_company_auto = True
    _letter_field = "keyword_ids"

    name = fields.Char(translate=False)
    color = fields.Integer(aggregator=None)
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )

    _name_uniq = models.UniqueIndex(
        "(company_id, lower(name))", "This keyword is in the list already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._clean_vals(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._clean_vals(vals)
        return super().write(vals)

    @api.model
    def _clean_vals(self, vals):
        if vals.get("name"):
            vals["name"] = text.clean_line(vals["name"]) or False
