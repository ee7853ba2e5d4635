from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.gov_base.exceptions import IntakeRefused
from odoo.addons.gov_base.lib import given, text


class RegistryLetter(models.Model):
    """An outgoing letter that goes to another administration of the platform."""

    _inherit = "registry.letter"

    exchange_ids = fields.One2many(
        "registry.exchange", "from_letter_id", string="Sent by exchange", readonly=True
    )
    exchange_in_ids = fields.One2many(
        "registry.exchange", "to_letter_id", string="Came by exchange", readonly=True
    )
    exchange_count = fields.Integer(compute="_compute_exchange_count")
    can_exchange = fields.Boolean(compute="_compute_can_exchange")

    @api.depends("exchange_ids", "exchange_in_ids")
    def _compute_exchange_count(self):
        for letter in self:
            letter.exchange_count = len(letter.exchange_ids | letter.exchange_in_ids)

    @api.depends("state", "direction", "closing_state", "entry_id")
    @api.depends_context("uid")
    def _compute_can_exchange(self):
        for letter in self:
            letter.can_exchange = not letter._exchange_refusal()

    def _exchange_refusal(self):
        """Return why this letter cannot be sent to another administration, or None."""
        self.ensure_one()
        if not self._may("registrar"):
            return AccessError(
                self.env._(
                    "Only a registrar or the head of the office sends a letter to "
                    "another administration."
                )
            )
        if self.direction != "outgoing" or self.state != "registered":
            return UserError(
                self.env._(
                    "Only a registered outgoing letter is sent to another "
                    "administration: register it first."
                )
            )
        if not self.number or self.closing_state in ("waiting", "failed"):
            return UserError(
                self.env._(
                    "The number or the seal of this letter is still being made, which "
                    "takes a minute. Nothing was sent: try again then."
                )
            )
        return None

    def action_exchange(self, office_id=None, note=None):
        """Send this letter to an office of another administration of the platform.

        Without an office, open the form that finds one by its name.

        :param int office_id: as ``registry.exchange.find_offices`` gives it
        :param str note: a word to the registrar who receives it
        :return: window action on the exchange, or of the form
        :raise UserError: no registered outgoing letter, no such office, sent already,
            or a file that the other administration does not take
        :raise AccessError: neither registrar nor head of the office
        """
        self.ensure_one()
        self.check_access("read")
        refusal = self._exchange_refusal()
        if refusal:
            raise refusal
        if office_id is None:
            return self._open_wizard(
                "registry.exchange.wizard", self.env._("Send to another administration")
            )
        exchange = self._send_exchange(office_id, text.clean_block(note))
        return {
            "type": "ir.actions.act_window",
            "res_model": "registry.exchange",
            "res_id": exchange.id,
            "views": [(False, "form")],
        }

    def _send_exchange(self, office_id, note):
        exchanges = self.env["registry.exchange"]
        # Offices of other administrations are hidden: it is found as `find_offices` does.
        office_sudo = (
            self.env["registry.office"]
            .sudo()
            .search(
                exchanges._open_to_exchange(self.company_id)
                & fields.Domain("id", "=", given.record_id(office_id))
            )
        )
        if not office_sudo:
            raise UserError(
                self.env._(
                    "This office receives no letters of other administrations now. "
                    "Nothing was sent: choose another one."
                )
            )
        # Nobody may write exchanges; the gate of the letter was passed before.
        letter_sudo = self.sudo()
        if letter_sudo.exchange_ids.filtered(
            lambda one: one.state == "pending" and one.to_office_id == office_sudo
        ):
            raise UserError(
                self.env._(
                    "%(letter)s waits at %(office)s already: nothing was sent twice.",
                    letter=self.number,
                    office=office_sudo.name,
                )
            )
        exchange_sudo = exchanges.sudo().create(
            letter_sudo._exchange_vals(office_sudo, note)
        )
        letter_sudo._copy_to_exchange(exchange_sudo)
        letter_sudo.register_id._append_event(
            "exchange.sent",
            {
                "entry": letter_sudo.entry_id.event_uid,
                "number": letter_sudo.number,
                "exchange": exchange_sudo.uid,
                "to": exchange_sudo._side(office_sudo),
            },
            subject=letter_sudo.entry_id,
        )
        return exchange_sudo.with_env(self.env)

    def _exchange_vals(self, office, note):
        exchanges = self.env["registry.exchange"]
        recipients = self.party_ids.filtered(lambda party: party.role == "recipient")
        local = self.register_id._to_local(self.registered_at)
        return {
            "from_company_id": self.company_id.id,
            "from_office_id": self.office_id.id,
            "from_letter_id": self.id,
            "from_name": exchanges._side_name(self.office_id, self.language),
            "from_number": self.number,
            "first_registered_at": self.registered_at,
            "to_company_id": office.company_id.id,
            "to_office_id": office.id,
            "to_name": exchanges._side_name(office, self.language),
            "subject": self.subject,
            "body": self.body,
            "language": self.language,
            "document_date": self.document_date or local.date(),
            "recipients": recipients._as_copied(),
            "note": note or False,
            "sent_at": fields.Datetime.now(),
            "sent_by": self.env.user.name,
        }

    def _copy_to_exchange(self, exchange):
        """Take the files in for the other administration, as it takes in any file."""
        documents = self.env["gov.document"]
        versions = self._current_versions()
        if self.closing_version_id:
            versions = self.closing_version_id | versions[1:]
        if versions.filtered(lambda version: version.state != "released"):
            raise UserError(
                self.env._(
                    "A file of this letter is still being checked, or in quarantine. "
                    "Nothing was sent."
                )
            )
        for position, version in enumerate(versions):
            try:
                documents._ingest(
                    version._read_content(),
                    version.filename,
                    company=exchange.to_company_id,
                    owner=exchange,
                    role="annex" if position else "main",
                    nature=version.document_id.nature,
                    origin=version.origin,
                )
            except IntakeRefused as refusal:
                raise UserError(
                    self.env._(
                        "Nothing was sent: the other administration does not take "
                        "%(file)s. %(reason)s.",
                        file=version.filename,
                        reason=refusal.sentence.rstrip("."),
                    )
                ) from refusal
        exchange.piece_count = len(versions)

    def action_open_exchanges(self):
        """Open the exchanges of this letter: to whom it went, from whom it came.

        :return: window action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "digital_registry.registry_exchange_action"
        )
        return {
            **action,
            "domain": [
                "|",
                ("from_letter_id", "=", self.id),
                ("to_letter_id", "=", self.id),
            ],
            "context": {},
        }
