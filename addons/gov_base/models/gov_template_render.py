from markupsafe import Markup

from odoo import api, models

from ..lib import merge


class GovTemplate(models.Model):
    """The page: what a report takes of a template, and the template set by itself."""

    _inherit = "gov.template"

    @api.model
    def _pick(self, kind, company, lang):
        """The template an administration uses for what leaves by itself (an e-mail, a slip): its own, else the model.

        :param str kind: kind of a template
        :param company: the administration that writes
        :param str lang: code of the language
        :return: a template, or an empty record set
        """
        found = self.search(
            [
                ("kind", "=", kind),
                ("lang", "=", lang),
                ("company_id", "in", [company.id, False]),
            ]
        )
        own = found.filtered("company_id")
        return (own or found)[:1]

    def _frame(self, values):
        """What a document that is set by its own report takes of this template.

        :param dict values: as for :meth:`_merge`
        :return: ``letterhead`` (False: plain paper; else the id of a `gov.letterhead`, 0 for the usual one) and
            ``signature`` (None, or ``place`` and ``html``, empty for the usual lines)
        :rtype: dict
        """
        self.ensure_one()
        frame = {"letterhead": False, "signature": None}
        for block in self.blocks or []:
            if block["kind"] == "letterhead":
                frame["letterhead"] = block["letterhead"]
            elif block["kind"] == "signature":
                frame["signature"] = {
                    "place": block["place"],
                    "html": merge.merge_html(block["html"], values),
                }
        return frame

    def _letterhead(self, company, unit=None):
        """The letterhead of this template: the one it names, else that of the unit or the administration.

        :return: a `gov.letterhead`, perhaps empty; None when this template is for plain paper
        """
        self.ensure_one()
        chosen = self._frame({})["letterhead"]
        if chosen is False:
            return None
        letterheads = self.env["gov.letterhead"]
        named = letterheads.search(
            [("id", "=", chosen), ("company_id", "=", company.id)]
        )
        return named or letterheads._for(company, unit)

    def _render_blocks(self, record, lang=None, letterhead=True):
        """This template filled in with a record: letterhead, text, room of the signature.

        :param record: of a model that mixes in `gov.template.subject`, read with the rights of the user
        :param str lang: language of the values; that of the template when not given
        :param bool letterhead: whether the head of the paper is part of it (a report may set its own)
        :return: HTML for ``gov_base.typeset_document`` or a mail, without anything that is fetched or run
        :rtype: markupsafe.Markup
        :raise UserError: the template names what this kind does not have
        :raise AccessError: the user may not read the record
        """
        self.ensure_one()
        values, second = self._values_for(record)
        if lang and lang != self.lang:
            values = self._allowed(record._template_values(self, lang))
        subject, body = self._merge(values, second)
        parts = [Markup('<div class="words">%s</div>') % body, self._room(values)]
        if subject and self.kind in self._framed_kinds():
            parts.insert(
                0, Markup('<p class="subject"><b><bdi>%s</bdi></b></p>') % subject
            )
        paper = (
            self._letterhead(record._template_company(), record._template_unit())
            if letterhead
            else None
        )
        if paper is not None:
            parts.insert(
                0,
                self.env["ir.qweb"]._render(
                    "gov_base.typeset_letterhead",
                    paper._issuer(record._template_company()),
                    minimal_qcontext=True,
                ),
            )
        return Markup("").join(parts)

    def _room(self, values):
        """The room of the signature, when this document has one."""
        signature = self._frame(values)["signature"]
        if signature is None or self.kind not in self._framed_kinds():
            return Markup("")
        return Markup(
            '<div class="gov-signature gov-signature-%s">%s<div class="room"></div></div>'
        ) % (signature["place"], signature["html"])

    def _typeset(self, company, body, unit=None):
        """A page with a text, on the letterhead of this template.

        :param company: the administration that writes
        :param body: the text as `_render_blocks` gives it, without letterhead
        :param unit: `hr.department` that writes, or None
        :return: the PDF file
        :rtype: bytes
        """
        self.ensure_one()
        return self._typeset_page(
            self._letterhead(company, unit), company, body, self.lang, self.name
        )

    @api.model
    def _typeset_page(self, paper, company, body, lang, title):
        frame = paper._issuer(company) if paper is not None else {"issuer": None}
        return self.env["gov.typeset"]._render_pdf(
            "gov_base.template_document",
            {"emblem": None, **frame, "body": body},
            lang=lang,
            title=title or "–",
        )
