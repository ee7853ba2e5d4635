from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from .registry_letter_register import LEAN

#: what a deposit may say of itself, copied to the letter as it is
COPIED = (
    "subject",
    "body",
    "subject_type_id",
    "unit_id",
    "sender_reference",
    "document_date",
    "deposit_reference",
    "pieces_announced",
)
PARTY_TEXTS = ("name", "position", "organisation", "email", "phone", "address")


class RegistryLetter(models.Model):
    """The portal's way in: the same line as at the counter, in as few queries."""

    _inherit = "registry.letter"

    @api.model
    def _register_deposit(self, vals):
        """Register a deposit in one go and return its letter.

        :param dict vals:
            ``office_id`` (its incoming register) or ``register_id``;
            ``subject`` (required, at most 240 signs), ``body``, ``subject_type_id``,
            ``language``, ``sender_kind``, ``channel`` ("portal"), ``unit_id``,
            ``sender_reference``, ``document_date``, ``deposit_reference``;
            ``name``, ``email``, ``phone``, ``on_behalf_of``, or ``parties``: a list of
            ``registry.party`` values, the sender first;
            ``document_ids``: ids of ``gov.document`` already taken in, in order: they
            become the letter's;
            ``submitted_at``: naive UTC instant of presentation (now by default);
            ``receipt_kind``: "acknowledgment" by default
        :return: the letter, as superuser; its number is there after the commit
        :raise UserError: something is missing or the office registers nothing now
        """
        # A depositor has no right on the register: this method is the only way in,
        # and the portal has checked the deposit before.
        letters_sudo = self.sudo().with_context(**LEAN)._gated()
        letter = letters_sudo._register_lean(letters_sudo._deposit_register(vals), vals)
        letter._create_receipt(
            letter.entry_id, letter, kind=vals.get("receipt_kind") or "acknowledgment"
        )
        # The open gate stays here.
        return self.sudo().browse(letter.id)

    @api.model
    def _register_lean(self, register, vals, more=None):
        """Write the line and the letter of a deposit, or of a document made here.

        :param register: where; refused when it numbers nothing now
        :param dict vals: see ``_register_deposit``
        :param dict more: other columns of the letter
        :return: the letter; the caller has the rights of a superuser, through the gate
        """
        register._check_open()
        submitted_at = vals.get("submitted_at") or fields.Datetime.now()
        parties = self._deposit_parties(vals)
        documents = self.env["gov.document"].browse(vals.get("document_ids"))
        letter_vals = self._deposit_letter_vals(vals, register, parties)
        arrival_date = register._to_local(submitted_at).date()
        entry = self._create_entry(
            register,
            {
                "subject": letter_vals["subject"] or "",
                "body": letter_vals["body"] or "",
                "sender": letter_vals["sender_name"] or "",
                "sender_reference": letter_vals["sender_reference"] or "",
                "document_date": letter_vals["document_date"] or None,
                "arrival_date": arrival_date,
                "channel": letter_vals["channel"],
                "unit": self.env["hr.department"].browse(letter_vals["unit_id"])
                or register.office_id.unit_id,
                "parties": parties,
                "parts": self._part_facts(documents.current_version_id),
                "submitted_at": submitted_at,
            },
        )
        letter = self.create(
            {
                **letter_vals,
                **(more or {}),
                "entry_id": entry.id,
                "state": "registered",
                "received_at": submitted_at,
                "arrival_date": arrival_date,
                "party_ids": [Command.create(party) for party in parties],
            }
        )
        if documents:
            documents._set_owner(letter)
        return letter

    @api.model
    def _deposit_register(self, vals):
        register = self.env["registry.register"].browse(vals.get("register_id"))
        if not register and vals.get("office_id"):
            office = self.env["registry.office"].browse(vals["office_id"])
            register = office._get_register(vals.get("direction") or "incoming")
        # Known by heart: a deposit reads nothing that only changes a few times a year.
        register._recall().office_id._recall().unit_id._recall()
        register.journal_id._recall()
        subject = self.env["registry.subject"].browse(vals.get("subject_type_id"))
        category = subject._recall().category_id._recall()
        category.nature_id._recall()
        category.priority_id._recall()
        category.unit_id._recall()
        category.form_id._recall()
        if not register and vals.get("direction", "incoming") != "incoming":
            raise UserError(
                self.env._(
                    "This office has no register for letters that are made here yet. "
                    "Nothing was registered: its administrator has to create one."
                )
            )
        if not register:
            raise UserError(
                self.env._(
                    "This office has no register for incoming letters yet. Nothing "
                    "was registered: its administrator has to create one."
                )
            )
        return register

    @api.model
    def _deposit_letter_vals(self, vals, register, parties):
        """Return the clean values of the letter of a deposit."""
        languages = dict(self._fields["language"].selection)
        language = vals.get("language") or "fr"
        letter_vals = {
            **{name: vals.get(name) or False for name in COPIED},
            "register_id": register.id,
            "office_id": register.office_id.id,
            "company_id": register.company_id.id,
            "direction": register.direction,
            "channel": vals.get("channel") or "portal",
            "sender_kind": vals.get("sender_kind") or "citizen",
            "language": language if language in languages else "other",
            "sender_name": parties[0]["name"] if parties else False,
        }
        self._clean_vals(letter_vals)
        if not letter_vals["unit_id"]:
            # Who names no unit does not say that there is none: the category may know.
            del letter_vals["unit_id"]
        self._propose_classification(letter_vals)
        letter_vals.setdefault("unit_id", False)
        return letter_vals

    @api.model
    def _deposit_parties(self, vals):
        """Return the parties of a deposit as complete plain dicts, the sender first."""
        parties = vals.get("parties")
        if parties is None:
            me = {
                name: vals.get(name) for name in ("name", "email", "phone", "address")
            }
            person = vals.get("sender_kind", "citizen") in (False, None, "citizen")
            if vals.get("on_behalf_of"):
                parties = [
                    {"name": vals["on_behalf_of"]},
                    {**me, "role": "representative"},
                ]
            else:
                kind = "person" if person else "organisation"
                parties = [{**me, "kind": kind, "identifier": vals.get("identifier")}]
        result = []
        for party in parties:
            party = {name: value for name, value in party.items() if value}
            self.env["registry.party"]._clean_vals(party)
            result.append(
                {
                    "role": party.get("role", "sender"),
                    "kind": party.get("kind", "person"),
                    "identifier": party.get("identifier", ""),
                    **{name: party.get(name) or "" for name in PARTY_TEXTS},
                }
            )
        return result
