from odoo import api, fields, models
from odoo.fields import Domain

READ_STATES = ("to_dispatch", "assigned", "done")


class RegistryLetter(models.Model):
    """Letters of an absent person, read by who stands in: what reaches a person and not a unit."""

    _inherit = "registry.letter"

    desk_stands_in = fields.Boolean(
        compute="_compute_desk_stands_in", search="_search_desk_stands_in"
    )

    @api.depends_context("uid")
    def _compute_desk_stands_in(self):
        found = self.search([("id", "in", self.ids), ("desk_stands_in", "=", True)])
        for letter in self:
            letter.desk_stands_in = letter in found

    @api.model
    def _search_desk_stands_in(self, operator, value):
        """Asked by the rules at each question, so that it ends by itself; it costs nothing to who stands in for nobody."""
        if operator != "in":
            return NotImplemented
        return Domain.OR(
            Domain("company_id", "=", row.company_id.id) & self._desk_lent(row)
            # What a person stands in for is asked about himself.
            for row in self.env.user.sudo().gov_replaces_ids
        )

    @api.model
    def _desk_lent(self, row):
        """What the absent person of this ``gov.substitute`` reads because it was given to, or asked of, him."""
        found, absent = Domain.FALSE, row.absent_id.id
        if row.for_work and not row.unit_id:
            given = [("user_id", "=", absent), ("state", "in", READ_STATES)]
            found |= Domain("assignment_ids", "any", given)
            found |= Domain("prepared_ids", "any", [("user_id", "=", absent)])
        if row.for_circuits:
            asked = [("user_id", "=", absent), ("state", "!=", "waiting")]
            for path in ("run_ids", "outgoing_ids.run_ids", "prepared_ids.run_ids"):
                found |= Domain(f"{path}.actor_ids", "any", asked)
        return found
