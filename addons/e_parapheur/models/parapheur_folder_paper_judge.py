from odoo import models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import ink, page_code


class ParapheurFolder(models.Model):
    """Whether a scan is the document that was printed; and what a withdrawn paper leaves."""

    _inherit = "parapheur.folder"

    # ------------------------------------------------------------------
    # Is it this document?
    # ------------------------------------------------------------------
    def _judge_scan(self, paper, scan, is_checked):
        """Return whether a person vouches for this scan; raise when it is not the document."""
        try:
            pdf, scanned = page_code.as_pdf(scan)
            codes = ink.codes(pdf, pages=page_code.MAX_PAGES)
        except (page_code.CodeRefused, ink.Unreadable) as error:
            raise UserError(
                self.env._(
                    "This file cannot be read as a scan: choose a PDF or a picture."
                )
            ) from error
        pages = paper.printed_id.pages
        expected = page_code.PageCode(
            self.reference, paper.base_id.sha256[:16], pages, pages
        )
        verdict = page_code.judge(codes, expected, scanned)
        if verdict.kind and not (verdict.kind == "unread" and is_checked):
            raise UserError(self._scan_sentence(paper, verdict, scanned, codes))
        return verdict.kind == "unread"

    def _scan_sentence(self, paper, verdict, scanned, codes):
        env, file = self.env, paper.piece_id.document_id.name
        where = ", ".join(str(page) for page in verdict.pages)
        others = {
            (self.reference, one.base_id.sha256[:16]): one.piece_id.document_id.name
            for one in self.paper_ids
            if one.piece_id != paper.piece_id and one.state != "withdrawn"
        }
        swapped = next(
            (others[one] for one in page_code.digests(codes) if one in others), None
        )
        if swapped:
            return env._(
                "This is the scan of %(other)s, not of %(file)s: choose each scan for its "
                "own document. Nothing was handed in.",
                other=swapped,
                file=file,
            )
        return {
            "other": env._(
                "This paper is not %(file)s: its code is that of another folder or letter "
                "(%(reference)s). Nothing was handed in.",
                file=file,
                reference=verdict.reference or "?",
            ),
            "older": env._(
                "This paper has the words of an earlier version: %(file)s was changed since. "
                "Print it again and have that one signed.",
                file=file,
            ),
            "short": env._(
                "%(file)s has %(pages)s pages, this scan %(scanned)s (no code of: %(where)s). "
                "Scan all of them.",
                file=file,
                pages=paper.printed_id.pages,
                scanned=scanned,
                where=where,
            ),
            "twice": env._(
                "A page is in this scan twice (%(where)s): scan each page once, in order.",
                where=where,
            ),
            "order": env._(
                "The pages of this scan are not in order: put them in order and scan "
                "again."
            ),
            "unread": env._(
                "The code cannot be read on every page (%(where)s). Compare the paper with "
                "%(file)s, tick that it is this one, and hand it in again.",
                where=where,
                file=file,
            ),
        }[verdict.kind]

    # ------------------------------------------------------------------
    # Withdrawing
    # ------------------------------------------------------------------
    def _withdraw_papers(self, papers):
        """Let documents be again what they were before these; called as superuser.

        :return: the rows that were withdrawn
        """
        withdrawn = self.env["parapheur.paper"]
        valid = self.paper_ids.filtered(lambda one: one.state == "valid")
        for piece, of_piece in valid.grouped("piece_id").items():
            first = (of_piece & papers).sorted("id")[:1]
            if not first:
                continue
            gone = of_piece.filtered(lambda one, first=first: one.id >= first.id)
            earlier = (of_piece - gone).sorted("id")[-1:]
            before = earlier.version_id or first.base_id
            version = self._store_version(piece, before._read_content())
            piece.write({**(first.piece_facts or {}), "prepared_id": version.id})
            gone._gated().write({"state": "withdrawn"})
            self._event(
                "folder.withdrawn_paper",
                {
                    "document": piece.document_id.id,
                    "scans": gone.scan_id.mapped("sha256"),
                    "restored": version.sha256,
                },
            )
            withdrawn |= gone
        return withdrawn

    def _check_kept(self, signatures, papers):
        """Raise when withdrawing these would take along a signature that stays in force.

        A signature covers what lies under it. Whoever returns the folder “and straight back”
        cannot have a step done again over which others signed who are not asked again.
        """
        kept = self.env["parapheur.signature"]
        for piece in self.piece_ids:
            valid = self.signature_ids.filtered(
                lambda one, piece=piece: one.piece_id == piece and one.state == "valid"
            )
            first = min((valid & signatures).ids, default=0)
            over = papers.filtered(
                lambda one, piece=piece: one.piece_id == piece and one.state == "valid"
            )
            kept |= valid.filtered(
                lambda one, first=first, over=over: (
                    (first and one.id > first) or bool(over)
                )
            )
        kept -= signatures
        later = self.paper_ids.filtered(
            lambda one: (
                one.state == "valid"
                and one.id > min(papers.ids, default=one.id)
                and one not in papers
            )
        )
        if kept or later:
            raise UserError(
                self.env._(
                    "%(names)s signed over what would be done again: their signature would "
                    "be lost. Choose to have everything from that step on done again.",
                    names=", ".join(
                        dict.fromkeys(
                            kept.mapped("signer_name") + later.mapped("signed_by")
                        )
                    ),
                )
            )
