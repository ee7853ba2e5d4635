from odoo import api, fields, models

PEOPLE = "[('share', '=', False), ('company_ids', 'in', company_id)]"


class DeskDispatchWizard(models.TransientModel):
    """Asks to whom letters are dispatched, for what and by when."""

    _name = "desk.dispatch.wizard"
    _description = "Dispatch"

    assignment_ids = fields.Many2many(
        "desk.assignment", required=True, readonly=True, string="Letters"
    )
    letter_count = fields.Integer(compute="_compute_letter")
    letter_name = fields.Char(compute="_compute_letter")
    company_id = fields.Many2one("res.company", compute="_compute_letter")
    unit_id = fields.Many2one(
        "hr.department",
        required=True,
        domain="[('company_id', '=', company_id)]",
        compute="_compute_unit_id",
        store=True,
        readonly=False,
    )
    candidate_ids = fields.Many2many("res.users", compute="_compute_candidate_ids")
    user_id = fields.Many2one(
        "res.users", string="Agent", domain="[('id', 'in', candidate_ids)]"
    )
    instruction_id = fields.Many2one(
        "desk.instruction",
        compute="_compute_unit_id",
        store=True,
        readonly=False,
        domain="[('company_id', 'in', (company_id, False))]",
    )
    due_date = fields.Date(compute="_compute_due_date", store=True, readonly=False)
    note = fields.Char(size=500)
    copy_unit_ids = fields.Many2many(
        "hr.department",
        string="Copies to",
        domain="[('company_id', '=', company_id), ('id', '!=', unit_id)]",
    )
    copy_user_ids = fields.Many2many(
        "res.users",
        "desk_dispatch_wizard_copy_user_rel",
        string="Copies to people",
        domain=PEOPLE,
    )
    opinion_user_ids = fields.Many2many(
        "res.users",
        "desk_dispatch_wizard_opinion_user_rel",
        string="Opinions of",
        domain=PEOPLE,
        help="Asked all at the same time.",
    )
    opinion_question = fields.Char(string="Question", size=240)
    opinion_due = fields.Date(string="Opinions by")
    visa_user_ids = fields.Many2many(
        "res.users",
        "desk_dispatch_wizard_visa_user_rel",
        string="Visas on the reply",
        domain=PEOPLE,
        help="They agree to the reply, one after the other, before it is signed.",
    )
    sign_user_id = fields.Many2one("res.users", string="Signs the reply", domain=PEOPLE)
    circuit_id = fields.Many2one(
        "gov.circuit",
        string="Circuit on the letter",
        domain="[('company_id', '=', company_id), ('state', '=', 'published')]",
    )

    @api.depends("assignment_ids")
    def _compute_letter(self):
        for wizard in self:
            letters = wizard.assignment_ids.letter_id
            wizard.letter_count = len(letters)
            wizard.letter_name = letters.display_name if len(letters) == 1 else False
            wizard.company_id = letters.company_id[:1]

    @api.depends("assignment_ids")
    def _compute_unit_id(self):
        for wizard in self:
            units = wizard.assignment_ids.unit_id
            wizard.unit_id = units if len(units) == 1 else False
            wizard.instruction_id = wizard.assignment_ids.instruction_id[:1]

    @api.depends("unit_id")
    def _compute_candidate_ids(self):
        for wizard in self:
            wizard.candidate_ids = self.env["gov.access"]._members(wizard.unit_id)

    @api.depends("instruction_id", "assignment_ids")
    def _compute_due_date(self):
        today = fields.Date.context_today(self)
        for wizard in self:
            dates = set(wizard.assignment_ids.mapped("due_date")) - {False}
            known = next(iter(dates)) if len(dates) == 1 else False
            due = (
                fields.Date.add(today, days=wizard.instruction_id.days)
                if wizard.instruction_id.days
                else known
            )
            wizard.due_date = due if due and due >= today else False

    @api.onchange("unit_id")
    def _onchange_unit_id(self):
        if self.user_id not in self.candidate_ids:
            self.user_id = False

    def action_confirm(self):
        """Dispatch the letters as asked.

        :return: action that closes the form
        """
        self.ensure_one()
        self.assignment_ids.action_dispatch(
            unit_id=self.unit_id.id,
            user_id=self.user_id.id,
            instruction_id=self.instruction_id.id,
            due_date=self.due_date,
            note=self.note,
            copy_unit_ids=self.copy_unit_ids.ids,
            copy_user_ids=self.copy_user_ids.ids,
            opinion_user_ids=self.opinion_user_ids.ids,
            opinion_question=self.opinion_question,
            opinion_due=self.opinion_due,
            visa_user_ids=self.visa_user_ids.ids,
            sign_user_id=self.sign_user_id.id,
            circuit_id=self.circuit_id.id,
        )
        return {"type": "ir.actions.act_window_close"}
