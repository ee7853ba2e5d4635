from odoo import models

from odoo.addons.digital_registry.lib import qr_image
from odoo.addons.gov_base.lib import typeset

from .desk_fiche import PREFIX


class DeskFiche(models.Model):
    """The slip on paper: what the unit must know, room to write, and the code."""

    _inherit = "desk.fiche"

    def _render_pdf(self):
        """Return these slips as one PDF, in the reader's language; each begins a page."""
        company = self.company_id[:1]
        lang = self.env.lang or "en_US"
        return self.env["gov.typeset"]._render_pdf(
            "mail_desk.fiche_document",
            {
                **self.env["gov.letterhead"]
                ._for(company)
                ._issuer(company.with_context(lang=lang)),
                "fiches": [fiche._facts() for fiche in self],
            },
            lang=lang,
            title=self.env._("Dispatch slip"),
        )

    def _facts(self):
        """Return what one slip says, as plain values."""
        self.ensure_one()
        letter, row = self.letter_id, self.assignment_id
        # Who assigned, and the unit, are printed for whoever reads the letter.
        row_sudo = row.sudo()
        instructions = self.env["desk.instruction"].search(
            [("company_id", "in", [False, self.company_id.id])], limit=14
        )
        return {
            "code": self.code,
            "qr": typeset.data_uri(qr_image.png(PREFIX + self.code)),
            "number": letter.number or letter.display_name,
            "registered_at": letter.entry_id.registered_at,
            "sender": letter.sender_name or "",
            "reference": letter.sender_reference or "",
            "subject": letter.subject or "",
            "unit": self.unit_id.sudo().name,
            "agent": row_sudo.user_id.name or "",
            "by": row_sudo.assigned_by_id.name or "",
            "at": row_sudo.assigned_at,
            "due": row.due_date,
            "note": row.note or "",
            "words": letter._fiche_words(row, self.env.lang or "en_US"),
            "chosen": row.instruction_id.name or "",
            "instructions": [one.name for one in instructions],
            "margins": [
                {"text": one.text, "by": one.actor_name}
                for one in letter.margin_ids
                if not one.struck_at
            ],
        }
