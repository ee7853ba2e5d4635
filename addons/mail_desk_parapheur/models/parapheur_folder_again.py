from odoo import models


class ParapheurFolder(models.Model):
    """A folder that signs a letter of the desk is written and started again from the letter."""

    _inherit = "parapheur.folder"

    def _recycle_refusal(self):
        refusal = super()._recycle_refusal()
        if not refusal and self.desk_outgoing_id:
            return self._of_the_letter()
        return refusal

    def _replace_document_refusal(self):
        refusal = super()._replace_document_refusal()
        if not refusal and self.desk_outgoing_id:
            return self._of_the_letter()
        return refusal
