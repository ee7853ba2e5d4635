from odoo import api, models


class RegistryLetter(models.Model):
    """What may be said of a letter to somebody who only proved knowledge of a code."""

    _inherit = "registry.letter"

    @api.model
    def _public_status(self, letter):
        """Return the public facts of ``letter``: plain data, nothing of the content.

        No subject, no name of a person, no text, no agent: the caller decides what a
        stronger proof may add.

        :param letter: the letter (any rights); the caller proved the right to follow it
        :return: dict of str, bool, None and dates as ISO 8601 with offset
        """
        letter_sudo = letter.sudo()
        letter_sudo.ensure_one()
        entry, office = letter_sudo.entry_id, letter_sudo.office_id
        register = letter_sudo.register_id
        company = letter_sudo.company_id
        receipt = letter_sudo.receipt_id

        def local(instant):
            return register._to_local(instant).isoformat() if instant else None

        return {
            "number": entry.number or None,
            "number_pending": bool(entry and not entry.number),
            "reference": letter_sudo.reference,
            "state": letter_sudo.state,
            "submitted_at": local(letter_sudo.received_at or letter_sudo.create_date),
            "registered_at": local(entry.registered_at),
            "tz": register.tz,
            "channel": letter_sudo.channel,
            "direction": letter_sudo.direction,
            "administration": company.gov_name or company.name,
            "administration_code": company.gov_code or None,
            "office": office.name,
            "office_code": office.code,
            "office_email": office.email or None,
            "office_phone": office.phone or None,
            "unit": letter_sudo.unit_id.name or office.unit_id.name or None,
            "content_hash": entry.content_hash or None,
            "document_count": entry.document_count,
            "receipt_public_id": receipt.public_id or None,
            "receipt_kind": receipt.kind or None,
            "receipt_state": receipt.state or None,
            "receipt_ready": receipt.state in ("sealed", "superseded", "cancelled"),
        }
