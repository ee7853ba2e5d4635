from odoo import models
from odoo.tools import format_date

from odoo.addons.digital_registry.lib import qr_image
from odoo.addons.gov_base.lib import typeset

from ..lib.slip_words import words
from .desk_slip import PREFIX

#: height of a page left to the table, and of one line of it, in millimetres
ROOM, LINE = 84, 9


class DeskSlip(models.Model):
    """The slip on paper, in Arabic and French."""

    _inherit = "desk.slip"

    def _render_pdf(self):
        """Return the slip as PDF/A; nothing can be added to it: its bottom is struck."""
        self.ensure_one()
        lang = self._page_lang()
        company = self.company_id.with_context(lang=lang)
        return self.env["gov.typeset"]._render_pdf(
            "mail_desk.slip_document",
            {
                "issuer": company._gov_identity(),
                "emblem": company._gov_emblem_uri(),
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

    def _facts(self, lang):
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
            "struck": max(12, ROOM - LINE * len(lines) - 5 * self._address_lines()),
        }

    def _address_lines(self):
        typed = (self.recipient_address or "").splitlines()
        return len(typed) + bool(self.recipient_position)
