import json

from odoo import fields, models

from odoo.addons.gov_trust.lib import guard
from odoo.addons.gov_trust.lib.canonical import canonical

from ..fields import SoftMany2one
from ..lib import content


class RegistryEntryDetail(models.Model):
    """What a line says in words, as copied when the event happened, with the salts.

    One row an event: the registration, then each rectification or cancellation, so
    that both values stay readable. The journal holds only salted digests: the day the
    law orders an erasure, this row goes and the tree stays whole.
    """

    _name = "registry.entry.detail"
    _description = "Words of a register line"
    _inherit = ["gov.evidence"]
    _order = "entry_id, id"
    _log_access = False
    _gov_sealed = "entry_id"

    entry_id = SoftMany2one("registry.entry", required=True, readonly=True, index=True)
    company_id = SoftMany2one(
        "res.company", string="Administration", required=True, readonly=True
    )
    kind = fields.Selection(
        [
            ("registration", "Registration"),
            ("rectification", "Rectification"),
            ("cancellation", "Cancellation"),
            ("classification", "Classification"),
        ],
        required=True,
        readonly=True,
    )
    event_uid = fields.Char(required=True, readonly=True, index=True)
    subject = fields.Char(readonly=True, index="trigram")
    sender_name = fields.Char(string="Correspondent", readonly=True, index="trigram")
    content_json = fields.Text(
        required=True, readonly=True, export_string_translation=False
    )
    salts_json = fields.Text(
        required=True, readonly=True, export_string_translation=False
    )

    def init(self):
        guard.install(self.env.cr, self._table)

    def _values(self) -> dict:
        """Return the copied values by name."""
        self.ensure_one()
        return json.loads(self.content_json)

    def _salts(self) -> dict:
        """Return the salts (hexadecimal) by name."""
        self.ensure_one()
        return json.loads(self.salts_json)

    @staticmethod
    def _prepare(values: dict) -> tuple[dict, dict]:
        """Return (columns of a detail row, salted digests for the journal)."""
        salts, digests = content.salt_values(values, canonical)
        return (
            {
                "content_json": canonical(values).decode(),
                "salts_json": canonical(salts).decode(),
            },
            digests,
        )

    @staticmethod
    def _mismatch(row: dict, digests: dict):
        """Return the first field whose value no longer matches its digest, or None.

        :param row: content_json, salts_json, subject, sender_name as read by SQL
        :param digests: the ``salted`` object of the event
        """
        values = json.loads(row["content_json"])
        salts = json.loads(row["salts_json"])
        for name, expected in sorted(digests.items()):
            if name not in values or name not in salts:
                return name
            if content.salted(salts[name], values[name], canonical) != expected:
                return name
        if set(values) != set(digests):
            return sorted(set(values) ^ set(digests))[0]
        for column, name in (("subject", "subject"), ("sender_name", "sender")):
            if name in values and (row[column] or "") != (values[name] or ""):
                return name
        return None
