import json

from odoo import models

from odoo.addons.gov_base.lib import sign_block

from ..lib import content, seal_field, words
from .registry_letter_closing import TO_CLOSE


class RegistryLetter(models.Model):
    """What the closing seal shows and proves; what becomes of it when it is cancelled."""

    _inherit = "registry.letter"

    def _closing_proof(self):
        """Return the proof of this letter; asked again, the same one."""
        entry = self.entry_id
        event = self.env["gov.journal.event"].search(
            [("uid", "=", entry.event_uid)], limit=1
        )
        # The parts that were registered, whatever came to the letter since.
        parts = content.parts(self.body or "", json.loads(event.body)["documents"])
        names = {one.sha256: one.filename for one in self._current_versions()}
        return self.env["gov.proof"]._issue(
            kind="document",
            company=self.company_id,
            public_ref=self.closing_ref,
            number=entry.number,
            issued_at=entry.registered_at,
            journal_event=event,
            digests=[
                {
                    "order": part["order"],
                    "label": names.get(part["sha256"], words.word("part_body", "fr")),
                    "sha256": part["sha256"],
                    "size": part["size"],
                }
                for part in parts
            ],
            subject=self,
        )

    def _closing_block(self, pdf, proof):
        """Return the one-page PDF that the seal shows: number, date, QR."""
        field = seal_field.read(pdf, self.closing_field)
        lang = self.language if self.language in ("ar", "fr", "en") else "fr"
        names = self.company_id._gov_identity()["name"]
        moment = self.register_id._to_local(self.entry_id.registered_at)
        return sign_block.seal_block(
            field.width,
            field.height,
            number=self.number,
            date_text=words.local_instant(moment, lang),
            administration=names.get(lang) or next(iter(names.values())),
            qr_url=proof._qr_url(),
            lang=lang,
        )

    def _closing_filename(self):
        return f"{self.number.replace('/', '-')}.pdf"

    def _cancel_one(self, reason, authority, day):
        result = super()._cancel_one(reason, authority, day)
        # Nobody may write proofs; the gate (head of the office) was passed before.
        letter_sudo = self.sudo()
        if letter_sudo.closing_proof_id:
            letter_sudo.closing_proof_id._cancel()
        elif letter_sudo.closing_state in TO_CLOSE:
            letter_sudo._gated().write(
                {"closing_state": "none", "closing_error": False}
            )
        return result
