from odoo import fields, models


class RegistryStartWizard(models.TransientModel):
    """Asks at which number a register adopted during the year goes on."""

    _name = "registry.start.wizard"
    _description = "Start the numbers of a register"

    register_id = fields.Many2one("registry.register", required=True, readonly=True)
    first_number = fields.Integer(required=True, default=2)
    act = fields.Char(
        required=True,
        help="Reference of the act that says so, for example the minutes of the closing "
        "of the paper register.",
    )
    act_date = fields.Date(
        string="Date of the act", required=True, default=fields.Date.context_today
    )

    def action_confirm(self):
        """Start the numbers there.

        :return: True
        """
        self.ensure_one()
        return self.register_id.action_start_at(
            first_number=self.first_number, act=self.act, act_date=self.act_date
        )
