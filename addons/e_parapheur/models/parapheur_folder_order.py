from odoo import models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import given


class ParapheurFolder(models.Model):
    """In which order the documents of a folder are read, prepared and signed."""

    _inherit = "parapheur.folder"

    def _in_order(self, documents):
        """Documents of a folder as its sender ordered them."""
        return documents.sorted(lambda document: (document.sequence, document.id))

    def action_order_documents(self, document_ids):
        """Put the main documents, or the annexes, of this draft in another order.

        :param list document_ids: ids of all ``gov.document`` of one of both, in the order wanted
        :return: True
        :raise UserError: submitted already, or not exactly the main documents or the annexes
        :raise AccessError: the user may not change this folder
        """
        self.ensure_one()
        self._check_documents_open()
        wanted = given.record_ids(document_ids)
        known = next(
            (
                documents
                for documents in (self.main_ids, self.annex_ids)
                if wanted and sorted(documents.ids) == sorted(wanted)
            ),
            None,
        )
        if known is None:
            raise UserError(
                self.env._(
                    "The documents of the folder changed meanwhile: reload, then order them."
                )
            )
        # Documents are written by their owner's methods alone; draft and right were checked.
        documents_sudo = self.env["gov.document"].sudo()
        for number, document_id in enumerate(wanted, 1):
            documents_sudo.browse(document_id).sequence = number
        self.invalidate_recordset(["main_ids", "annex_ids", "main_id"])
        return True
