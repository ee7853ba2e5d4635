from odoo import models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import merge

from ..lib.words import words


class DeskOutgoing(models.Model):
    """The page that is approved: the words on the letterhead of the unit, or of the template."""

    _inherit = "desk.outgoing"

    def _set_pdf(self):
        """Set the PDF that is approved and remember it: what follows names its digest."""
        self.ensure_one()
        version = self._keep_version()
        # Documents are written by the platform alone; the gate was passed.
        outgoing_sudo = self.sudo()
        documents_sudo = outgoing_sudo.env["gov.document"]
        known = outgoing_sudo.gov_document_ids.filtered(
            lambda document: document.role == "main"
        )[:1]
        pdf_version = documents_sudo._store_generated(
            self._render_pdf(),
            f"{self.reference}-v{version.number}.pdf",
            "application/pdf",
            company=outgoing_sudo.company_id,
            owner=outgoing_sudo,
            role="main",
            document=known or None,
            name=self.env._("Letter as submitted"),
        )
        self._desk_write({"pdf_version_id": pdf_version.id})

    def _render_pdf(self):
        """Return the letter on letterhead as PDF/A: rooms for number, seal and signature."""
        self.ensure_one()
        return self.env["gov.typeset"]._render_pdf(
            "mail_desk.outgoing_document",
            self._render_values(),
            lang=self.lang,
            title=self.subject or self.reference,
        )

    def _render_values(self):
        company = self.company_id.with_context(lang=self.lang)
        unit = self.unit_id.with_context(lang=self.lang).name
        annexes = self.document_ids.mapped("name")
        return {
            **self._paper(company),
            "signature": self._signature_zone(),
            "outgoing": self,
            "words": words(self.lang),
            "unit": unit,
            "quality": self.signatory_quality or unit,
            "recipient_unit": self.recipient_unit_id.with_context(lang=self.lang).name,
            "answered": self._answered(),
            "body": self._safe_body(),
            "annexes": annexes,
            "reference": self.reference,
        }

    def _paper(self, company):
        """Return the head and foot of the paper: those of the template, else of the unit."""
        template = self.template_id
        if template:
            paper = template._letterhead(company, self.unit_id)
        else:
            paper = self.env["gov.letterhead"]._for(company, self.unit_id)
        if paper is None:
            return {"issuer": None, "emblem": None}
        return paper._issuer(company)

    def _signature_zone(self):
        """Return where the signature stands and what is above it, or None."""
        template = self.template_id
        if not template:
            return {"place": "end", "html": ""}
        return template._frame(
            template._allowed(self._template_values(template, self.lang))
        )["signature"]

    def _safe_body(self):
        """Return the words without anything that a document could fetch or run."""
        try:
            return merge.clean_html(self.body)
        except merge.TooLong as error:
            raise UserError(
                self.env._(
                    "The text is too long for a letter: pictures take most of the room, "
                    "make them smaller or remove them."
                )
            ) from error

    def _answered(self):
        """Return what the letter says of the one it answers, or None."""
        letter = self.answers_id
        if not letter:
            return None
        return {
            "number": letter.number or "",
            "reference": letter.sender_reference or "",
            "day": self._day(letter.document_date),
        }
