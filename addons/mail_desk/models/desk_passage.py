from odoo import api, fields, models

STAGES = [
    ("to_dispatch", "To dispatch"),
    ("assigned", "Being treated"),
    ("opinion", "Waits for an opinion"),
    ("validating", "Reply being validated"),
    ("signing", "Reply being signed"),
    ("sending", "Reply to number and send"),
    ("replied", "Replied, to close"),
]
SECONDS_A_DAY = 86400


class DeskPassage(models.Model):
    """The time a letter spent at a stage, with whom: what steering counts.

    A row is opened when a letter comes to a stage, a unit or an agent, and closed when it goes
    on. The platform alone writes it. The first stage of a deposit is written when the letter
    first moves, so that a deposit writes nothing more.
    """

    _name = "desk.passage"
    _description = "Time of a letter at a stage"
    _order = "entered_at desc, id desc"
    _check_company_auto = True
    _log_access = False

    letter_id = fields.Many2one(
        "registry.letter",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    stage = fields.Selection(STAGES, required=True, readonly=True)
    unit_id = fields.Many2one(
        "hr.department",
        readonly=True,
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Agent",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    entered_at = fields.Datetime("From", required=True, readonly=True)
    left_at = fields.Datetime("Until", readonly=True)
    days = fields.Float(
        readonly=True, aggregator="avg", help="Days at this stage, once it is over."
    )
    number = fields.Char(related="letter_id.number")
    subject = fields.Char(related="letter_id.subject")

    _open_uniq = models.UniqueIndex("(letter_id) WHERE left_at IS NULL")
    _left_idx = models.Index("(company_id, stage, left_at)")

    @api.model
    def _follow(self, letters):
        """Note where these letters are now, when that changed."""
        now = fields.Datetime.now()
        # Nobody may write passages: they follow what the gate of the letter let through.
        passages_sudo = self.sudo()
        opened = {
            row.letter_id.id: row
            for row in passages_sudo.search(
                [("letter_id", "in", letters.ids), ("left_at", "=", False)]
            )
        }
        for letter in letters:
            place = letter._desk_place()
            row = opened.get(letter.id, passages_sudo)
            if row and place and row._place() == place:
                continue
            if row:
                row._leave(now)
            elif (first := letter._desk_first_place()) and first != place:
                passages_sudo._enter(letter, first, letter.create_date)._leave(now)
            if place:
                passages_sudo._enter(letter, place, now)

    def _place(self):
        self.ensure_one()
        return self.stage, self.unit_id.id, self.user_id.id

    def _enter(self, letter, place, moment):
        stage, unit_id, user_id = place
        return self.create(
            {
                "letter_id": letter.id,
                "company_id": letter.company_id.id,
                "stage": stage,
                "unit_id": unit_id,
                "user_id": user_id,
                "entered_at": moment,
            }
        )

    def _leave(self, moment):
        for row in self:
            spent = (moment - row.entered_at).total_seconds() / SECONDS_A_DAY
            row.write({"left_at": moment, "days": max(0.0, spent)})
        # One open row a letter: the index must know before the next one is written.
        self.flush_recordset(["left_at"])

    def action_open_letter(self):
        """Open the letter that was at this stage.

        :return: window action
        """
        self.ensure_one()
        return self.letter_id.action_open_desk()
