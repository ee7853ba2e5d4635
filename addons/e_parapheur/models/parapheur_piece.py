from odoo import fields, models


class ParapheurPiece(models.Model):
    """A main document in circuit: from what was submitted to what is closed.

    Written by the folder's own methods only; nobody else has the right.
    """

    _name = "parapheur.piece"
    _description = "Main document in circuit"
    _order = "folder_id, sequence, id"
    _rec_name = "document_id"
    _check_company_auto = True

    folder_id = fields.Many2one(
        "parapheur.folder",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="folder_id.company_id", store=True, readonly=True
    )
    sequence = fields.Integer(readonly=True)
    document_id = fields.Many2one(
        "gov.document", required=True, readonly=True, ondelete="restrict"
    )
    original_id = fields.Many2one(
        "gov.document.version",
        string="As submitted",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    prepared_id = fields.Many2one(
        "gov.document.version",
        string="As shown to the signers",
        readonly=True,
        ondelete="restrict",
        help="With an empty box for each signature and for the seal.",
    )
    boxes = fields.Json(
        readonly=True, help="Boxes of the prepared file: name, page and rectangle."
    )
    final_id = fields.Many2one(
        "gov.document.version", string="Closed", readonly=True, ondelete="restrict"
    )
    signature_sentence = fields.Char(
        string="Proof of time", compute="_compute_signature_sentence"
    )
    public_ref = fields.Char(readonly=True, help="Reference of the public proof.")
    proof_id = fields.Many2one(
        "gov.proof", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    code_digest = fields.Char(
        readonly=True,
        index="btree_not_null",
        help="SHA-256 of the code that its blocks carry from the first signature on.",
    )

    _document_uniq = models.UniqueIndex("(folder_id, document_id)")

    def _compute_signature_sentence(self):
        for piece in self:
            # Only what is said of the time; the reader reads the folder.
            document_sudo = piece.sudo()._proof_document()
            piece.signature_sentence = document_sudo.signature_sentence

    def _proof_document(self):
        """The document that is taken further when its timestamp comes. Hook of bridges."""
        self.ensure_one()
        return self.document_id

    def _current(self):
        """The version that is shown, approved and signed now."""
        self.ensure_one()
        return self.document_id.current_version_id
