from markupsafe import Markup

from odoo import models
from odoo.tools import format_date


class RegistryLetter(models.Model):
    """What a template may say of a letter that was registered."""

    _name = "registry.letter"
    _inherit = ["registry.letter", "gov.template.subject"]

    def _letter_values(self, lang, lists=False):
        """Return {key: text} of this letter in a language; empty texts when there is none.

        :param str lang: code of a language
        :param bool lists: with the names of its pieces
        """
        letter = self[:1]
        day = self.env["desk.outgoing"]._day
        values = {
            "letter_number": letter.number or "",
            "letter_date": day(letter.document_date or letter.arrival_date, lang),
            "letter_arrival": day(letter.arrival_date, lang),
            "letter_subject": letter.subject or "",
            "sender": letter.sender_name or "",
            "sender_reference": letter.sender_reference or "",
        }
        if lists:
            values["pieces"] = [
                {"piece_number": str(number), "piece_name": name}
                for number, name in enumerate(letter._piece_names(), 1)
            ]
        return values

    def _fiche_words(self, row, lang):
        """Return what the administration's template adds on the slip of this letter, or nothing.

        :param row: `desk.assignment` the slip is printed for
        :param str lang: code of the language of the slip
        :rtype: markupsafe.Markup
        """
        template = self.env["gov.template"]._pick("fiche", self.company_id, lang)
        if not template or template._merge_refusal():
            return Markup("")

        def values(code):
            here = row.with_context(lang=code)
            return template._allowed(
                {
                    **self._template_values(template, code),
                    "due_date": format_date(self.env, row.due_date, lang_code=code)
                    if row.due_date
                    else "",
                    "instruction": here.instruction_id.name or "",
                }
            )

        other = template.second_lang
        return template._merge(values(lang), values(other) if other else None)[1]

    def _piece_names(self):
        """Return the names of the files that came with this letter."""
        pieces = self.gov_document_ids.filtered(
            lambda document: document.role in ("main", "annex")
        )
        return pieces.sorted("id").mapped("name")

    def _template_unit(self):
        return self.desk_unit_id

    def _template_values(self, template, lang):
        values = super()._template_values(template, lang)
        unit = self.desk_unit_id.with_context(lang=lang)
        return {
            **values,
            **self._letter_values(lang, lists=True),
            "unit": unit.name or "",
            "recipient": self.sender_name or "",
            "recipient_address": self._main_party().address or "",
        }

    def _template_pdf(self, template):
        """Return the reply to this letter that the template would make."""
        self.ensure_one()
        self.check_access("read")
        if template.kind != "letter":
            return super()._template_pdf(template)
        outgoing = self.env["desk.outgoing"]
        draft = outgoing.new(
            {
                **outgoing._answer_vals(self),
                "kind": "reply",
                "answers_id": self.id,
                "lang": template.lang,
            }
        )
        return draft._template_pdf(template)
