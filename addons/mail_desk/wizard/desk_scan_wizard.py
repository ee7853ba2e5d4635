import base64
import binascii

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.exceptions import IntakeRefused
from odoo.addons.gov_base.lib import ink, placement, text

from ..models.desk_fiche import PREFIX

MAX_SCAN = 50 * 2**20


class DeskScanWizard(models.TransientModel):
    """Takes the scan of what came back on paper and files each slip with its letter."""

    _name = "desk.scan.wizard"
    _description = "Scan of what came back on paper"

    letter_id = fields.Many2one("registry.letter", readonly=True)
    file = fields.Binary(string="Scan", required=True, attachment=False)
    filename = fields.Char()
    is_treated = fields.Boolean(
        string="The unit has treated it",
        help="The letter is closed as treated, when nothing else is open.",
    )
    comment = fields.Char(string="In one line", size=240)
    is_checked = fields.Boolean(
        string="No code can be read; I compared the paper: it belongs to this letter"
    )

    def action_confirm(self):
        """File the scan.

        :return: action that closes the form, or that opens the letter
        :raise UserError: no readable scan, a code of another letter, or of none
        """
        self.ensure_one()
        content = self._content()
        parts = self._parts(content)
        for fiche, part in parts:
            self._file(fiche, part)
        if len(parts) == 1:
            return parts[0][0].action_open_letter()
        return {"type": "ir.actions.act_window_close"}

    def _content(self):
        try:
            content = base64.b64decode(self.file or b"", validate=False)
        except (ValueError, binascii.Error) as error:
            raise UserError(
                self.env._("The file did not arrive whole. Choose it again.")
            ) from error
        if not content or len(content) > MAX_SCAN:
            raise UserError(
                self.env._(
                    "Choose a scan of at most %(size)s MB.", size=MAX_SCAN // 2**20
                )
            )
        return content

    def _parts(self, content):
        """Return [(slip, scan)]: a stack of slips is cut where each code begins."""
        try:
            codes = ink.codes(content, pages=200)
        except ink.Unreadable as error:
            raise UserError(
                self.env._(
                    "This file cannot be read as a scan: choose a PDF or a picture."
                )
            ) from error
        found = [
            (page, self._fiche(code[len(PREFIX) :]))
            for page, code in codes
            if code.startswith(PREFIX)
        ]
        if not found:
            return [(self._without_code(), content)]
        if self.letter_id:
            self._check_letter(fiche for _page, fiche in found)
        begun = [
            part
            for before, part in zip([(-1, None), *found], found, strict=False)
            if part[1] != before[1]
        ]
        if len(begun) == 1:
            return [(begun[0][1], content)]
        return list(
            zip(
                [fiche for _page, fiche in begun],
                self._cut(content, [page for page, _fiche in begun]),
                strict=True,
            )
        )

    def _cut(self, content, starts):
        """Cut a stack before each of these pages; what stands before the first belongs to it."""
        if len(set(starts)) < len(starts):
            raise UserError(
                self.env._(
                    "Two slips lie on one page of this scan. Nothing was filed: scan them "
                    "one after the other."
                )
            )
        try:
            return placement.cut(content, starts)
        except placement.PlacementRefused as refusal:
            raise UserError(
                self.env._(
                    "This stack cannot be cut at its slips: scan it as a PDF that is not "
                    "protected, or each slip by itself. Nothing was filed."
                )
            ) from refusal

    def _fiche(self, code):
        fiche = self.env["desk.fiche"].search([("code", "=", code)], limit=1)
        if not fiche:
            raise UserError(
                self.env._(
                    "The code %(code)s on this scan is that of no letter you may read. "
                    "Nothing was filed.",
                    code=text.clean_line(code)[:20],
                )
            )
        return fiche

    def _check_letter(self, fiches):
        for fiche in fiches:
            if fiche.letter_id != self.letter_id:
                raise UserError(
                    self.env._(
                        "This paper belongs to the letter %(right)s, not to %(wrong)s. "
                        "Nothing was filed: open the right letter, or use “Scan what came "
                        "back” of the menu.",
                        right=fiche.letter_id.display_name,
                        wrong=self.letter_id.display_name,
                    )
                )

    def _without_code(self):
        if not self.letter_id:
            raise UserError(
                self.env._(
                    "No code can be read on this scan. Scan it again, straight and "
                    "sharper, or open its letter and file it there."
                )
            )
        if not self.is_checked:
            raise UserError(
                self.env._(
                    "No code can be read on this scan. Compare the paper with the letter "
                    "%(letter)s, tick that it belongs to it, and file it again.",
                    letter=self.letter_id.display_name,
                )
            )
        fiche = self.letter_id.fiche_ids.filtered(
            lambda one: one.state in ("printed", "to_print")
        )[:1]
        if not fiche:
            raise UserError(
                self.env._(
                    "No slip of the letter %(letter)s is out on paper: print one first.",
                    letter=self.letter_id.display_name,
                )
            )
        return fiche

    def _file(self, fiche, content):
        """Store the scan with its slip and note it; the desk's own gates decide the rest."""
        fiche._lock_back()
        # Documents are written by the intake alone, whoever brings the file.
        documents_sudo = self.env["gov.document"].sudo()
        try:
            documents_sudo._ingest(
                content,
                text.clean_line(self.filename) or f"{fiche.code}.pdf",
                company=fiche.company_id,
                owner=fiche,
                role="main",
                nature="copy",
                origin="scan",
            )
        except IntakeRefused as refusal:
            # The web client shows the sentence of a plain UserError only.
            raise UserError(refusal.args[0]) from refusal
        fiche._came_back(text.clean_line(self.comment), by_hand=self.is_checked)
        if self.is_treated:
            row = fiche.letter_id._desk_row()
            row.action_done(text.clean_line(self.comment) or None)
