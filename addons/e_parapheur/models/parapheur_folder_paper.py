from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import page_code, placement

from .gov_circuit_step import PAPER
from .parapheur_folder_documents import PDF

#: what a piece says of its prepared file, restored when the paper is withdrawn
PIECE_FACTS = ("boxes", "box_steps", "base_size", "page_facts")


class ParapheurFolder(models.Model):
    """Signature on paper: printed with a code on each page, signed by hand, scanned back (S3).

    The scan, checked page by page, becomes the document. Who hands it in declares who signed;
    it is never shown as an electronic signature.
    """

    _inherit = "parapheur.folder"

    paper_ids = fields.One2many("parapheur.paper", "folder_id", readonly=True)

    def action_paper_print(self):
        """Print the documents of one's step to have them signed by hand.

        Asked again, the same prints come back: the sheets that are out stay good.

        :return: list of ``{"document_id", "name", "version_id", "url", "pages"}``, one a main
            document, in order
        :raise UserError: not asked for a signature on paper, ended, a file that takes no codes
        :raise AccessError: not an actor of this folder
        """
        self.ensure_one()
        self._check_in_circuit()
        # Two at once follow each other here; the second reads what the first did.
        run_sudo = self.run_id.sudo()
        run_sudo._lock()
        step = self._check_my_kind(PAPER)
        self._note_opened()
        # Documents are the platform's; whose turn it is was checked above.
        folder_sudo = self.sudo()
        papers = [folder_sudo._printed(piece, step) for piece in folder_sudo.piece_ids]
        return [
            {
                "document_id": paper.piece_id.document_id.id,
                "name": paper.piece_id.document_id.name,
                "version_id": paper.printed_id.id,
                "url": f"/gov/document/{paper.printed_id.id}",
                "pages": paper.printed_id.pages,
            }
            for paper in papers
        ]

    # ------------------------------------------------------------------
    # Printing
    # ------------------------------------------------------------------
    def _printed(self, piece, step):
        """The row of a print for this step: the one that is out, or a new one."""
        out = self._paper_out(piece, step)
        if out:
            return out
        base, printed = self._sheet(piece)
        if not printed:
            base = piece._current()
            printed = self._store_print(piece, base)
        self._event(
            "folder.printed",
            {
                "step": step.id,
                "document": piece.document_id.id,
                "base": base.sha256,
                "printed": printed.sha256,
            },
        )
        return (
            self.env["parapheur.paper"]
            ._gated()
            .create(
                {
                    "folder_id": self.id,
                    "company_id": self.company_id.id,
                    "piece_id": piece.id,
                    "step_id": step.id,
                    "user_id": self.env.uid,
                    "user_name": self.env.user.name,
                    "base_id": base.id,
                    "printed_id": printed.id,
                    "printed_at": fields.Datetime.now(),
                    "piece_facts": {name: piece[name] for name in PIECE_FACTS},
                }
            )
        )

    def _paper_out(self, piece, step):
        """What is printed of a document for this step by this person, not handed in yet."""
        return self.paper_ids.filtered(
            lambda one: (
                one.piece_id == piece
                and one.step_id == step
                and one.user_id == self.env.uid
                and one.state in ("printed", "scanned")
            )
        )[-1:]

    def _sheet(self, piece):
        """(version, print) of the sheet that others signed by hand already, or nothing.

        The same sheet goes from hand to hand: the scan of the last one shows all signatures.
        """
        signed = self.paper_ids.filtered(
            lambda one: (
                one.piece_id == piece
                and one.state == "valid"
                and one.version_id.sha256 == piece._current().sha256
            )
        )[-1:]
        return signed.base_id, signed.printed_id

    def _store_print(self, piece, base):
        try:
            pdf = page_code.stamp(base._read_content(), self.reference, base.sha256)
        except page_code.CodeRefused as error:
            raise UserError(
                self.env._(
                    "%(file)s cannot be printed with its codes (%(why)s). Return the folder, "
                    "and have that file made again.",
                    file=piece.document_id.name,
                    why=str(error),
                )
            ) from error
        # Documents are written by the platform alone; whose turn it is was checked.
        documents_sudo = self.env["gov.document"].sudo()
        return documents_sudo._store_generated(
            pdf,
            base.filename,
            PDF,
            company=self.company_id,
            owner=self,
            role="rendition",
            pages=page_code.as_pdf(pdf)[1],
            name=self.env._("To be signed on paper: %(file)s", file=base.filename),
        )

    def _check_printable(self, run):
        """Refuse to print what came signed electronically: paper would lose it. As superuser."""
        if PAPER not in run._live_steps().mapped("kind"):
            return
        for document in self.main_ids:
            if placement.is_signed(document.current_version_id._read_content()):
                raise UserError(
                    self.env._(
                        "%(file)s is signed electronically already: printing it to be signed "
                        "by hand would lose that. Choose a circuit without a signature on "
                        "paper.",
                        file=document.name,
                    )
                )
