import uuid

from odoo import fields, models

from ..lib import content, masking, words

#: EN 319 522 names of what the receipt is evidence of
EVENTS = {
    "registration": "SubmissionAcceptance",
    "acknowledgment": "ConsignmentAcceptance",
    "rejection": "SubmissionRejection",
}
EVENT_URI = "http://uri.etsi.org/19522/Event/"
POLICY = "maktab-receipt-1"


class RegistryReceipt(models.Model):
    """The snapshot: every field of reference/portal-and-delivery.md §3.2, as data."""

    _inherit = "registry.receipt"

    def _build_snapshot(self, event):
        """Return what this receipt says; plain data, frozen when it is sealed.

        :param event: the sequenced journal event of the registration
        :return: dict of canonical JSON types
        """
        self.ensure_one()
        parts = self._content_parts()
        return {
            "v": 1,
            "words": words.VERSION,
            **self._snapshot_identity(event),
            "number": self._snapshot_number(),
            "dates": self._snapshot_dates(),
            "recipient": self._snapshot_recipient(),
            "depositor": self._snapshot_depositor(),
            "object": self._snapshot_object(),
            "content": {
                "count": len(parts),
                "parts": parts,
                "content_hash": self.entry_id.content_hash,
            },
            "completeness": self._snapshot_completeness(),
            "clock": self._snapshot_clock(),
            "rights": self._snapshot_rights(),
            "follow_up": self._snapshot_follow_up(),
            "seal": self._snapshot_seal(),
            "languages": list(self._languages()),
            "journal": {
                "stream": self.entry_id.register_id.journal_id.code,
                "seq": event.seq,
                "event": event.uid,
            },
        }

    def _languages(self):
        letter = self.letter_id
        return words.pair(letter.language, letter.office_id.receipt_bilingual)

    def _snapshot_identity(self, event):
        name = EVENTS[self.kind]
        if self.kind == "acknowledgment" and self.letter_id.channel != "portal":
            name = "ReceivedFromNonERDS"
        old = self.supersedes_id
        return {
            "receipt_uid": str(uuid.uuid5(uuid.UUID(event.uid), self.public_id)),
            "public_id": self.public_id,
            "receipt_version": self.receipt_version,
            "kind": self.kind,
            "evidence_event": {"name": name, "uri": EVENT_URI + name},
            "issued_at": self._instant(fields.Datetime.now()),
            "supersedes": (
                {
                    "public_id": old.public_id,
                    "receipt_version": old.receipt_version,
                    "pdf_sha256": old.pdf_sha256 or None,
                }
                if old
                else None
            ),
        }

    def _snapshot_number(self):
        entry, register = self.entry_id, self.entry_id.register_id
        return {
            "registration_number": entry.number,
            "deposit_number": self.letter_id.deposit_reference or None,
            "year": entry.year,
            "sequence": entry.sequence,
            "register": {"code": register.code, "names": self._names(register)},
            "direction": entry.direction,
        }

    def _snapshot_dates(self):
        entry, letter = self.entry_id, self.letter_id
        register = entry.register_id
        moments = {
            "submitted_at": entry.submitted_at,
            "registered_at": entry.registered_at,
            "deemed_submitted_at": self._deemed_submitted_at(),
        }
        return {
            "tz": register.tz,
            **{
                name: self._instant(moment) if moment else None
                for name, moment in moments.items()
            },
            "arrival_date": self._day(letter.arrival_date),
            "document_date": self._day(letter.document_date),
            "late": entry.is_late,
            "local": {
                language: {
                    name: words.local_instant(register._to_local(moment), language)
                    for name, moment in moments.items()
                    if moment
                }
                for language in self._languages()
            },
        }

    def _deemed_submitted_at(self):
        """Return the instant the deposit counts for, when another than its own.

        Rules of closed days come with the legal clock; none is confirmed here.
        """
        return None

    def _snapshot_recipient(self):
        office, company = self.letter_id.office_id, self.company_id
        unit = self.letter_id.unit_id or office.unit_id
        identity = company._gov_identity()
        return {
            "administration": {
                "names": identity["name"],
                "letterhead": identity["letterhead"],
                "code": identity["code"] or None,
                "kind": identity["kind"] or None,
            },
            "desk": {"names": self._names(office), "code": office.code},
            "unit": (
                {"names": self._names(unit), "code": unit.gov_code or None}
                if unit
                else None
            ),
            "address": self._texts(office, "address") or identity["address"],
            "hours": self._texts(office, "hours") or identity["hours"],
            "email": office.email or identity["email"] or None,
            "phone": office.phone or identity["phone"] or None,
        }

    def _snapshot_depositor(self):
        letter = self.letter_id
        main = letter._main_party()
        representative = letter.party_ids.filtered(
            lambda party: party.role == "representative"
        )[:1]
        reachable = representative if representative else main
        return {
            "kind": letter.sender_kind,
            "role": letter._main_role(),
            "name": letter.sender_name,
            "organisation": main.organisation or None,
            "position": main.position or None,
            "identifier_masked": masking.mask_identifier(main.identifier) or None,
            "representative": (
                {
                    "name": representative.name,
                    "position": representative.position or None,
                    "organisation": representative.organisation or None,
                }
                if representative
                else None
            ),
            "channels": [
                {"kind": kind, "masked": masked}
                for kind, masked in (
                    ("email", masking.mask_email(reachable.email)),
                    ("phone", masking.mask_phone(reachable.phone)),
                )
                if masked
            ],
        }

    def _snapshot_object(self):
        letter = self.letter_id
        about = letter.subject_type_id
        return {
            "kind": about.kind or None,
            "names": self._names(about) if about else {},
            "subject": letter.subject,
            "own_reference": letter.sender_reference or None,
            "previous_reference": None,
            "language": letter.language,
            "channel": letter.channel,
            "physical_complement": {
                "announced": letter.pieces_announced,
                "received": letter.pieces_received,
            },
        }

    def _content_parts(self):
        """Return the parts as printed: the typed text is part 0."""
        letter = self.letter_id
        named = letter._part_facts(letter._current_versions())
        parts = content.parts(letter.body or "", named)
        for part in parts:
            facts = named[part["order"] - 1] if part["order"] else {}
            part.update(
                filename=facts.get("filename") or words.word("part_body", "fr"),
                mime=facts.get("mime") or "text/plain",
                nature=facts.get("nature") or "original",
                slot=None,
            )
        return parts

    def _snapshot_completeness(self):
        return {
            "state": "not_assessed",
            "missing": [],
            "due_date": None,
            "consequence": None,
        }

    def _snapshot_clock(self):
        """Return the legal clock: none is confirmed, so no legal effect is printed."""
        return {
            "confirmed": False,
            "legal_basis": None,
            "start_date": None,
            "maximum_days": None,
            "expected_silence_date": None,
            "subject_to_completeness": True,
            "effect_of_silence": "none",
        }

    def _snapshot_rights(self):
        office = self.letter_id.office_id
        identity = self.company_id._gov_identity()
        return {
            "recourse": self._texts(office, "recourse") or identity["recourse"],
            "appeal_deadline": None,
            "mediator": "https://www.mediateur.ma",
            "privacy_notice": identity["privacy_notice"],
            "cndp_number": identity["privacy_reference"] or None,
            "retention": None,
            "contact": identity["email"] or office.email or None,
        }

    def _snapshot_follow_up(self):
        return {
            "tracking_page": self._tracking_url() or None,
            "tracking_code_printed": False,
            "verification_page": f"{self._base_url()}/verify",
        }

    def _snapshot_seal(self):
        identity = self.company_id._gov_identity()
        return {
            "issuer": identity["name"],
            "policy": POLICY,
            "level": "PAdES B-B",
            "certificate_sha256": self._seal_certificate_digest(),
            "timestamp": None,
            "previous_evidence_sha256": self.supersedes_id.pdf_sha256 or None,
        }
