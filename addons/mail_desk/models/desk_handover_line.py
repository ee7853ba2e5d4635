from odoo import fields, models


class DeskHandoverLine(models.Model):
    """One thing that was handed over, or why it could not be."""

    _name = "desk.handover.line"
    _description = "Report of a handing over"
    _order = "moved, id"

    handover_id = fields.Many2one(
        "desk.handover", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="handover_id.company_id", store=True)
    what = fields.Selection(
        [
            ("letter", "Letter"),
            ("copy", "Copy"),
            ("opinion", "Opinion"),
            ("validation", "Visa or validation"),
            ("draft", "Letter in preparation"),
        ],
        readonly=True,
    )
    letter_id = fields.Many2one(
        "registry.letter", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    outgoing_id = fields.Many2one(
        "desk.outgoing", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    receiver_id = fields.Many2one(
        "res.users", string="To", readonly=True, ondelete="set null"
    )
    moved = fields.Boolean(readonly=True)
    sentence = fields.Char("Why not", readonly=True)
