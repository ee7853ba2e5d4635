from odoo import api, fields, models


class GovDocumentOwner(models.AbstractModel):
    """What a model that carries documents may mix in: its list of documents and the hooks asked of an owner.

    The mixin is a convenience. Any record may own documents; who reads the record reads its documents.
    """

    _name = "gov.document.owner"
    _description = "Owner of documents"

    gov_document_ids = fields.One2many(
        "gov.document",
        "res_id",
        string="Documents",
        domain=lambda self: [("res_model", "=", self._name)],
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_gov_documents(self):
        """A record goes with its documents, or stays with them when they are part of a proof."""
        # Nobody may delete documents by himself; deleting their owner was just allowed.
        documents_sudo = (
            self.env["gov.document"]
            .sudo()
            .search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        )
        documents_sudo.unlink()

    def _gov_document_locked(self, documents):
        """True when `documents` of this record may not be deleted any more."""
        return False

    def _gov_document_check(self, version, operation):
        """Raise to keep `version` from a user who may read the record. Asked when content is about to be read."""

    def _gov_document_scanned(self, versions):
        """The antivirus or the deep inspection has decided about `versions` of this record."""
