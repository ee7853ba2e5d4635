import base64
import binascii

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.gov_base.exceptions import IntakeRefused

PDF = "application/pdf"
ROLES = ("main", "annex")
MAX_DOCUMENTS = 20


class ParapheurFolder(models.Model):
    """Documents of a folder: those that are acted on, and those that explain them."""

    _inherit = "parapheur.folder"

    main_ids = fields.One2many(
        "gov.document",
        "res_id",
        string="Main documents",
        domain=[("res_model", "=", "parapheur.folder"), ("role", "=", "main")],
        readonly=True,
    )
    annex_ids = fields.One2many(
        "gov.document",
        "res_id",
        string="Annexes",
        domain=[("res_model", "=", "parapheur.folder"), ("role", "=", "annex")],
        readonly=True,
    )
    main_id = fields.Many2one(
        "gov.document", compute="_compute_main_id", string="First main document"
    )
    slip_id = fields.Many2one(
        "gov.document.version",
        string="Circulation slip",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )

    def _compute_main_id(self):
        for folder in self:
            folder.main_id = folder._in_order(folder.main_ids)[:1]

    def action_add_document(self, filename, content, role="main"):
        """Check a file and put it in this draft.

        :param str filename: its name as the person has it
        :param str content: the file, base64
        :param str role: ``main`` (acted on and signed; a PDF) or ``annex``
        :return: id of the ``gov.document``
        :raise UserError: submitted already, too many files, refused by the intake, a main
            document that is no PDF
        """
        self.ensure_one()
        try:
            data = base64.b64decode(content or "", validate=True)
        except (binascii.Error, ValueError, TypeError) as error:
            raise UserError(
                self.env._("The file did not arrive whole. Choose it again.")
            ) from error
        return self._add_document(data, filename, role=role).document_id.id

    def action_remove_document(self, document_id):
        """Take a document out of this draft.

        :param int document_id: id of a ``gov.document`` of this folder
        :return: True
        :raise UserError: submitted already, or no document of this folder
        """
        self.ensure_one()
        self._check_documents_open()
        document = (self.main_ids | self.annex_ids).filtered(
            lambda one: one.id == document_id
        )
        if not document:
            raise UserError(
                self.env._("This document is not in the folder any more. Reload.")
            )
        # Documents are written by their owner's methods alone; draft and right were checked.
        document_sudo = document.sudo()
        document_sudo.unlink()
        self.invalidate_recordset(["main_ids", "annex_ids", "main_id"])
        return True

    def _check_documents_open(self):
        self.check_access("write")
        # A submission at the same moment would freeze the folder without this document, and
        # show it to the signers: both write this row, so the second is played again.
        self.env.execute_query(
            SQL(
                "UPDATE parapheur_folder SET write_date = write_date WHERE id = %s "
                "RETURNING id",
                self.id,
            )
        )
        if self.state != "draft":
            raise UserError(
                self.env._(
                    "The folder %(folder)s was submitted: its documents are fixed. Take it "
                    "back while nobody has acted, or start another one.",
                    folder=self.display_name,
                )
            )

    def _add_document(self, content, filename, *, role="main", origin="scan"):
        """Inspect a file and put it in this draft.

        :param bytes content: the file
        :return: the ``gov.document.version``
        :raise UserError: see :meth:`action_add_document`
        """
        self.ensure_one()
        self._check_documents_open()
        if role not in ROLES:
            raise UserError(self.env._("A document is a main document or an annex."))
        self._check_document_count()
        intake = self.env["gov.intake"]
        limits = intake._limits(allowed=("pdf",)) if role == "main" else None
        # Documents are written by the intake alone, whoever brings the file.
        documents_sudo = self.env["gov.document"].sudo()
        try:
            version = documents_sudo._ingest(
                content,
                filename,
                company=self.company_id,
                owner=self,
                role=role,
                nature="original" if role == "main" else "copy",
                origin=origin,
                limits=limits,
            )
        except IntakeRefused as refusal:
            if role == "main" and refusal.code in ("wrong_type", "type_mismatch"):
                raise UserError(
                    self.env._(
                        "A main document is a PDF, the form in which it is signed: convert "
                        "%(file)s to PDF and add it again. Other files may be annexes.",
                        file=filename,
                    )
                ) from refusal
            # The web client shows the sentence of a plain UserError only.
            raise UserError(refusal.args[0]) from refusal
        self.invalidate_recordset(["main_ids", "annex_ids", "main_id"])
        return version

    def _add_generated(self, pdf, filename):
        """Put a PDF that this platform made itself in this draft, as a main document.

        :param bytes pdf: the file
        :return: the ``gov.document.version``
        """
        self.ensure_one()
        self._check_documents_open()
        self._check_document_count()
        # Documents are written by the platform alone; the right on the draft was checked.
        documents_sudo = self.env["gov.document"].sudo()
        version = documents_sudo._store_generated(
            pdf, filename, PDF, company=self.company_id, owner=self, role="main"
        )
        self.invalidate_recordset(["main_ids", "annex_ids", "main_id"])
        return version

    def _check_document_count(self):
        if len(self.main_ids) + len(self.annex_ids) >= MAX_DOCUMENTS:
            raise UserError(
                self.env._(
                    "A folder holds %(limit)s documents at most. Start another one.",
                    limit=MAX_DOCUMENTS,
                )
            )

    def _store_version(self, piece, content):
        """Keep bytes that this platform made as the new current version of a main document."""
        # Nobody writes versions by himself; the gate of the act was passed by the caller.
        documents_sudo = self.env["gov.document"].sudo()
        current = piece._current()
        return documents_sudo._store_generated(
            content,
            current.filename,
            PDF,
            company=self.company_id,
            owner=self,
            role="main",
            pages=current.pages,
            document=piece.document_id,
        )

    def _gov_document_check(self, version, operation):
        """Answer the document controller: who reads the folder reads its documents."""
        self.check_access("read" if operation == "read" else "write")

    def _gov_document_locked(self, documents):
        """Answer the document: those of a folder in circuit are part of it."""
        return self.state != "draft"
