from odoo import models

from odoo.addons.gov_base.lib import sign_block

from .parapheur_folder_submit import SEAL_BOX, SEAL_FIELD


class ParapheurFolder(models.Model):
    """What the seal that closes a document prints, and the proof it leads to."""

    _inherit = "parapheur.folder"

    def _closed_pdf(self, piece, pdf):
        proof = self._piece_proof(piece)
        closed = self.env["gov.sign"]._close(
            self.company_id,
            pdf,
            SEAL_FIELD,
            appearance=sign_block.seal_block(
                *SEAL_BOX,
                number=self._seal_number(piece),
                date_text=self._local_text(self.completed_at),
                administration=self._administration_name(),
                qr_url=proof._qr_url(),
                lang=self.language,
            ),
            reason=self._seal_number(piece),
        )
        proof._set_document(self._sha256(closed), closed)
        return closed

    def _seal_number(self, piece):
        """The number that the seal of a document prints. Hook of bridges."""
        return self.reference

    def _piece_proof(self, piece):
        """The public proof of a main document; asked again, the same comes back."""
        original = piece.original_id
        piece.proof_id = self.env["gov.proof"]._issue(
            kind="document",
            company=self.company_id,
            public_ref=piece.public_ref,
            number=self._seal_number(piece),
            issued_at=self.completed_at,
            journal_event=self._completed_event(),
            digests=[
                {
                    "order": 1,
                    "label": original.filename,
                    "sha256": original.sha256,
                    "size": original.size,
                }
            ],
            subject=self,
        )
        return piece.proof_id

    def _administration_name(self):
        """Official name in the language of the blocks, else in the one there is."""
        names = self.company_id._gov_identity()["name"]
        for code in (self.language, "fr", "ar"):
            if names.get(code):
                return names[code]
        return next(iter(names.values()))

    def _completed_event(self):
        if not self.completed_uid:
            return self.env["gov.journal.event"]
        return self.env["gov.journal.event"].search(
            [("uid", "=", self.completed_uid)], limit=1
        )
