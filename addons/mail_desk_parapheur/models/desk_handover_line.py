from odoo import fields, models


class DeskHandoverLine(models.Model):
    """A step of the signature book that was handed over."""

    _inherit = "desk.handover.line"

    what = fields.Selection(selection_add=[("signature", "Signature")])
    folder_id = fields.Many2one(
        "parapheur.folder", readonly=True, index="btree_not_null", ondelete="cascade"
    )
