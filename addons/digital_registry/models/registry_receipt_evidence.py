from odoo import models

from odoo.addons.gov_trust.lib.canonical import canonical


class RegistryReceipt(models.Model):
    """What surrounds the snapshot: addresses, texts by language, ``receipt.json``."""

    _inherit = "registry.receipt"

    def _base_url(self):
        return self.get_base_url().rstrip("/")

    def _tracking_url(self):
        """Return the public follow-up page, without any token; the portal has one."""
        return ""

    def _instant(self, moment):
        return self.entry_id.register_id._to_local(moment).isoformat()

    @staticmethod
    def _day(value):
        return value.isoformat() if value else None

    def _names(self, record):
        return self._texts(record, "name") or {"en": record.display_name}

    def _texts(self, record, name):
        """Return a translated field in the languages that were really filled in."""
        if not record:
            return {}
        stored = record._fields[name]._get_stored_translations(record) or {}
        return {
            lang.url_code: stored[lang.code]
            for lang in self.env["res.lang"]._gov_languages()
            if stored.get(lang.code)
        }

    def _evidence_file(self, snapshot, event):
        """Return the bytes of ``receipt.json``: snapshot, evidence, salts.

        Salts are given for what the receipt shows (subject, correspondent, their
        reference) and for the text its author has; parties stay with the register.
        """
        detail = self.entry_id.detail_ids.sorted("id")[:1]
        salts, values = detail._salts(), detail._values()
        shown = ("subject", "sender", "sender_reference", "body")
        return canonical(
            {
                "v": 1,
                "receipt": snapshot,
                "evidence": self.entry_id.register_id.journal_id._evidence(event),
                "salts": {
                    name: {"salt": salts[name], "value": values[name]}
                    for name in shown
                    if name in salts
                },
            }
        )
