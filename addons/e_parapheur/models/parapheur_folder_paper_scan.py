import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.exceptions import IntakeRefused
from odoo.addons.gov_base.lib import given, page_code, placement, text

from .gov_circuit_step import PAPER
from .parapheur_folder_documents import MAX_DOCUMENTS

MAX_NAME = 240


class ParapheurFolder(models.Model):
    """The signed paper comes back by scan: it is this document, or it is refused with why."""

    _inherit = "parapheur.folder"

    def action_paper_scan(
        self, files, signed_by=None, signed_on=None, is_checked=False
    ):
        """Hand in the scan of each document, signed by hand: the step is done.

        :param list files: ``{"document_id", "filename", "content"}``, content in base64 (PDF,
            PNG, JPEG or TIFF), one a main document; empty to hand in scans that were being
            checked
        :param str signed_by: who signed by hand, oneself by default; at most 240 characters
        :param signed_on: date of the signature by hand, today by default, not in the future
        :param bool is_checked: the codes of some page cannot be read, and the person compared
            the paper with the document
        :return: True; False when a scan is still being checked (call again with no file)
        :raise UserError: not printed, a document missing, another document, an older version,
            pages missing, twice or in another order, no readable code and nobody vouches
        :raise AccessError: not an actor of this folder
        """
        self.ensure_one()
        self._check_in_circuit()
        # Two at once follow each other here; the second reads what the first did.
        run_sudo = self.run_id.sudo()
        run_sudo._lock()
        step = self._check_my_kind(PAPER)
        facts = self._paper_facts(signed_by, signed_on)
        # Documents are the platform's; whose turn it is was checked above.
        folder_sudo = self.sudo()
        papers = folder_sudo._papers_out(step)
        given_files = folder_sudo._given_files(files)
        for paper in papers:
            document = paper.piece_id.document_id
            if document.id in given_files:
                folder_sudo._take_scan(
                    paper, *given_files[document.id], is_checked is True
                )
            elif paper.state == "printed":
                raise UserError(
                    self.env._(
                        "%(file)s is missing: choose the scan of each document. Nothing was "
                        "handed in.",
                        file=document.name,
                    )
                )
        if any(paper.scan_id.state != "released" for paper in papers):
            return False
        for paper in papers:
            folder_sudo._hand_in_paper(paper, facts)
        self.run_id._act(
            self.env.user, "approve", None, self._circuit_base(), step=step
        )
        return True

    # ------------------------------------------------------------------
    # Handing in
    # ------------------------------------------------------------------
    def _papers_out(self, step):
        papers = self.env["parapheur.paper"]
        for piece in self.piece_ids:
            out = self._paper_out(piece, step)
            if not out:
                raise UserError(
                    self.env._(
                        "%(file)s was not printed by you for this step: print it first, and "
                        "have that print signed.",
                        file=piece.document_id.name,
                    )
                )
            papers |= out
        return papers

    @api.model
    def _paper_facts(self, signed_by, signed_on):
        try:
            day = given.day(signed_on)
        except ValueError as error:
            raise UserError(
                self.env._("This is no date: write it like 2026-12-31.")
            ) from error
        today = fields.Date.context_today(self)
        if day and day > today:
            raise UserError(
                self.env._("A signature by hand is not dated in the future.")
            )
        name = text.clean_line(signed_by, MAX_NAME) if signed_by else ""
        return {"signed_by": name or self.env.user.name, "signed_on": day or today}

    def _take_scan(self, paper, content, filename, is_checked):
        """Check a scan against what was printed, and keep it."""
        # The intake looks at it first, in a process of its own.
        version = self._store_scan(content, filename)
        if version.has_active:
            raise UserError(
                self.env._(
                    "%(file)s contains active content: a scan holds pictures of pages alone.",
                    file=version.filename,
                )
            )
        by_hand = self._judge_scan(paper, content, is_checked)
        paper._gated().write(
            {
                "scan_id": version.id,
                "scanned_at": fields.Datetime.now(),
                "is_by_hand": by_hand,
                "state": "scanned",
            }
        )

    def _store_scan(self, content, filename):
        # Documents are written by the intake alone, whoever brings the file.
        documents_sudo = self.env["gov.document"].sudo()
        try:
            return documents_sudo._ingest(
                content,
                filename,
                company=self.company_id,
                owner=self,
                role="rendition",
                nature="original",
                origin="scan",
                name=self.env._("Signed paper, as scanned: %(file)s", file=filename),
            )
        except IntakeRefused as refusal:
            # The web client shows the sentence of a plain UserError only.
            raise UserError(refusal.args[0]) from refusal

    def _hand_in_paper(self, paper, facts):
        """The scan becomes the document, with boxes for what is still to come."""
        piece = paper.piece_id
        pdf = self._scan_pdf(paper)
        report = self._examined(pdf, paper.scan_id, piece.document_id)
        self._prepare_piece(piece, report, self._signing_steps(self.run_id))
        version = piece.prepared_id
        paper._gated().write({**facts, "version_id": version.id, "state": "valid"})
        self._event(
            "folder.signed_on_paper",
            {
                "step": paper.step_id.id,
                "document": piece.document_id.id,
                "base": paper.base_id.sha256,
                "printed": paper.printed_id.sha256,
                "scan": paper.scan_id.sha256,
                "version": version.sha256,
                "by_hand": paper.is_by_hand,
            },
        )

    def _scan_pdf(self, paper):
        pdf, _pages = page_code.as_pdf(paper.scan_id._read_content())
        if placement.is_signed(pdf):
            raise UserError(
                self.env._(
                    "%(file)s holds an electronic signature: hand in the plain scan of the "
                    "paper.",
                    file=paper.scan_id.filename,
                )
            )
        return pdf

    def _given_files(self, files):
        """What a caller handed in: {id of the document: (bytes, name of the file)}."""
        several = files if isinstance(files, list | tuple) else []
        found = {}
        for one in several[:MAX_DOCUMENTS]:
            told = one if isinstance(one, dict) else {}
            document_id = given.record_id(told.get("document_id"))
            content = self._decoded(told.get("content"))
            if document_id not in self.piece_ids.document_id.ids or not content:
                raise UserError(
                    self.env._(
                        "A file did not arrive whole, or belongs to no document of this "
                        "folder. Choose it again. Nothing was handed in."
                    )
                )
            name = text.clean_line(told.get("filename"), MAX_NAME)
            found[document_id] = (content, name or f"{self.reference}.pdf")
        return found

    @api.model
    def _decoded(self, content):
        try:
            return base64.b64decode(content or "", validate=True)
        except (binascii.Error, ValueError, TypeError):
            return b""

    def _examined(self, content, version, document):
        """Examine a file that comes in while the folder circulates, and keep the report.

        :raise UserError: it may not circulate
        """
        report = self._examine(content, document.name)
        rows = self.env["parapheur.hygiene"]._put(self, version, report)
        self.invalidate_recordset(["hygiene_ids"])
        problems = rows.filtered(lambda row: row.level == "refused")
        if problems:
            raise UserError(
                self.env._(
                    "%(file)s: %(problem)s",
                    file=document.name,
                    problem=problems[0].sentence,
                )
            )
        return report
