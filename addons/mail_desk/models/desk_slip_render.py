from markupsafe import Markup

from odoo import models
from odoo.tools import format_date, html2plaintext

from odoo.addons.digital_registry.lib import qr_image
from odoo.addons.gov_base.lib import typeset

from ..lib.slip_words import words
from .desk_slip import PREFIX

#: height of a page left to the table, and of one line of it, in millimetres
ROOM, LINE = 84, 9


class DeskSlip(models.Model):
    """The slip on paper, in Arabic and French."""

    _name = "desk.slip"
    _inherit = ["desk.slip", "gov.template.subject"]

    def _render_pdf(self):
        """Return the slip as PDF/A; nothing can be added to it: its bottom is struck."""
        self.ensure_one()
        lang = self._page_lang()
        company = self.company_id.with_context(lang=lang)
        paper = self.env["gov.letterhead"]._for(company, self.unit_id)
        return self.env["gov.typeset"]._render_pdf(
            "mail_desk.slip_document",
            {
                **paper._issuer(company),
                "slip": self._facts(lang),
                "words": words(),
                "reference": self.code,
            },
            lang=lang,
            title=self.env._("Transmission slip %(code)s", code=self.code),
        )

    def _page_lang(self):
        """Return an active language for the page; its words are in two whatever it is."""
        known = [lang.code for lang in self.env["res.lang"]._gov_languages()]
        return next((code for code in known if code.startswith("fr")), known[0])

    def _template_unit(self):
        return self.unit_id

    def _template_values(self, template, lang):
        """Return {key: text} for the administration's words on the slip."""
        unit = self.unit_id.with_context(lang=lang)
        return {
            **super()._template_values(template, lang),
            "unit": unit.name or "",
            "number": self.code,
            "recipient": self.recipient_name or "",
            "recipient_position": self.recipient_position or "",
            "pieces_count": str(self.piece_count),
            "pieces": [
                {
                    "piece_number": str(rank),
                    "piece_name": line.designation,
                    "piece_count": str(line.pieces),
                    "piece_note": line.observations or "",
                }
                for rank, line in enumerate(self.line_ids, 1)
            ],
        }

    def _template_pdf(self, template):
        """Return this slip; the words of the template stand above its table."""
        self.ensure_one()
        self.check_access("read")
        return self._render_pdf()

    def _own_words(self, lang):
        """Return what the administration's template says above the table, or nothing."""
        template = self.env["gov.template"]._pick("slip", self.company_id, lang)
        if not template or template._merge_refusal():
            return Markup("")
        return template._merge_for(self)[1]

    def _facts(self, lang):
        own = self._own_words(lang)
        lines = [
            {
                "rank": rank,
                "designation": line.designation,
                "pieces": line.pieces,
                "observations": line.observations or "–",
            }
            for rank, line in enumerate(self.line_ids, 1)
        ]
        return {
            "code": self.code,
            "qr": typeset.data_uri(qr_image.png(PREFIX + self.code)),
            "place": self.place,
            "date": format_date(
                self.env, self.date, lang_code=lang, date_format="dd/MM/yyyy"
            ),
            "unit": self.unit_id.with_context(lang=lang).name,
            "recipient": self.recipient_name,
            "position": self.recipient_position or "",
            "address": self.recipient_address or "",
            "lines": lines,
            "total": self.piece_count,
            "words": own,
            "struck": max(
                12,
                ROOM
                - LINE * len(lines)
                - 5 * self._address_lines()
                - 7 * self._text_lines(own),
            ),
        }

    @staticmethod
    def _text_lines(own):
        """Return about how many lines of the page a text takes."""
        lines = html2plaintext(own).splitlines() if own else []
        return sum(1 + len(line) // 90 for line in lines)

    def _address_lines(self):
        typed = (self.recipient_address or "").splitlines()
        return len(typed) + bool(self.recipient_position)
