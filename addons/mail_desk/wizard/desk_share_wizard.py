from odoo import api, fields, models

from ..models.desk_basket_filter import AUDIENCES, LISTS


class DeskShareWizard(models.TransientModel):
    """Asks which filter becomes a basket, and for whom; it decides nothing itself."""

    _name = "desk.share.wizard"
    _description = "Share a filter as a basket"

    allowed_filter_ids = fields.Many2many(
        "ir.filters", compute="_compute_allowed_filter_ids"
    )
    filter_id = fields.Many2one(
        "ir.filters",
        required=True,
        ondelete="cascade",
        domain="[('id', 'in', allowed_filter_ids)]",
    )
    name = fields.Char("Name of the basket")
    audience = fields.Selection(AUDIENCES, "For", required=True, default="people")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    unit_ids = fields.Many2many(
        "hr.department",
        string="Units",
        domain="[('company_id', '=', company_id)]",
        default=lambda self: self._default_unit_ids(),
    )

    @api.model
    def _default_unit_ids(self):
        return self.env["gov.access"]._units(
            self.env.user, ["head"], self.env.company, own=True
        )[:1]

    @api.depends_context("uid")
    def _compute_allowed_filter_ids(self):
        self.allowed_filter_ids = self.env["ir.filters"].search(
            [
                ("model_id", "in", LISTS),
                ("user_ids", "in", [self.env.uid, False]),
            ]
        )

    @api.onchange("filter_id")
    def _onchange_filter_id(self):
        self.name = self.filter_id.name

    def action_confirm(self):
        """Share the filter, and show the home page.

        :return: window action
        :raise AccessError, UserError: see ``desk.basket.action_share``
        """
        self.ensure_one()
        self.env["desk.basket"].action_share(
            self.filter_id.id, self.name, self.unit_ids.ids, self.audience
        )
        return self.env["ir.actions.act_window"]._for_xml_id(
            "mail_desk.desk_basket_action"
        )
