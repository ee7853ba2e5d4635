from odoo import api, fields, models

OPERATIONS = [
    ("approve", "Agree"),
    ("refuse", "Refuse"),
    ("opinion", "Give my opinion"),
    ("return", "Send back"),
    ("transfer", "Hand on"),
    ("recall", "Take back"),
    ("add_step", "Ask somebody else"),
    ("go_on", "Go on without the opinion"),
    ("cancel", "Stop the circuit"),
    ("recuse", "Withdraw"),
    ("bypass_ask", "Pass over"),
    ("bypass_confirm", "Confirm that it is passed over"),
    ("replace", "Name somebody"),
]


class GovCircuitDialog(models.TransientModel):
    """Asks what an operation of a run needs, then calls that operation: it decides nothing itself."""

    _name = "gov.circuit.dialog"
    _description = "Dialog of a circuit"

    run_id = fields.Many2one(
        "gov.circuit.run", required=True, readonly=True, ondelete="cascade"
    )
    operation = fields.Selection(OPERATIONS, required=True, readonly=True)
    base = fields.Char(readonly=True)
    company_id = fields.Many2one(related="run_id.company_id")
    question = fields.Text(related="run_id.my_step_id.question", string="Asked of you")
    target_ids = fields.Many2many("gov.circuit.run.step", compute="_compute_target_ids")
    actor_ids = fields.Many2many("gov.circuit.run.actor", compute="_compute_actor_ids")
    resume = fields.Selection(
        [
            ("all", "Everything from that step on is done again"),
            ("here", "That step alone, then it comes straight back to me"),
        ],
        "Then",
        default="all",
        required=True,
    )
    again = fields.Char("Done again", compute="_compute_effects")
    valid = fields.Char("Stays valid", compute="_compute_effects")
    note = fields.Text(related="run_id.bypass_note", string="What was asked")
    actor_id = fields.Many2one(
        "gov.circuit.run.actor",
        string="In the place of",
        domain="[('id', 'in', actor_ids)]",
    )
    step_id = fields.Many2one(
        "gov.circuit.run.step",
        domain="[('id', 'in', target_ids)]",
    )
    user_id = fields.Many2one(
        "res.users",
        string="To",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    user_ids = fields.Many2many(
        "res.users",
        string="Whom",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    kind = fields.Selection(selection="_selection_kind", default="opinion")
    ask = fields.Text("Question")
    days = fields.Integer("Days to answer")
    comment = fields.Text("Remark")
    reason = fields.Text()

    @api.model
    def _selection_kind(self):
        return (
            self.env["gov.circuit.step"]
            ._fields["kind"]
            ._description_selection(self.env)
        )

    @api.depends("run_id", "operation")
    def _compute_target_ids(self):
        for dialog in self:
            run = dialog.run_id
            if dialog.operation in ("bypass_ask", "bypass_confirm"):
                dialog.target_ids = run._bypassable(dialog.operation)
            else:
                dialog.target_ids = run._return_targets()

    @api.depends("run_id", "operation")
    def _compute_actor_ids(self):
        for dialog in self:
            replaced = dialog.operation == "replace"
            dialog.actor_ids = replaced and dialog.run_id._replaceable(self.env.user)

    @api.depends("run_id", "operation", "step_id", "resume")
    def _compute_effects(self):
        for dialog in self:
            effects = {"again": [], "valid": []}
            run, step = dialog.run_id._origin, dialog.step_id._origin
            if dialog.operation == "return" and step in run._return_targets():
                effects = run._return_effects(step, dialog.resume)
            for name, steps in effects.items():
                dialog[name] = "; ".join(self._step_text(step) for step in steps)

    @api.model
    def _step_text(self, step):
        if not step["people"]:
            return step["name"]
        return f"{step['name']} ({', '.join(step['people'])})"

    @api.onchange("operation")
    def _onchange_operation(self):
        """The step just before is what most people mean; one alone is chosen already."""
        if self.operation == "return" and not self.step_id:
            self.step_id = self.run_id._return_targets().sorted("rank")[-1:]
        elif self.operation in ("bypass_ask", "bypass_confirm") and not self.step_id:
            self.step_id = self.target_ids[:1]
        elif self.operation == "replace" and not self.actor_id:
            self.actor_id = self.actor_ids[:1]

    def action_confirm(self):
        """Do it.

        :raise AccessError, UserError: what the operation of the run refuses
        """
        self.ensure_one()
        run = self.run_id
        if self.operation in ("approve", "refuse", "opinion"):
            words = self.comment if self.operation == "approve" else self.reason
            run.action_act(self.operation, words, base=self.base or "")
        elif self.operation == "return":
            run.action_return(self.step_id.id, self.reason, self.resume)
        elif self.operation == "transfer":
            run.action_transfer(self.user_id.id, self.reason)
        elif self.operation == "bypass_ask":
            run.action_bypass_ask(self.step_id.id, self.reason)
        elif self.operation == "bypass_confirm":
            run.action_bypass_confirm(self.step_id.id)
        elif self.operation == "replace":
            run.action_replace(self.actor_id.id, self.user_id.id, self.reason)
        elif self.operation == "add_step":
            run.action_add_step(
                self.kind, self.user_ids.ids, question=self.ask, days=self.days
            )
        else:
            getattr(run, f"action_{self.operation}")(self.reason)
        return {"type": "ir.actions.act_window_close"}
