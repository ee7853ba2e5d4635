from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from odoo.addons.gov_base.lib import placement, text
from odoo.addons.gov_trust.lib import acts

SEAL_FIELD = "Seal"
#: size of the visible seal, in points: number, date, code
SEAL_SIZE = (200, 76)


class DeskOutgoing(models.Model):
    """From the approved words to a numbered and sealed PDF, and its sending."""

    _inherit = "desk.outgoing"

    closing_state = fields.Selection(related="letter_id.closing_state")
    closing_error = fields.Char(related="letter_id.closing_error")
    final_version_id = fields.Many2one(
        related="letter_id.closing_version_id", string="Sealed letter"
    )

    def _signable_pdf(self):
        """Return the PDF that was approved: what is signed and sealed."""
        self.ensure_one()
        return self.pdf_version_id._read_content()

    def action_number(self):
        """Register this letter: it takes its number and its seal in a moment.

        :return: True; the number is there on the next read
        :raise UserError: not validated yet, or the office registers nothing now
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self.ensure_one()
        self._pass_gate("numbering")
        wanted = [placement.Wanted(SEAL_FIELD, "seal", *SEAL_SIZE)]
        try:
            pdf, places = placement.place(self._signable_pdf(), wanted)
        except placement.PlacementRefused as error:
            raise UserError(
                self.env._(
                    "There is no room for the seal on this letter: take it back and "
                    "submit it again. No number was spent."
                )
            ) from error
        page, rect = places[SEAL_FIELD]
        field = acts.Field(SEAL_FIELD, "seal", acts.Box(page, rect))
        prepared = self.env["gov.sign"]._prepare(pdf, [field], self.company_id)
        self._take_number(prepared, SEAL_FIELD)
        return True

    def _take_number(self, pdf, seal_field):
        """Register the letter with this PDF; its reserved field gets number and seal.

        :param bytes pdf: signed by persons or not, with the empty field ``seal_field``
        :param str seal_field: name of that field
        :return: the ``registry.letter``
        """
        self.ensure_one()
        letter = self.env["registry.letter"]._register_born_digital(
            self._registration_vals(),
            pdf=pdf,
            seal_field=seal_field,
            filename=f"{self.reference}.pdf",
            on_done=self,
        )
        self._set_state("numbering", letter_id=letter.id)
        self._log("numbered", {})
        return letter

    def _registration_vals(self):
        party = {
            "role": "recipient",
            "kind": "person" if self.recipient_kind == "citizen" else "organisation",
            "name": self.recipient_name or self.recipient_unit_id.name,
            "position": self.recipient_position,
            "email": self.recipient_email,
            "address": self.recipient_address,
        }
        return {
            "register_id": self._numbering_register().id,
            "subject": self.subject,
            "body": text.clean_block(html2plaintext(self.body or "")),
            "language": self.lang[:2]
            if self.lang[:2] in ("ar", "fr", "en")
            else "other",
            "sender_kind": self.recipient_kind,
            "parties": [party],
            "unit_id": (
                self.recipient_unit_id if self.kind == "note" else self.unit_id
            ).id,
            "answers_id": self.answers_id.id,
            "document_ids": self.document_ids.ids,
        }

    def _letter_closed(self, letter):
        """The seal with the number is there (called by the closing batch)."""
        for outgoing in self.filtered(lambda outgoing: outgoing.state == "numbering"):
            outgoing._set_state("sealed")
            outgoing._log("sealed", {"number": letter.number})
            if outgoing.kind == "note":
                outgoing._record_sending("internal", None)
