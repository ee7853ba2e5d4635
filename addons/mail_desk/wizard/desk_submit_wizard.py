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
        domain="[('company_id', '=', company_id), ('state', '=', 'published')]",
    )
    days = fields.Integer(string="Days for each", default=3)
    preview = fields.Text(string="Who validates", compute="_compute_preview")

    @api.depends("levels", "until_unit_id", "circuit_id", "outgoing_id")
    def _compute_preview(self):
        for wizard in self:
            if wizard.circuit_id:
                wizard.preview = "\n".join(
                    f"{number}. {step.name} – {step.actor_text}"
                    for number, step in enumerate(wizard.circuit_id.step_ids, 1)
                )
                continue
            people = wizard.outgoing_id._validators(wizard.levels, wizard.until_unit_id)
            # Names of heads of units are shown to whoever submits to them.
            lines = [
                f"{number}. {', '.join(heads.sudo().mapped('name'))}"
                for number, heads in enumerate(people, 1)
            ]
            wizard.preview = "\n".join(lines) or self.env._(
                "Nobody is above you: submitting is validating."
            )

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
