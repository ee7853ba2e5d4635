import re
import uuid

import pytz

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..lib.canonical import CanonicalError, canonical
from ..lib.journal_leaf import instant_text

TRUST_STREAM = "trust"
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_RESERVED = {"actor", "record", "recorded_at"}


class GovJournal(models.Model):
    """A stream of events: gap-free sequence, Merkle tree, signed heads.

    Source: architecture §3.1; tree hashing of RFC 9162.
    """

    _name = "gov.journal"
    _description = "Journal"
    _inherit = ["gov.remembered"]
    _order = "code"
    _check_company_auto = True

    name = fields.Char(required=True)
    code = fields.Char(required=True, readonly=True, help="Used in public addresses.")
    kind = fields.Selection(
        [
            ("register", "Register"),
            ("book", "Signature book"),
            ("portal", "Portal evidence"),
            ("trust", "Trust administration"),
        ],
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one(
        "res.company", string="Administration", readonly=True, index=True
    )
    tz = fields.Char(
        string="Time zone",
        default="UTC",
        required=True,
        help="Zone in which the sequencer reads the year of a number.",
    )
    size = fields.Integer(compute="_compute_state", string="Lines")
    root = fields.Char(compute="_compute_state")
    last_instant = fields.Char(compute="_compute_state", string="Last line (UTC)")
    pending_count = fields.Integer(compute="_compute_state", string="Waiting")
    head_pending = fields.Boolean(compute="_compute_state", string="Head not signed")

    _code_uniq = models.Constraint("UNIQUE(code)", "This stream code is taken.")

    def _compute_state(self):
        rows = self.env.execute_query(
            SQL(
                """SELECT j.id, s.size, s.root, s.instant,
                          (SELECT count(*) FROM gov_journal_event e
                            WHERE e.journal_id = j.id AND e.seq IS NULL),
                          EXISTS (SELECT 1 FROM gov_journal_head h
                            WHERE h.journal_id = j.id AND h.signature IS NULL)
                     FROM gov_journal j
                LEFT JOIN gov_journal_state s ON s.journal_id = j.id
                    WHERE j.id IN %s""",
                tuple(self.ids) or (0,),
            )
        )
        found = {row[0]: row[1:] for row in rows}
        for journal in self:
            size, root, instant, waiting, unsigned = found.get(
                journal.id, (0, False, False, 0, False)
            )
            journal.size = size or 0
            journal.root = root
            journal.last_instant = instant
            journal.pending_count = waiting
            journal.head_pending = unsigned

    @api.constrains("code")
    def _check_code(self):
        for journal in self:
            if not _SLUG.fullmatch(journal.code or ""):
                raise ValidationError(
                    self.env._(
                        "A stream code has small letters, digits and single dashes "
                        "only: “%(code)s” does not fit.",
                        code=journal.code,
                    )
                )

    @api.constrains("tz")
    def _check_tz(self):
        for journal in self:
            if journal.tz not in pytz.all_timezones_set:
                raise ValidationError(
                    self.env._("“%(zone)s” is no time zone.", zone=journal.tz)
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_written(self):
        rows = self.env.execute_query(
            SQL(
                "SELECT 1 FROM gov_journal_event WHERE journal_id IN %s LIMIT 1",
                tuple(self.ids) or (0,),
            )
        )
        if rows:
            raise UserError(self.env._("A journal that holds lines cannot be deleted."))

    def action_open_events(self):
        """Open the lines of this journal."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "gov.journal.event",
            "view_mode": "list,form",
            "domain": [("journal_id", "=", self.id)],
        }

    # ------------------------------------------------------------------
    # Streams
    # ------------------------------------------------------------------
    @api.model
    def _ensure(self, code, **vals):
        """Return the stream ``code`` (as superuser), created with ``vals`` if new."""
        # Streams are made by the platform on behalf of people who may not make one.
        journals_sudo = self.sudo()
        return journals_sudo.search([("code", "=", code)]) or journals_sudo.create(
            {"code": code, "name": code, "kind": "trust", **vals}
        )

    @api.model
    def _trust_stream(self):
        """The platform's own stream: keys, declarations, doors."""
        return self._ensure(TRUST_STREAM, name="Trust administration", kind="trust")

    # ------------------------------------------------------------------
    # Outbox
    # ------------------------------------------------------------------
    def _append(self, kind, body, *, subject=None, number_format=None):
        """Write one pending event in the current transaction.

        The sequencer gives it its line, its instant and, with ``number_format``, its
        register number once the transaction is committed.

        :param str kind: dotted verb, such as ``letter.registered``
        :param dict body: facts, canonical JSON types only; no personal data in clear
            that may have to be erased (use salted digests)
        :param subject: record the event is about
        :param str number_format: bound pattern, e.g. ``"{year}/{number:06}"``
        :return: the pending ``gov.journal.event`` (superuser)
        :raise UserError: when the body has no canonical form
        """
        self.ensure_one()
        if clash := _RESERVED & body.keys():
            raise ValueError(f"reserved keys in a journal body: {sorted(clash)}")
        uid, name = self.env.uid, self._actor_name(self.env.uid)
        now = instant_text(fields.Datetime.now())
        facts = {
            **body,
            "actor": {"id": uid, "name": name},
            "record": [subject._name, subject.id] if subject else None,
            "recorded_at": now,
        }
        try:
            text = canonical(facts).decode()
        except CanonicalError as error:
            raise UserError(
                self.env._(
                    "This cannot be written in the journal: %(reason)s.",
                    reason=str(error),
                )
            ) from error
        # Nobody has the right to write evidence: the platform does, here only.
        events_sudo = self.env["gov.journal.event"].sudo()
        event = events_sudo._insert(
            {
                "journal_id": self.id,
                "uid": str(uuid.uuid4()),
                "kind": kind,
                "body": text,
                "subject_model": subject._name if subject else False,
                "subject_id": subject.id if subject else False,
                "company_id": self.company_id.id,
                "actor_id": uid,
                "actor_name": name,
                "number_format": number_format,
                "number_zone": self.tz if number_format else False,
            }
        )
        self._schedule_drain()
        return event

    @api.model
    @tools.ormcache("uid")
    def _actor_name(self, uid):
        """Name of a user as evidence copies it; in memory, each deposit needs it."""
        # Whoever acts is named, even where the actor may not read users.
        users_sudo = self.env["res.users"].sudo()
        return users_sudo.browse(uid).name

    def _open_door(self, reason):
        """Let this transaction change evidence rows, once, for a migration.

        The reason becomes an event of the trust stream, and only its id opens the
        door: the guard triggers look it up.
        """
        event = self._trust_stream()._append("door.opened", {"reason": reason})
        self.env.flush_all()
        self.env.execute_query(
            SQL("SELECT set_config('gov.door', %s, true)", str(event.id))
        )
        return event
