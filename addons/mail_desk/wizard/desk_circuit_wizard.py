from odoo import api, fields, models

from ..models.registry_letter_circuit import KINDS


class DeskCircuitWizard(models.TransientModel):
    """Asks which circuit starts on a letter, and shows who acts in it."""

    _name = "desk.circuit.wizard"
    _description = "Start a circuit"

    letter_id = fields.Many2one("registry.letter", required=True, readonly=True)
    company_id = fields.Many2one(related="letter_id.company_id")
    circuit_ids = fields.Many2many(
        "gov.circuit", string="Circuits", compute="_compute_circuit_ids"
    )
    circuit_id = fields.Many2one(
        "gov.circuit",
        compute="_compute_circuit_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', circuit_ids)]",
    )
    chosen_step_id = fields.Many2one(
        "gov.circuit.step", compute="_compute_chosen_step_id"
    )
    user_ids = fields.Many2many(
        "res.users",
        string="Whom",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="For the steps where you choose.",
    )
    preview = fields.Text(string="Who acts", compute="_compute_chosen_step_id")

    @api.depends("letter_id")
    def _compute_circuit_ids(self):
        for wizard in self:
            published = self.env["gov.circuit"].search(
                [
                    ("company_id", "=", wizard.company_id.id),
                    ("state", "=", "published"),
                ]
            )
            wizard.circuit_ids = published.filtered(
                lambda circuit: set(circuit.step_ids.mapped("kind")) <= KINDS
            )

    @api.depends("letter_id")
    def _compute_circuit_id(self):
        for wizard in self:
            # The usual circuit of a letter is proposed to whoever reads the letter.
            choices = self.env["desk.circuit.choice"]._for_letter(
                wizard.letter_id, "letter"
            )
            usual_sudo = choices[:1].sudo().circuit_id
            known = usual_sudo and usual_sudo._family("published")
            wizard.circuit_id = known.with_env(self.env)

    @api.depends("circuit_id")
    def _compute_chosen_step_id(self):
        for wizard in self:
            steps = wizard.circuit_id.step_ids
            wizard.chosen_step_id = steps.filtered(
                lambda step: step.actor_rule == "chosen"
            )[:1]
            wizard.preview = "\n".join(
                f"{step.rank}. {step.name} – {step.actor_text}" for step in steps
            )

    def action_confirm(self):
        """Start the circuit.

        :return: action that closes the form
        """
        self.ensure_one()
        steps = self.circuit_id.step_ids.filtered(
            lambda step: step.actor_rule == "chosen"
        )
        self.letter_id.action_start_circuit(
            self.circuit_id.id or 0, {step.id: self.user_ids.ids for step in steps}
        )
        return {"type": "ir.actions.act_window_close"}
