from odoo import models


class GovDocument(models.Model):
    """A signed or sealed PDF that gets its timestamp later becomes its own next version.

    What was issued first stays valid; whoever downloads afterwards gets the longer file.
    """

    _name = "gov.document"
    _inherit = ["gov.document", "gov.completed"]

    def _ask_completion(self, level="B-LTA"):
        """Note that this document is to reach a level, when an authority is configured.

        Call it in the transaction that stores the signed file, with the right to it.

        :param str level: B-T, B-LT or B-LTA
        """
        for document in self:
            if self.env["gov.tsa"]._in_use(document.company_id):
                self.env["gov.completion"]._request(
                    document, document.company_id, level
                )

    def _compute_signature_level(self):
        done = super()._compute_signature_level()
        for document in self:
            if not document.signature_sentence:
                document.signature_sentence = self.env._(
                    "B-B, no timestamp configured."
                )
        return done

    # ------------------------------------------------------------------
    # What the queue asks
    # ------------------------------------------------------------------
    def _completion_locked(self):
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset()

    def _completion_pdf(self):
        self.ensure_one()
        version = self.current_version_id
        return version._read_content() if version else None

    def _completion_done(self, pdf, level):
        self.ensure_one()
        before = self.current_version_id
        owner = self.env[self.res_model].browse(self.res_id)
        after = self._store_generated(
            pdf,
            before.filename,
            before.mime,
            company=self.company_id,
            owner=owner,
            pages=before.pages,
            document=self,
        )
        # Proofs are written by the platform alone; this one is of the file it replaces.
        proofs_sudo = self.env["gov.proof"].sudo()
        proof_sudo = proofs_sudo.search([("document_sha256", "=", before.sha256)])
        for one in proof_sudo:
            one._extend_document(pdf)
        if hasattr(owner, "_gov_document_completed"):
            owner._gov_document_completed(self, before, after, level)
