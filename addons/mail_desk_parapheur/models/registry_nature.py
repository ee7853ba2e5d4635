from odoo import fields, models


class RegistryNature(models.Model):
    """Letters of a nature may have to go through the signature book."""

    _inherit = "registry.nature"

    desk_signing = fields.Selection(
        selection_add=[("book", "Signature book")], ondelete={"book": "set null"}
    )
