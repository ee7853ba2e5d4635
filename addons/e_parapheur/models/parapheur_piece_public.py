from odoo import models

from odoo.addons.gov_trust.models.gov_proof_act import ISSUED


class ParapheurPiece(models.Model):
    """One document of a folder as the public page knows it."""

    _inherit = "parapheur.piece"

    def _promised_url(self):
        """Address that says what is known of this document now.

        :raise SealUnavailable: no usable master key
        """
        self.ensure_one()
        proofs = self.env["gov.proof"]
        if not self.code_digest:
            # Whoever signs may not write documents in circuit; the platform notes a code.
            piece_sudo = self.sudo()
            piece_sudo.code_digest = proofs._promise(self.public_ref)
        return proofs._promised_url(self.company_id, self.public_ref, self.code_digest)

    def _act_state(self):
        """Key of the public state of this document: closed, its proof answers for it."""
        self.ensure_one()
        return ISSUED if self.final_id else self.folder_id._act_state()

    def _act(self):
        """The act as ``gov.proof`` answers it; called on a superuser's record."""
        self.ensure_one()
        folder = self.folder_id
        state = self._act_state()
        signed = [
            one._public_row()
            for one in folder.signature_ids.filtered(
                lambda one: one.piece_id == self and one.state == "valid"
            ).sorted("id")
        ]
        signed += [
            {
                "state": "paper",
                "name": paper.signed_by or "",
                "quality": "",
                "formula": "",
                "at": paper.scanned_at,
            }
            for paper in folder.paper_ids.filtered(
                lambda one: one.piece_id == self and one.state == "valid"
            ).sorted("id")
        ]
        rows = signed + (folder._expected_signatures() if state == "under_way" else [])
        ended = state not in ("under_way", ISSUED)
        return {
            "state": state,
            "company": folder.company_id,
            "number": folder._public_number(),
            "since": folder.submitted_at,
            "ended": folder.ended_at,
            "proof": self.proof_id,
            "needed": None if ended else len(rows),
            "signatures": rows,
        }
