from odoo import fields, models


class ParapheurPiece(models.Model):
    """An act that was numbered: the sealed copy of the register gets the timestamp."""

    _inherit = "parapheur.piece"

    registry_letter_id = fields.Many2one(
        "registry.letter",
        string="Registered as",
        readonly=True,
        copy=False,
        check_company=True,
        ondelete="restrict",
    )

    _registry_letter_uniq = models.UniqueIndex(
        "(registry_letter_id) WHERE registry_letter_id IS NOT NULL"
    )

    def _proof_document(self):
        sealed = self.registry_letter_id.closing_version_id
        return sealed.document_id or super()._proof_document()
