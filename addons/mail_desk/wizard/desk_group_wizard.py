from odoo import api, fields, models


class DeskGroupWizard(models.TransientModel):
    """Proposes the letters that resemble one, to be answered together."""

    _name = "desk.group.wizard"
    _description = "Answer like letters together"

    letter_id = fields.Many2one("registry.letter", required=True, readonly=True)
    letter_ids = fields.Many2many(
        "registry.letter",
        string="Like letters",
        compute="_compute_letter_ids",
        compute_sudo=False,
        store=True,
        readonly=False,
        domain="[('company_id', '=', company_id), ('desk_state', 'in', ('to_dispatch', 'assigned')), ('id', '!=', letter_id)]",
    )
    company_id = fields.Many2one(related="letter_id.company_id")

    @api.depends("letter_id")
    def _compute_letter_ids(self):
        for wizard in self:
            wizard.letter_ids = wizard.letter_id and wizard.letter_id._desk_similar()

    def action_confirm(self):
        """Begin the common answer.

        :return: window action of the common letter
        """
        self.ensure_one()
        return self.letter_id.action_answer_together(self.letter_ids.ids)
