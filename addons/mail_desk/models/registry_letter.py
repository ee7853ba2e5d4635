from odoo import api, fields, models
from odoo.exceptions import AccessError

from .desk_assignment import OPEN
from .desk_role_mixin import READERS

#: what only the actions of the desk change
PROTECTED = {
    "desk_state",
    "desk_unit_id",
    "desk_user_id",
    "desk_due_date",
    "desk_legal_date",
    "desk_deadline",
    "desk_instruction_id",
    "desk_closing",
    "desk_closing_reason",
    "desk_closed_at",
    "desk_closed_by_id",
    "desk_no_reply_reason",
    "desk_no_reply_by_id",
    "desk_no_reply_at",
    "desk_original_state",
    "desk_original_note",
    "joined_to_id",
}
CLOSINGS = [
    ("answered", "Answered"),
    ("no_reply", "No reply needed"),
    ("treated", "Treated"),
    ("transferred", "Transferred"),
    ("joined", "Joined to another letter"),
]


class RegistryLetter(models.Model):
    """A letter at the desk: with whom it is, by when, how it ended.

    The columns follow the assignment that is being treated (``_desk_sync``), so that
    lists and counts read the letter alone.
    """

    _name = "registry.letter"
    _inherit = ["registry.letter", "desk.role.mixin"]

    desk_state = fields.Selection(
        [
            ("to_dispatch", "To dispatch"),
            ("assigned", "Assigned"),
            ("replied", "Replied"),
            ("closed", "Closed"),
        ],
        string="At the desk",
        readonly=True,
        copy=False,
        index="btree_not_null",
        group_expand="_group_expand_desk_state",
    )
    desk_unit_id = fields.Many2one(
        "hr.department",
        string="With the unit",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    desk_user_id = fields.Many2one(
        "res.users",
        string="Agent",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    desk_due_date = fields.Date(string="Due", readonly=True, copy=False)
    desk_instruction_id = fields.Many2one(
        "desk.instruction",
        string="Instruction",
        readonly=True,
        copy=False,
        check_company=True,
        ondelete="restrict",
    )
    desk_closing = fields.Selection(
        CLOSINGS, string="Closed as", readonly=True, copy=False
    )
    desk_closing_reason = fields.Char(string="Reason", readonly=True, copy=False)
    desk_closed_at = fields.Datetime(string="Closed on", readonly=True, copy=False)
    desk_closed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    assignment_ids = fields.One2many(
        "desk.assignment", "letter_id", string="Route", readonly=True
    )
    desk_event_ids = fields.One2many(
        "desk.event",
        "letter_id",
        string="Timeline",
        readonly=True,
        groups=READERS,
    )
    desk_main_version_id = fields.Many2one(
        "gov.document.version", compute="_compute_desk_main_version_id"
    )

    _desk_open_idx = models.Index(
        "(company_id, desk_state, desk_unit_id) WHERE desk_state != 'closed'"
    )
    _desk_user_idx = models.Index(
        "(desk_user_id, desk_state) WHERE desk_state != 'closed'"
    )
    _desk_due_idx = models.Index("(desk_due_date) WHERE desk_state != 'closed'")

    def _compute_desk_main_version_id(self):
        for letter in self:
            versions = letter._current_versions()
            letter.desk_main_version_id = versions.filtered(
                lambda version: version.state == "released"
            )[:1]

    @api.model
    def _group_expand_desk_state(self, states, _domain):
        """Columns of the board in the order of the work; the closed ones when there are some."""
        return [
            state
            for state, _label in self._fields["desk_state"].selection
            if state != "closed" or state in states
        ]

    @api.model
    def _gated_names(self):
        return super()._gated_names() | PROTECTED

    def _check_protected(self, vals):
        """Refuse in create and write what only the actions of the desk change."""
        super()._check_protected(vals)
        if self._gate_is_open():
            return
        touched = [name for name in PROTECTED & vals.keys() if name in self._fields]
        if any(self._desk_changes(name, vals[name]) for name in touched):
            raise AccessError(
                self.env._(
                    "Where a letter is at the desk changes only with its buttons: "
                    "Dispatch, Return, Redirect, Close."
                )
            )

    def _desk_changes(self, name, value):
        field = self._fields[name]
        if not self:
            return bool(value)
        return any(
            field.convert_to_cache(value, letter)
            != field.convert_to_cache(letter[name], letter)
            for letter in self
        )

    def _desk_row(self):
        """Return the assignment that is being treated: open, and not dispatched further."""
        self.ensure_one()
        rows = self.assignment_ids.filtered(
            lambda row: row.role == "to" and row.state in OPEN
        )
        return (rows - rows.parent_id).sorted("id")[-1:]

    def _desk_sync(self):
        """Let the columns of these letters follow their assignments."""
        for letter in self:
            row = letter._desk_row()
            state = letter._desk_next_state(row)
            vals = {
                "desk_state": state,
                "desk_unit_id": row.unit_id.id or letter.desk_unit_id.id,
                "desk_user_id": row.user_id.id or (not row and letter.desk_user_id.id),
                "desk_due_date": row.due_date if row else letter.desk_due_date,
                "desk_instruction_id": row.instruction_id.id,
            }
            letter._desk_write(vals)

    def _desk_next_state(self, row):
        if self.desk_closing:
            return "closed"
        if self._desk_is_replied():
            return "replied"
        return row.state or self.desk_state

    def _desk_write(self, vals):
        """Write what the gate protects. The caller passed the gate of the desk."""
        # An agent of the desk has no write access on letters; only these columns change.
        letter_sudo = (
            self.sudo()._gated().with_context(tracking_disable=True, registry_lean=True)
        )
        letter_sudo.write(vals)
