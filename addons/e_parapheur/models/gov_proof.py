from odoo import api, models


class GovProof(models.Model):
    """Acts of the signature book answer the public page from their first signature on."""

    _inherit = "gov.proof"

    @api.model
    def _act_by_code(self, digest):
        found = super()._act_by_code(digest)
        if found:
            return found
        piece_sudo = self._piece_by_code(digest)
        return piece_sudo._act() if piece_sudo else None

    @api.model
    def _act_by_file(self, sha256s, digest=None):
        found = super()._act_by_file(sha256s, digest)
        if found:
            return found
        # Public question: signatures are found without rights, answered as values.
        signatures_sudo = self.env["parapheur.signature"].sudo()
        piece_sudo = self._piece_by_code(digest) if digest else None
        only = [("piece_id", "in", piece_sudo.ids)] if digest else []
        rows = signatures_sudo.search([("sha256", "in", sha256s), *only])
        for row in rows.sorted(lambda one: sha256s.index(one.sha256)):
            state = row._file_state()
            if state:
                return row.piece_id._act(), state
        if not piece_sudo or piece_sudo.final_id:
            return None
        # What was submitted, and what is signed on, carry no signature yet.
        if sha256s[0] in (piece_sudo.original_id | piece_sudo.prepared_id).mapped(
            "sha256"
        ):
            return piece_sudo._act(), piece_sudo._act_state()
        return None

    @api.model
    def _piece_by_code(self, digest):
        """The document whose blocks, or whose seal, carry this code (superuser)."""
        # Public question: the code is the right to ask. One index after the other: an
        # “or” over two tables would read all documents.
        pieces_sudo = self.env["parapheur.piece"].sudo()
        found_sudo = pieces_sudo.search([("code_digest", "=", digest)], limit=1)
        if found_sudo:
            return found_sudo
        proofs_sudo = self.sudo().search([("code_digest", "=", digest)])
        return pieces_sudo.search(
            [("proof_id", "in", proofs_sudo.ids)], order="id desc", limit=1
        )
