from odoo import api, fields, models


class DeskHandoverTarget(models.Model):
    """Who gets the letters of a unit; several share them."""

    _name = "desk.handover.target"
    _description = "Receivers of what is handed over"
    _order = "id"
    _check_company_auto = True

    handover_id = fields.Many2one(
        "desk.handover", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="handover_id.company_id", store=True)
    unit_id = fields.Many2one(
        "hr.department",
        string="What is in the unit",
        check_company=True,
        ondelete="cascade",
        domain="[('company_id', '=', company_id)]",
        help="Empty: everything else, opinions and validations.",
    )
    user_ids = fields.Many2many(
        "res.users",
        "desk_handover_target_user_rel",
        "target_id",
        "user_id",
        string="To",
        required=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )

    @api.model_create_multi
    def create(self, vals_list):
        targets = super().create(vals_list)
        targets.handover_id._check_open()
        return targets

    def write(self, vals):
        self.handover_id._check_open()
        result = super().write(vals)
        self.handover_id._check_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_from_open(self):
        self.handover_id._check_open()
