import base64
import binascii

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.exceptions import IntakeRefused
from odoo.addons.gov_base.lib import ink, page_code, text


class DeskOutgoing(models.Model):
    """The signed paper comes back by scan: it is this letter, or it is refused with why."""

    _inherit = "desk.outgoing"

    def action_scan_signed(self, content=None, filename=None, is_checked=False):
        """Take the scan of the signed paper: it becomes the letter, and takes its number.

        The code on each page says whether it is this letter, in the words that were
        approved, whole and in order. Where codes cannot be read a person confirms it.

        :param str content: the file in base64: PDF, PNG, JPEG or TIFF; without it, open
            the form
        :param str filename: its name
        :param bool is_checked: the person compared the paper with the letter
        :return: True, or the window action of the form
        :raise UserError: another letter, older words, a page missing, no readable code
            and nobody confirmed it, a file that may not come in
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self.ensure_one()
        self.check_access("read")
        if content is None:
            if refusal := self._scan_refusal():
                raise refusal
            return self._open_form(
                "desk.signed.wizard", self.env._("Scan signed paper")
            )
        self._lock()
        if refusal := self._scan_refusal():
            raise refusal
        scan = self._scan_content(content)
        # The intake looks at it first, in a process of its own.
        version = self._store_scan(scan, filename)
        by_hand = self._judge_scan(scan, is_checked is True)
        self._desk_write({"scan_version_id": version.id, "scan_by_hand": by_hand})
        self._log("paper_confirmed" if by_hand else "paper_scanned", {})
        self._circuit_journal()._append(
            "desk.paper_scanned",
            {
                "register": self._numbering_register().code,
                "outgoing": self.id,
                "sha256": version.sha256,
                "by_hand": by_hand,
            },
            subject=self,
        )
        if self._scan_is_ready():
            self.action_number()
        return True

    @api.model
    def _scan_content(self, content):
        try:
            scan = base64.b64decode(content, validate=True)
        except (ValueError, TypeError, binascii.Error) as error:
            raise UserError(
                self.env._("The file did not arrive whole. Choose it again.")
            ) from error
        if not scan:
            raise UserError(self.env._("Choose the scan of the signed paper."))
        return scan

    def _judge_scan(self, scan, is_checked):
        """Return whether a person vouches for this scan; raise when it is not the letter."""
        try:
            pdf, scanned = page_code.as_pdf(scan)
            codes = ink.codes(pdf, pages=page_code.MAX_PAGES)
        except (page_code.CodeRefused, ink.Unreadable) as error:
            raise UserError(
                self.env._(
                    "This file cannot be read as a scan: choose a PDF or a picture."
                )
            ) from error
        # What was printed is compared, not shown.
        printed_sudo = self.print_version_id.sudo()
        _pdf, pages = page_code.as_pdf(printed_sudo._read_content())
        expected = page_code.PageCode(self.reference, self.base[:16], pages, pages)
        verdict = page_code.judge(codes, expected, scanned)
        if verdict.kind and not (verdict.kind == "unread" and is_checked):
            raise UserError(self._verdict_sentence(verdict, pages, scanned))
        return verdict.kind == "unread"

    def _verdict_sentence(self, verdict, pages, scanned):
        env, letter = self.env, self.display_name
        where = ", ".join(str(page) for page in verdict.pages)
        if verdict.kind == "other":
            right = verdict.reference and self.search(
                [("reference", "=", verdict.reference)], limit=1
            )
            return env._(
                "This paper is not the letter %(letter)s: its code is that of %(right)s. "
                "Nothing was taken and no number was spent.",
                letter=letter,
                right=right.display_name if right else env._("another letter or slip"),
            )
        return {
            "older": env._(
                "This paper has the words that were approved before: the letter %(letter)s "
                "was changed since. Print it again and have that one signed. No number "
                "was spent.",
                letter=letter,
            ),
            "short": env._(
                "The letter %(letter)s has %(pages)s pages, this scan %(scanned)s (no code "
                "of: %(where)s). Scan all of them. No number was spent.",
                letter=letter,
                pages=pages,
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
                "the letter %(letter)s, tick that it is this one, and take it again.",
                where=where,
                letter=letter,
            ),
        }[verdict.kind]

    def _store_scan(self, scan, filename):
        # Documents are written by the intake alone, whoever brings the file.
        documents_sudo = self.env["gov.document"].sudo()
        try:
            return documents_sudo._ingest(
                scan,
                text.clean_line(filename) or f"{self.reference}.pdf",
                company=self.company_id,
                owner=self,
                role="rendition",
                nature="original",
                origin="scan",
                name=self.env._("Signed paper, as scanned"),
            )
        except IntakeRefused as refusal:
            # The web client shows the sentence of a plain UserError only.
            raise UserError(refusal.args[0]) from refusal
