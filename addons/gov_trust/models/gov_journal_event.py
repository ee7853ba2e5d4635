from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..lib import guard

#: Columns the sequencer fills; everything else is fixed when the event is written.
SEQUENCED = (
    "seq",
    "instant",
    "sequenced_at",
    "leaf",
    "number_year",
    "number_sequence",
    "number_text",
)


class GovJournalEvent(models.Model):
    """One line of a journal: pending while ``seq`` is empty, then fixed for ever."""

    _name = "gov.journal.event"
    _description = "Journal event"
    _inherit = ["gov.evidence"]
    _log_access = False
    _order = "journal_id, seq desc, id desc"
    _rec_name = "uid"
    _gov_sealed = "seq"

    journal_id = fields.Integer(required=True, readonly=True, string="Journal number")
    seq = fields.Integer(string="Line", readonly=True)
    uid = fields.Char(string="Event", required=True, readonly=True)
    kind = fields.Char(required=True, readonly=True)
    body = fields.Text(required=True, readonly=True, help="Canonical JSON.")
    subject_model = fields.Char(readonly=True)
    subject_id = fields.Integer(readonly=True)
    company_id = fields.Integer(string="Administration number", readonly=True)
    actor_id = fields.Integer(string="Actor number", readonly=True)
    actor_name = fields.Char(string="Actor", readonly=True)
    number_format = fields.Char(readonly=True)
    number_zone = fields.Char(readonly=True)
    number_year = fields.Integer(string="Year", readonly=True)
    number_sequence = fields.Integer(string="Sequence", readonly=True)
    number_text = fields.Char(string="Number", readonly=True)
    instant = fields.Char(readonly=True, help="UTC, with microseconds.")
    sequenced_at = fields.Datetime(string="Sequenced on", readonly=True)
    leaf = fields.Char(string="Leaf hash", readonly=True)

    _uid_uniq = models.UniqueIndex("(uid)")
    _seq_uniq = models.UniqueIndex("(journal_id, seq) WHERE seq IS NOT NULL")
    _pending_idx = models.Index("(journal_id, id) WHERE seq IS NULL")
    _number_uniq = models.UniqueIndex(
        "(journal_id, number_year, number_sequence) WHERE number_sequence IS NOT NULL"
    )
    _own_tsa_idx = models.Index("(id) WHERE kind IN ('tsa.own_on', 'tsa.own_off')")
    _subject_idx = models.Index("(subject_model, subject_id)")

    def init(self):
        guard.install(self.env.cr, self._table, marker="seq", once=SEQUENCED)

    @api.model_create_multi
    def create(self, vals_list):
        raise AccessError(
            self.env._("Journal lines are written by the platform alone.")
        )

    def write(self, vals):
        raise AccessError(self.env._("A journal line never changes."))

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        raise AccessError(self.env._("A journal line is never deleted."))

    def _journal(self):
        """Journal of this event (browse; the link is a plain number)."""
        return self.env["gov.journal"].browse(self.journal_id)
