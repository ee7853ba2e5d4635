from odoo import api, fields, models

STATES = [
    ("to_dispatch", "To dispatch"),
    ("assigned", "Assigned"),
    ("done", "Done"),
    ("returned", "Returned"),
    ("redirected", "Redirected"),
    ("refused", "Refused"),
    ("withdrawn", "Taken back"),
    ("reassigned", "Given to somebody else"),
    ("cancelled", "Cancelled"),
]
OPEN = ("to_dispatch", "assigned")
#: how a unit let go of a letter that was not for it
MISROUTED = ("returned", "redirected", "refused")


class DeskAssignment(models.Model):
    """A letter given to a unit, and to an agent of it. Always a unit, even with no agent.

    Rows are never changed back: a return, a redirection closes the row with its reason
    and opens another, so the route of a letter is read from its rows. ``role`` "to" is
    the one chain of those who treat the letter; "copy" is for information; "visa" and
    "sign" name who will agree to the reply. Opinions are circuits of the letter.
    """

    _name = "desk.assignment"
    _description = "Assignment of a letter"
    _inherit = ["desk.kept.mixin"]
    _order = "letter_id, id"
    _check_company_auto = True

    letter_id = fields.Many2one(
        "registry.letter",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company", string="Administration", required=True, index=True
    )
    unit_id = fields.Many2one(
        "hr.department", index="btree_not_null", check_company=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users", string="Agent", index="btree_not_null", ondelete="restrict"
    )
    instruction_id = fields.Many2one(
        "desk.instruction", check_company=True, ondelete="restrict"
    )
    role = fields.Selection(
        [
            ("to", "To treat"),
            ("copy", "Copy"),
            ("visa", "Visa on the reply"),
            ("sign", "Signs the reply"),
        ],
        default="to",
        required=True,
    )
    parent_id = fields.Many2one(
        "desk.assignment", string="Dispatched from", index="btree_not_null"
    )
    child_ids = fields.One2many("desk.assignment", "parent_id")
    from_unit_id = fields.Many2one(
        "hr.department",
        string="Assigned by the unit",
        check_company=True,
        ondelete="restrict",
        help="Unit in whose name it was assigned: a return goes there.",
    )
    state = fields.Selection(STATES, default="to_dispatch", required=True, index=True)
    due_date = fields.Date()
    note = fields.Char(size=500)
    reason = fields.Char(
        size=500, help="Why it was returned, redirected, refused or closed."
    )
    # Who assigned or closed is copied to the timeline: the person may be deleted.
    assigned_by_id = fields.Many2one("res.users", ondelete="set null")
    assigned_at = fields.Datetime()
    closed_by_id = fields.Many2one("res.users", ondelete="set null")
    closed_at = fields.Datetime()
    number = fields.Char(related="letter_id.number")
    subject = fields.Char(related="letter_id.subject")
    sender_name = fields.Char(related="letter_id.sender_name")

    _unit_always = models.Constraint(
        "CHECK(unit_id IS NOT NULL OR state IN ('to_dispatch', 'cancelled'))",
        "A letter is always with a unit.",
    )
    _open_idx = models.Index(
        "(unit_id, state, role) WHERE state IN ('to_dispatch', 'assigned')"
    )
    _user_idx = models.Index("(user_id, letter_id)")

    @api.depends("unit_id.name", "user_id.name")
    def _compute_display_name(self):
        for assignment in self:
            names = (assignment.unit_id.name, assignment.user_id.name)
            assignment.display_name = " – ".join(name for name in names if name) or "–"

    def _is_open(self):
        self.ensure_one()
        return self.state in OPEN

    def _open_child(self):
        """Return the row this one was dispatched to and that is still being treated."""
        self.ensure_one()
        return self.letter_id.assignment_ids.filtered(
            lambda row: row.parent_id == self and row.role == "to" and row.state in OPEN
        )[:1]

    @api.model
    def _gated_names(self):
        return frozenset(self._fields)

    @api.model
    def _arrive(
        self, letter_id, company_id, unit_id, *, due_date=None, instruction=None
    ):
        """Write the first row of a letter: one plain INSERT, nothing else.

        A deposit passes here: no chatter, no tracking, no check (its caller chose the
        unit among those of the administration).

        :return: id of the row
        """
        now = fields.Datetime.now()
        columns = {
            "letter_id": letter_id,
            "company_id": company_id,
            "unit_id": unit_id or None,
            "role": "to",
            "state": "to_dispatch",
            "due_date": due_date or None,
            "instruction_id": instruction or None,
            "assigned_by_id": self.env.uid,
            "assigned_at": now,
            "create_uid": self.env.uid,
            "create_date": now,
            "write_uid": self.env.uid,
            "write_date": now,
        }
        ((row_id,),) = self.env.execute_query(self._insert_query(columns))
        return row_id

    def action_open_letter(self):
        """Open the letter of this assignment.

        :return: window action
        """
        self.ensure_one()
        return self.letter_id.action_open_desk()
