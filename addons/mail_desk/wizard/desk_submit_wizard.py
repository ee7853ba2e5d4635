from odoo import api, fields, models


class DeskSubmitWizard(models.TransientModel):
    """Asks up to which rank a draft is validated, and shows who that is."""

    _name = "desk.submit.wizard"
    _description = "Submit a draft"

    outgoing_id = fields.Many2one("desk.outgoing", required=True, readonly=True)
    company_id = fields.Many2one(related="outgoing_id.company_id")
    levels = fields.Integer(
        default=1,
        help="1: the head of the unit. 2: also the head of the unit above, and so on.",
    )
    rank_unit_ids = fields.Many2many(related="outgoing_id.rank_unit_ids")
    until_unit_id = fields.Many2one(
        "hr.department", string="Or up to", domain="[('id', 'in', rank_unit_ids)]"
    )
    circuit_id = fields.Many2one(
        "gov.circuit",
        string="Or a circuit",
        compute="_compute_circuit_id",
        store=True,
        readonly=False,
        domain="[('company_id', '=', company_id), ('state', '=', 'published')]",
    )
    days = fields.Integer(string="Days for each", default=3)
    preview = fields.Text(string="Who validates", compute="_compute_preview")

    @api.depends("outgoing_id")
    def _compute_circuit_id(self):
        """The circuit that is usual for replies of this unit and category."""
        for wizard in self:
            letter = wizard.outgoing_id.answers_id
            choices = self.env["desk.circuit.choice"]
            if letter:
                choices = choices._for_letter(
                    letter, "reply", wizard.outgoing_id.unit_id
                )
            # What is usual is proposed to whoever submits.
            usual_sudo = choices[:1].sudo().circuit_id
            known = usual_sudo and usual_sudo._family("published")
            wizard.circuit_id = known.with_env(self.env)

    @api.depends("levels", "until_unit_id", "circuit_id", "outgoing_id")
    def _compute_preview(self):
        for wizard in self:
            if wizard.circuit_id:
                lines = [
                    f"{step.name} – {step.actor_text}"
                    for step in wizard.circuit_id.step_ids
                ]
                wizard.preview = wizard._numbered(lines, self.env["res.users"])
                continue
            people = wizard.outgoing_id._validators(wizard.levels, wizard.until_unit_id)
            # Names of heads of units are shown to whoever submits to them.
            lines = [", ".join(heads.sudo().mapped("name")) for heads in people]
            wizard.preview = wizard._numbered(
                lines, self.env["res.users"].union(*people)
            ) or self.env._("Nobody is above you: submitting is validating.")

    def _numbered(self, lines, besides):
        """Return who validates, one a line, with those whom the dispatch named."""
        letter = self.outgoing_id.answers_id
        asked = letter._desk_reply_steps(besides) if letter else []
        # Who was named in the dispatch is shown to whoever answers the letter.
        lines += [f"{step['name']} – {step['users'].sudo().name}" for step in asked]
        return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))

    def action_confirm(self):
        """Submit the draft.

        :return: action that closes the form
        """
        self.ensure_one()
        self.outgoing_id.action_submit(
            levels=None if self.circuit_id else max(1, self.levels),
            circuit_id=self.circuit_id.id or None,
            days=self.days,
            until_unit_id=self.until_unit_id.id or None,
        )
        return {"type": "ir.actions.act_window_close"}
