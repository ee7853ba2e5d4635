from babel.dates import format_date as babel_date

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import given, merge

from ..lib.words import words


class DeskOutgoing(models.Model):
    """Words: the template merged with the letter, and the page that is approved."""

    _inherit = "desk.outgoing"

    template_id = fields.Many2one(
        "gov.template",
        string="Model",
        check_company=True,
        ondelete="set null",
        domain="[('kind', '=', template_kind), ('lang', '=', lang), "
        "('company_id', 'in', (company_id, False))]",
    )
    template_kind = fields.Char(compute="_compute_template_kind")

    @api.depends("kind")
    def _compute_template_kind(self):
        for outgoing in self:
            outgoing.template_kind = "note" if outgoing.kind == "note" else "letter"

    @api.onchange("template_id")
    def _onchange_template_id(self):
        if self.template_id:
            self.subject, self.body = self._merged()

    def action_apply_template(self, template_id=None):
        """Replace the words of this draft by those of a template, merged.

        :param int template_id: ``gov.template``; by default the one that is chosen
        :return: True
        :raise UserError: submitted already, no template, or a field it does not know
        """
        self.ensure_one()
        self.check_access("write")
        if template_id:
            template = self.env["gov.template"].browse(given.record_id(template_id))
            # One that the user may not read is unknown to him.
            self.template_id = template.exists()._filtered_access("read")
        if not self.template_id:
            raise UserError(self.env._("Choose a model first."))
        subject, body = self._merged()
        self.write({"subject": subject, "body": body})
        return True

    def _merged(self):
        """Return (subject, body) of the chosen template with the facts of this letter."""
        subject, body = self.template_id._merge(self._merge_values())
        return (subject or self.subject or "")[:240], body

    def _merge_values(self):
        """Return {key: text} for templates: facts of this letter and of what it answers."""
        self.ensure_one()
        letter = self.answers_id
        unit, author = self.unit_id, self.user_id.sudo()
        return {
            **self.template_id._merge_base_values(
                self.company_id, unit=unit, author=author
            ),
            "letter_number": letter.number or "",
            "letter_date": self._day(letter.document_date or letter.arrival_date),
            "letter_subject": letter.subject or self.subject or "",
            "sender": letter.sender_name or "",
            "sender_reference": letter.sender_reference or "",
            "recipient": self.recipient_name or "",
            "signatory": self.signatory_name or "",
        }

    def _day(self, day):
        """Return a date in words, in the language of the letter."""
        if not day:
            return ""
        locale = "fr" if self.lang.startswith(("fr", "zgh")) else self.lang
        return babel_date(day, "d MMMM y", locale=locale)

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
            "issuer": company._gov_identity(),
            "emblem": company._gov_emblem_uri(),
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
