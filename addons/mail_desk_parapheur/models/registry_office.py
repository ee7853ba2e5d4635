from odoo import fields, models


class RegistryOffice(models.Model):
    """How the letters of this office are signed."""

    _inherit = "registry.office"

    desk_nature_id = fields.Many2one(
        "parapheur.nature",
        string="Letters are signed as",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Nature of the signature book that replies and letters of this office follow: "
        "without its signatures no number is given. Empty: they are numbered once they are "
        "validated, and signed on paper.",
    )
