from odoo import api, fields, models

from ..lib import guard
from ..lib.validation import versions


class GovProofVersion(models.Model):
    """One signed revision of an issued document: the beginning of its last file.

    No PDF reader can tell an earlier revision from a whole document; this table can.
    """

    _name = "gov.proof.version"
    _description = "Version of an issued document"
    _inherit = "gov.evidence"
    _log_access = False
    _order = "proof_id, size, id"
    _rec_name = "sha256"
    _gov_sealed = "sha256"

    proof_id = fields.Many2one(
        "gov.proof", required=True, readonly=True, index=True, ondelete="restrict"
    )
    sha256 = fields.Char(string="SHA-256", required=True, readonly=True)
    size = fields.Integer(string="Size (bytes)", readonly=True)
    signatures = fields.Integer(
        readonly=True, help="Of persons and of administrations, timestamps not counted."
    )
    level = fields.Char(string="Signature level", readonly=True)
    final = fields.Boolean(
        string="Complete",
        readonly=True,
        help="Every signature is there. Not set: an earlier, incomplete version.",
    )

    _sha256_idx = models.Index("(sha256)")
    _version_uniq = models.UniqueIndex("(proof_id, sha256)")

    def init(self):
        guard.install(self.env.cr, self._table)

    @api.model
    def _note(self, proof, pdf):
        """Keep the digest of every signed revision of a file just issued (superuser).

        :param proof: ``gov.proof`` record
        :param bytes pdf: the whole file; revisions noted before stay as they are
        """
        known = set(self.search([("proof_id", "=", proof.id)]).mapped("sha256"))
        for version in versions.of(pdf):
            if version["sha256"] not in known:
                self._insert({"proof_id": proof.id, **version})
