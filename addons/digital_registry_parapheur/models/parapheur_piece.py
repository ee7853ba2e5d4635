from odoo import models


class ParapheurPiece(models.Model):
    """An act that was numbered: the sealed copy of the register gets the timestamp."""

    _inherit = "parapheur.piece"

    def _proof_document(self):
        sealed = self.folder_id.registry_letter_id.closing_version_id
        return sealed.document_id or super()._proof_document()
