from odoo import fields, models


class DeskOpinionWizard(models.TransientModel):
    """Asks who is to give an opinion on a letter, about what and in how many days."""

    _name = "desk.opinion.wizard"
    _description = "Ask an opinion"

    letter_id = fields.Many2one("registry.letter", required=True, readonly=True)
    company_id = fields.Many2one(related="letter_id.company_id")
    user_ids = fields.Many2many(
        "res.users",
        string="Whom",
        required=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id), "
        "('id', '!=', uid)]",
    )
    question = fields.Char(required=True, size=240)
    days = fields.Integer(string="Days to answer", default=5)

    def action_confirm(self):
        """Ask the persons.

        :return: action that closes the form
        """
        self.ensure_one()
        self.letter_id.action_ask_opinion(
            user_ids=self.user_ids.ids, question=self.question, days=self.days
        )
        return {"type": "ir.actions.act_window_close"}
