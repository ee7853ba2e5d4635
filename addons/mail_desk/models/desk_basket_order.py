from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class DeskBasket(models.Model):
    """The order of the home page, and what is on it, as each administration sets them."""

    _inherit = "desk.basket"

    is_shown = fields.Boolean(compute="_compute_is_shown", search="_search_is_shown")

    @api.depends_context("company")
    def _compute_is_shown(self):
        shown = self.search([("id", "in", self.ids), ("is_shown", "=", True)])
        for basket in self:
            basket.is_shown = basket in shown

    @api.model
    def _search_is_shown(self, operator, value):
        if operator != "in":
            return NotImplemented
        # How the home page is set up is no secret of the administrator.
        settings_sudo = self.env["desk.basket.setting"].sudo()
        hidden = settings_sudo._search(
            [("company_id", "=", self.env.company.id), ("is_shown", "=", False)]
        )
        return Domain("id", "not in", hidden.subselect("basket_id"))

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name != "sequence":
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        self.env["desk.basket.setting"].flush_model(["sequence"])
        return SQL(
            """COALESCE((SELECT s.sequence FROM desk_basket_setting s
                          WHERE s.basket_id = %s AND s.company_id = %s), %s) %s %s""",
            SQL.identifier(alias, "id"),
            self.env.company.id,
            SQL.identifier(alias, "sequence"),
            direction,
            nulls,
        )
