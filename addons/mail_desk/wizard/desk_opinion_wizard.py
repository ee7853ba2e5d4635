from odoo import api, fields, models


class DeskOpinionWizard(models.TransientModel):
    """Asks who is to give an opinion on a letter or a draft, about what and in how many days."""

    _name = "desk.opinion.wizard"
    _description = "Ask an opinion"

    letter_id = fields.Many2one("registry.letter", readonly=True)
    outgoing_id = fields.Many2one("desk.outgoing", readonly=True)
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    user_ids = fields.Many2many(
        "res.users",
        string="Whom",
        required=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id), "
        "('id', '!=', uid)]",
    )
    question = fields.Char(required=True, size=240)
    days = fields.Integer(string="Days to answer", default=5)

    @api.depends("letter_id", "outgoing_id")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = (wizard.outgoing_id or wizard.letter_id).company_id

    def action_confirm(self):
        """Ask the persons.

        :return: action that closes the form
        """
        self.ensure_one()
        (self.outgoing_id or self.letter_id).action_ask_opinion(
            user_ids=self.user_ids.ids, question=self.question, days=self.days
        )
        return {"type": "ir.actions.act_window_close"}
