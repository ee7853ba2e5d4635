from odoo import api, fields, models

#: how a person closes a letter in this form; the other ends have their own buttons
KINDS = [
    ("answered", "Answered"),
    ("no_reply", "No reply needed"),
    ("treated", "Treated"),
    ("transferred", "Transferred"),
]


class DeskEndWizard(models.TransientModel):
    """Asks how a letter ends, or why it is opened again, joined, transferred…"""

    _name = "desk.end.wizard"
    _description = "End of a letter"

    act = fields.Selection(
        [
            ("close", "Close"),
            ("reopen", "Open again"),
            ("refuse_no_reply", "Refuse"),
            ("join", "Join to another letter"),
            ("transfer", "Transfer to another administration"),
            ("leave_opinions", "Go on without the opinion"),
            ("original_out", "Original to give back"),
            ("original_back", "Original given back"),
        ],
        required=True,
        readonly=True,
    )
    letter_ids = fields.Many2many("registry.letter", required=True, readonly=True)
    company_id = fields.Many2one("res.company", compute="_compute_letters")
    sentence = fields.Char(compute="_compute_letters")
    kind = fields.Selection(
        KINDS,
        string="How it ends",
        compute="_compute_kind",
        store=True,
        readonly=False,
        required=True,
    )
    needs_approval = fields.Boolean(compute="_compute_needs_approval")
    lead_id = fields.Many2one(
        "registry.letter",
        string="Letter that is treated",
        domain="[('company_id', '=', company_id), ('id', 'not in', letter_ids), "
        "('desk_state', 'in', ('to_dispatch', 'assigned', 'replied'))]",
    )
    office_name = fields.Char(
        string="Office", help="Part of its name, of its code or of its administration."
    )
    office_ref = fields.Integer(string="Office number")
    reason = fields.Char(size=500)

    @api.depends("letter_ids")
    def _compute_letters(self):
        for wizard in self:
            letters = wizard.letter_ids
            wizard.company_id = letters.company_id[:1]
            wizard.sentence = ", ".join(letters.mapped("display_name")[:5])

    @api.depends("letter_ids")
    def _compute_kind(self):
        for wizard in self:
            usual = {letter._desk_usual_end() for letter in wizard.letter_ids}
            kind = usual.pop() if len(usual) == 1 else "no_reply"
            wizard.kind = kind if kind in dict(KINDS) else "no_reply"

    @api.depends("kind", "letter_ids", "act")
    def _compute_needs_approval(self):
        for wizard in self:
            wizard.needs_approval = (
                wizard.act == "close"
                and wizard.kind == "no_reply"
                and not all(letter._desk_decides() for letter in wizard.letter_ids)
            )

    def action_confirm(self):
        """Do what was asked.

        :return: action that closes the form, or the desk when a letter is gone
        """
        self.ensure_one()
        letters, reason = self.letter_ids, self.reason or ""
        {
            "close": lambda: letters.action_close(reason, kind=self.kind),
            "reopen": lambda: letters.action_reopen(reason),
            "refuse_no_reply": lambda: letters.action_refuse_no_reply(reason),
            "join": lambda: letters.action_join(self.lead_id.id or 0, reason),
            "transfer": lambda: letters.action_transfer(self.office_ref, reason),
            "leave_opinions": lambda: letters.action_leave_opinions(reason),
            "original_out": lambda: letters.action_take_original(reason),
            "original_back": lambda: letters.action_return_original(reason),
        }[self.act]()
        return {"type": "ir.actions.act_window_close"}
