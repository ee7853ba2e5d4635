from odoo import fields, models


class RegistryNature(models.Model):
    """The legal length that letters of a nature have when their category has none."""

    _inherit = "registry.nature"

    clock_id = fields.Many2one(
        "gov.clock",
        string="Legal length",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Starts when a letter of this nature is registered and its category has no "
        "legal length.",
    )
