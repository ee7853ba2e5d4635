from odoo import fields, models

from ..lib import guard


class GovProofDigest(models.Model):
    """One piece a proof vouches for."""

    _name = "gov.proof.digest"
    _description = "Piece of a proof"
    _log_access = False
    _order = "proof_id, order, id"
    _rec_name = "label"
    _gov_sealed = "sha256"

    proof_id = fields.Many2one(
        "gov.proof", required=True, readonly=True, index=True, ondelete="restrict"
    )
    order = fields.Integer(required=True, readonly=True)
    label = fields.Char(
        readonly=True, help="For agents; the public page numbers pieces instead."
    )
    sha256 = fields.Char(string="SHA-256", required=True, readonly=True)
    size = fields.Integer(string="Size (bytes)", readonly=True)

    def init(self):
        guard.install(self.env.cr, self._table)
