import uuid

from odoo import api, fields, models

from odoo.addons.gov_trust.lib.canonical import canonical

from ..lib import content


class RegistryExchange(models.Model):
    """What a decision does, on both sides; called as superuser, through the gate."""

    _inherit = "registry.exchange"

    def _accept(self):
        """Register the letter in the receiving office, with its copied files."""
        documents = self.env["gov.document"]._of(self)
        letter = self.env["registry.letter"]._register_deposit(
            {
                "register_id": self.to_office_id._get_register("incoming").id,
                "office_id": self.to_office_id.id,
                "subject": self.subject,
                "body": self.body,
                "language": self.language,
                "sender_kind": "administration",
                "channel": "exchange",
                "sender_reference": self.from_number,
                "document_date": self.document_date,
                "submitted_at": self.sent_at,
                "parties": [self._sender_party(), *(self.recipients or [])],
                "document_ids": documents.ids,
            }
        )
        self.to_letter_id = letter
        event_uid = letter._registration_uid()
        self._decide("accepted", None, there=event_uid)
        self.to_office_id._get_register("incoming")._append_event(
            "exchange.received",
            {
                "entry": event_uid,
                "exchange": self.uid,
                "from": self._side(self.from_office_id, self.from_number),
                "first_registered_at": self._instant(self.first_registered_at),
            },
            subject=letter.entry_id,
        )
        return letter

    def _sender_party(self):
        office, company = self.from_office_id, self.from_company_id
        return {
            "role": "sender",
            "kind": "organisation",
            "name": self.from_name,
            "organisation": self._official_name(company),
            "email": office.email or company.gov_email,
            "phone": office.phone,
            "address": office.address,
        }

    def _forward(self, office, reason):
        """End this exchange and open the same one before another office."""
        following = self.create(
            {
                **self.copy_data()[0],
                "uid": str(uuid.uuid4()),
                "state": "pending",
                "to_office_id": office.id,
                "to_name": self._side_name(office, self.language),
                "previous_id": self.id,
            }
        )
        self.env["gov.document"]._of(self)._set_owner(following)
        self._decide("forwarded", reason, office=office.code, next=following.uid)
        return following

    def _decide(self, state, reason, **facts):
        """Write the decision and journal it on both sides."""
        salts, digests = content.salt_values(
            {"reason": reason} if reason else {}, canonical
        )
        self.write(
            {
                "state": state,
                "reason": reason,
                "salts": salts or False,
                "decided_at": fields.Datetime.now(),
                "decided_by": self.env.user.name,
            }
        )
        body = {"exchange": self.uid, "salted": digests, **facts}
        sent = self.from_letter_id
        sent.register_id._append_event(
            f"exchange.{state}",
            {
                **body,
                "entry": sent.entry_id.event_uid,
                "number": self.from_number,
                "to": self._side(self.to_office_id),
            },
            subject=sent.entry_id,
        )
        if state != "accepted":
            self.to_office_id._get_register("incoming")._append_event(
                f"exchange.{state}",
                {**body, "from": self._side(self.from_office_id, self.from_number)},
                subject=self,
            )

    def _side(self, office, number=None):
        """Return one side of an exchange as the journals say it."""
        side = {
            "administration": office.company_id.gov_code or None,
            "office": office.code,
        }
        return {**side, "number": number} if number else side

    @api.model
    def _side_name(self, office, language):
        """Return administration and office in the language of the letter."""
        code = {"ar": "ar_MA", "zgh": "zgh", "en": "en_US"}.get(language, "fr_FR")
        if self.env["res.lang"]._get_data(code=code):
            office = office.with_context(lang=code)
        return f"{self._official_name(office.company_id)} – {office.name}"

    @staticmethod
    def _instant(moment):
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
