"""Where the sequencer keeps the tree: counters, frontier, tiles, signed heads.

No group has any right on these tables; the drain writes them in SQL under the
stream's advisory lock, and everything else reads them through ``gov.journal``.
"""

from odoo import fields, models

from ..lib import guard


class GovJournalState(models.Model):
    _name = "gov.journal.state"
    _description = "Journal frontier"
    _log_access = False

    journal_id = fields.Integer(required=True)
    size = fields.Integer(required=True, default=0)
    frontier = fields.Char(help="Roots of the complete subtrees, hex, largest first.")
    root = fields.Char()
    instant = fields.Char(help="Instant of the last sequenced event, UTC.")

    _journal_uniq = models.UniqueIndex("(journal_id)")


class GovJournalCounter(models.Model):
    _name = "gov.journal.counter"
    _description = "Last number given in a year"
    _log_access = False

    journal_id = fields.Integer(required=True)
    year = fields.Integer(required=True)
    last = fields.Integer(required=True, default=0)

    _year_uniq = models.UniqueIndex("(journal_id, year)")


class GovJournalTile(models.Model):
    _name = "gov.journal.tile"
    _description = "256 hashes of one level of the tree"
    _log_access = False
    _gov_sealed = "index"

    journal_id = fields.Integer(required=True)
    level = fields.Integer(required=True)
    index = fields.Integer(required=True)
    hashes = fields.Char(required=True, help="256 hashes, hex, in order.")
    root = fields.Char(required=True)

    _place_uniq = models.UniqueIndex("(journal_id, level, index)")

    def init(self):
        guard.install(self.env.cr, self._table)


class GovJournalHead(models.Model):
    _name = "gov.journal.head"
    _description = "Signed tree head"
    _log_access = False
    _order = "size desc"
    _gov_sealed = "size"

    journal_id = fields.Integer(required=True)
    size = fields.Integer(required=True)
    root = fields.Char(required=True)
    instant = fields.Char(required=True)
    key_id = fields.Integer(help="Key that signed; empty while the head is pending.")
    signature = fields.Char(help="ECDSA P-256 over SHA-256 of the head, DER, base64.")

    _size_uniq = models.UniqueIndex("(journal_id, size)")
    _pending_idx = models.Index("(journal_id) WHERE signature IS NULL")

    def init(self):
        guard.install(
            self.env.cr, self._table, marker="signature", once=("key_id", "signature")
        )
