from odoo import models


class GovProof(models.Model):
    _inherit = "gov.proof"

    def _public_document(self):
        """Say “Letter” of a document that is one."""
        told = super()._public_document()
        if self.kind == "document" and self.subject_model == "registry.letter":
            told["kind"] = self.env._("Letter")
        return told
