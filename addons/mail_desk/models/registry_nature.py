from odoo import fields, models


class RegistryNature(models.Model):
    """How letters of this nature are signed, whatever their office allows."""

    _inherit = "registry.nature"

    desk_signing = fields.Selection(
        [
            ("paper", "On paper, scanned back"),
            ("internal", "Validated, not signed"),
        ],
        string="Signed",
        help="Empty: as the office of the letter allows.",
    )
