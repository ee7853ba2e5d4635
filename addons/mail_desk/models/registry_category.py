from odoo import fields, models

CLOCK_HELP = (
    "Starts when a letter of this kind is registered. Empty: no legal length, or that of "
    "the heading above."
)


class RegistryCategory(models.Model):
    """The legal length that letters of a category have."""

    _inherit = "registry.category"

    clock_id = fields.Many2one(
        "gov.clock",
        string="Legal length",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help=CLOCK_HELP,
    )
