from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.gov_trust.lib import guard

from ..fields import SoftMany2one
from .registry_office import CHANNELS, DIRECTIONS

#: written once, by the sequencer, together with the number
SEQUENCED = (
    "number",
    "year",
    "sequence",
    "display_number",
    "registered_at",
    "journal_seq",
    "event_uid",
)


class RegistryEntry(models.Model):
    """One line of a register: number, instant, direction, unit, digests. Append-only.

    The database itself refuses any change (``gov_trust.lib.guard``). What happens later
    to the letter is in ``registry.entry.status``; what may one day be erased is in
    ``registry.entry.detail``. No foreign key, no audit columns, no chatter: deleting a
    user or upgrading must never touch a line.
    """

    _name = "registry.entry"
    _description = "Register line"
    _inherit = ["gov.evidence"]
    _order = "id desc"
    _rec_name = "display_number"
    _log_access = False
    _gov_sealed = "sequence"
    _gov_after_cron = "digital_registry.ir_cron_registry_process_sequenced"

    register_id = SoftMany2one("registry.register", required=True, readonly=True)
    office_id = SoftMany2one("registry.office", required=True, readonly=True)
    company_id = SoftMany2one(
        "res.company", string="Administration", required=True, readonly=True
    )
    unit_id = SoftMany2one("hr.department", string="Unit", readonly=True)
    unit_code = fields.Char(readonly=True)
    direction = fields.Selection(DIRECTIONS, required=True, readonly=True)
    channel = fields.Selection(CHANNELS, string="Received by", readonly=True)
    number = fields.Char(
        readonly=True, index="trigram", help="The number as written on the receipt."
    )
    display_number = fields.Char(readonly=True)
    year = fields.Integer(readonly=True, aggregator=None)
    sequence = fields.Integer(readonly=True, aggregator=None)
    journal_seq = fields.Integer(readonly=True, aggregator=None)
    registered_at = fields.Datetime(
        string="Registered on",
        readonly=True,
        help="Instant of the server, given together with the number.",
    )
    submitted_at = fields.Datetime(
        string="Deposited on",
        readonly=True,
        help="When the letter was presented at the office or online.",
    )
    event_uid = fields.Char(string="Event", readonly=True)
    content_hash = fields.Char(required=True, readonly=True)
    body_sha256 = fields.Char(readonly=True)
    document_count = fields.Integer(readonly=True, aggregator=None)
    actor_id = fields.Integer(readonly=True, aggregator=None)
    actor_name = fields.Char(string="Registered by", readonly=True)
    is_late = fields.Boolean(
        string="Registered late",
        readonly=True,
        help="Registered on a later day than the one it arrived on.",
    )
    detail_ids = fields.One2many("registry.entry.detail", "entry_id", readonly=True)
    status_ids = fields.One2many("registry.entry.status", "entry_id", readonly=True)
    letter_ids = fields.One2many("registry.letter", "entry_id", readonly=True)
    receipt_ids = fields.One2many("registry.receipt", "entry_id", readonly=True)
    subject = fields.Char(compute="_compute_copied", search="_search_subject")
    sender_name = fields.Char(
        string="Correspondent", compute="_compute_copied", search="_search_sender_name"
    )
    state = fields.Selection(
        [
            ("pending", "Number pending"),
            ("valid", "Registered"),
            ("rectified", "Rectified"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_state",
        search="_search_state",
    )

    _number_uniq = models.UniqueIndex("(register_id, year, sequence)")
    _event_uniq = models.UniqueIndex("(event_uid)")
    _company_idx = models.Index("(company_id, id)")
    _registered_idx = models.Index("(register_id, registered_at)")
    _number_idx = models.Index("(number)")
    _pending_idx = models.Index("(id) WHERE sequence IS NULL")

    def init(self):
        guard.install(
            self.env.cr, self._table, marker="sequence", once=SEQUENCED, free=()
        )

    @api.depends("display_number")
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = entry.display_number or self.env._("Number pending")

    @api.depends_context("uid")
    def _compute_copied(self):
        details = self.env["registry.entry.detail"]
        readable = details.has_access("read")
        by_entry = {}
        if readable:
            # The last words given: a cancellation has none of its own.
            for detail in details.search([("entry_id", "in", self.ids)], order="id"):
                subject, sender = by_entry.get(detail.entry_id.id, (False, False))
                by_entry[detail.entry_id.id] = (
                    detail.subject or subject,
                    detail.sender_name or sender,
                )
        for entry in self:
            entry.subject, entry.sender_name = by_entry.get(entry.id, (False, False))

    def _search_subject(self, operator, value):
        return [("detail_ids.subject", operator, value)]

    def _search_sender_name(self, operator, value):
        return [("detail_ids.sender_name", operator, value)]

    @api.depends("sequence", "status_ids.state")
    def _compute_state(self):
        for entry in self:
            if not entry.sequence:
                entry.state = "pending"
            else:
                entry.state = entry.status_ids[:1].state or "valid"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = []
        changed = [state for state in ("rectified", "cancelled") if state in value]
        if changed:
            domain.append([("status_ids.state", "in", changed)])
        if "valid" in value:
            domain.append([("sequence", "!=", False), ("status_ids", "=", False)])
        if "pending" in value:
            domain.append([("sequence", "=", False)])
        return fields.Domain.OR(domain)

    @api.model
    def _apply_numbers_on(self, cr, rows):
        """Write the numbers the sequencer gave: one statement, called by the drain.

        Runs after the commit of the business transaction, in the drain's own cursor:
        no ORM, no formatting, nothing that can fail on content.

        :param cr: the drain's cursor
        :param rows: dicts with subject_id, event_uid, year, sequence, text, instant, seq
        """
        if not rows:
            return
        values = SQL(", ").join(
            SQL(
                "(%s::int, %s::varchar, %s::varchar, %s::int, %s::int, %s::timestamp, "
                "%s::int)",
                row["subject_id"],
                row["event_uid"],
                row["text"],
                row["year"],
                row["sequence"],
                row["instant"],
                row["seq"],
            )
            for row in rows
        )
        cr.execute(
            SQL(
                """
                UPDATE registry_entry AS entry
                   SET number = numbered.text,
                       display_number = numbered.text,
                       year = numbered.year,
                       sequence = numbered.sequence,
                       registered_at = numbered.instant,
                       journal_seq = numbered.seq,
                       event_uid = numbered.event_uid
                  FROM (VALUES %s)
                       AS numbered(id, event_uid, text, year, sequence, instant, seq)
                 WHERE entry.id = numbered.id
                """,
                values,
            )
        )

    def _current_detail(self):
        """Return the detail in force: the last one, after any rectification."""
        self.ensure_one()
        return self.detail_ids.sorted("id")[-1:]

    def action_open_letter(self):
        """Open the letter of this line.

        :return: window action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "registry.letter",
            "res_id": self.letter_ids[:1].id,
            "views": [(False, "form")],
        }
