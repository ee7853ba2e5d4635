from odoo import api, fields, models


class DeskBasketSetting(models.Model):
    """Where a basket stands on the home page of an administration, and whether it is there."""

    _name = "desk.basket.setting"
    _description = "Basket of an administration"
    _order = "sequence, id"

    basket_id = fields.Many2one(
        "desk.basket", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(default=10)
    is_shown = fields.Boolean("Shown", default=True)
    help = fields.Char(related="basket_id.help", string="When it is empty")
    is_filter = fields.Boolean("From a filter", compute="_compute_is_filter")

    _once = models.UniqueIndex("(basket_id, company_id)")

    @api.depends("basket_id")
    def _compute_is_filter(self):
        for setting in self:
            setting.is_filter = setting.basket_id._is_shared()

    @api.model
    def action_configure(self):
        """Open the baskets of the current administration, in their order.

        :return: window action
        :raise AccessError: not the functional administrator
        """
        self.check_access("write")
        company = self.env.company
        baskets = self.env["desk.basket"].search(
            [("company_id", "in", (company.id, False))]
        )
        # Nobody creates these rows himself: each basket has one where it is set up.
        settings_sudo = self.sudo()
        known = settings_sudo.search([("company_id", "=", company.id)]).basket_id
        settings_sudo.create(
            [
                {
                    "basket_id": basket.id,
                    "company_id": company.id,
                    "sequence": basket.sequence,
                }
                for basket in baskets - known.with_env(self.env)
            ]
        )
        return self.env["ir.actions.act_window"]._for_xml_id(
            "mail_desk.desk_basket_setting_action"
        )

    def action_unshare(self):
        """Take away the basket of this row, made of a filter.

        :return: window action of the settings
        :raise AccessError, UserError: see ``desk.basket.action_unshare``
        """
        self.check_access("write")
        self.basket_id.action_unshare()
        return self.action_configure()
