from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import text
from odoo.addons.gov_trust.lib.canonical import CanonicalError, canonical

from ..lib import content

#: registering writes no chatter: the batch after the number does
LEAN = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "registry_lean": True,
}
SUBJECT_MAX = 240


class RegistryLetter(models.Model):
    """Registration: the line, its words, its event and its receipt, in one go."""

    _inherit = "registry.letter"

    def action_register(self):
        """Register these drafts: each gets its line, its number and its receipt.

        The number and its instant are given together, just after the transaction is
        committed (architecture §3.1): a client reads the letter again to see them.

        :return: True
        :raise UserError: not a draft, something is missing, the year or office closed
        :raise AccessError: the user is no registrar
        """
        self.check_access("write")
        self._check_transition("registered")
        for letter in self:
            letter._register_one()
        return True

    def _register_one(self):
        documents = self._current_versions()
        facts = self._registration_facts(
            parties=self.party_ids._as_copied(),
            parts=self._part_facts(documents),
            submitted_at=self.received_at or fields.Datetime.now(),
        )
        self.register_id._check_open()
        entry = self._create_entry(self.register_id, facts)
        letter = self.with_context(**LEAN)._gated()
        letter.write(
            {
                "state": "registered",
                "entry_id": entry.id,
                "received_at": facts["submitted_at"],
            }
        )
        self._create_receipt(entry, letter)
        self.activity_update()

    def _registration_facts(self, *, parties, parts, submitted_at):
        """Return what the line is made of, from this draft."""
        return {
            "subject": self.subject or "",
            "body": self.body or "",
            "sender": self.sender_name or "",
            "sender_reference": self.sender_reference or "",
            "document_date": self.document_date,
            "arrival_date": self.arrival_date,
            "channel": self.channel,
            "unit": self.unit_id or self.office_id.unit_id,
            "parties": parties,
            "parts": parts,
            "submitted_at": submitted_at,
        }

    @api.model
    def _check_facts(self, facts):
        """Raise UserError naming what is missing or cannot be written."""
        if not text.clean_line(facts["subject"]):
            raise UserError(
                self.env._(
                    "The subject is missing: say in one line what the letter is about."
                )
            )
        if len(facts["subject"]) > SUBJECT_MAX:
            raise UserError(
                self.env._(
                    "The subject is too long: %(length)s signs, %(limit)s at most. Put "
                    "the rest in the text.",
                    length=len(facts["subject"]),
                    limit=SUBJECT_MAX,
                )
            )
        if not text.clean_line(facts["sender"]):
            raise UserError(
                self.env._(
                    "The correspondent is missing: write the name as it is on the "
                    "letter, or “anonymous”."
                )
            )

    @api.model
    def _create_entry(self, register, facts):
        """Write the pending line, its words and its event.

        :param register: an open register
        :param facts: see ``_registration_facts``
        :return: the ``registry.entry``, as superuser; without number yet
        """
        self._check_facts(facts)
        # Nobody may write evidence; the gate was passed by the caller.
        entries_sudo = self.env["registry.entry"].sudo()
        details_sudo = self.env["registry.entry.detail"].sudo()
        parts = content.parts(facts["body"], facts["parts"])
        plain = self._plain_facts(register, facts, parts)
        try:
            columns, digests = details_sudo._prepare(self._erasable_facts(facts))
        except CanonicalError as error:
            raise UserError(
                self.env._(
                    "A text holds signs that cannot be written. Type it again, or "
                    "paste it without formatting."
                )
            ) from error
        journal_sudo = register.journal_id.sudo()
        entry = entries_sudo._insert(
            {
                "register_id": register.id,
                "office_id": register.office_id.id,
                "company_id": register.company_id.id,
                "unit_id": facts["unit"].id,
                "unit_code": plain["unit"],
                "direction": register.direction,
                "channel": facts["channel"],
                "submitted_at": facts["submitted_at"],
                "content_hash": plain["content_hash"],
                "body_sha256": parts[0]["sha256"] if facts["body"] else False,
                "document_count": len(facts["parts"]),
                "actor_id": self.env.uid,
                "actor_name": journal_sudo._actor_name(self.env.uid),
                "is_late": bool(
                    facts["arrival_date"]
                    and facts["arrival_date"] < register._local_now().date()
                ),
            }
        )
        event = journal_sudo._append(
            "letter.registered",
            {**plain, "salted": digests},
            subject=entry,
            number_format=register._number_format(),
        )
        details_sudo._insert(
            {
                "entry_id": entry.id,
                "company_id": register.company_id.id,
                "kind": "registration",
                "event_uid": event.uid,
                "subject": facts["subject"],
                "sender_name": facts["sender"],
                **columns,
            }
        )
        return entry

    @api.model
    def _plain_facts(self, register, facts, parts):
        """Return what the journal says in clear: nothing about a person."""

        def day(value):
            return value.isoformat() if value else None

        return {
            "register": register.code,
            "office": register.office_id.code,
            "direction": register.direction,
            "channel": facts["channel"],
            "unit": facts["unit"].gov_code or None,
            "parties": len(facts["parties"]),
            "documents": [part for part in parts if part["order"]],
            "content_hash": content.content_hash(parts, canonical),
            "submitted_at": facts["submitted_at"].strftime("%Y-%m-%dT%H:%M:%SZ"),
            "document_date": day(facts["document_date"]),
            "arrival_date": day(facts["arrival_date"]),
        }

    @api.model
    def _erasable_facts(self, facts):
        """Return what may one day be erased: only its salted digests are journalled."""
        return {
            "subject": facts["subject"],
            "body": facts["body"],
            "sender": facts["sender"],
            "sender_reference": facts["sender_reference"],
            "parties": facts["parties"],
        }

    @api.model
    def _create_receipt(self, entry, letter, kind="acknowledgment"):
        """Write the receipt record; its PDF is made after the number is there."""
        # Receipts are evidence: no role writes them.
        receipts_sudo = self.env["registry.receipt"].sudo()
        return receipts_sudo.create(
            {
                "entry_id": entry.id,
                "letter_id": letter.id,
                "company_id": letter.company_id.id,
                "kind": kind,
            }
        )
