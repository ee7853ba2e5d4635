from odoo import api, fields, models
from odoo.fields import Domain


class ParapheurFolder(models.Model):
    """Who stands in for an absent person reads and acts in his place, but never signs."""

    _inherit = "parapheur.folder"

    stands_in = fields.Boolean(
        compute="_compute_stands_in",
        search="_search_stands_in",
        help="The reader stands in for somebody whose turn has come in this folder.",
    )

    @api.depends_context("uid")
    def _compute_stands_in(self):
        found = self.search([("id", "in", self.ids), ("stands_in", "=", True)])
        for folder in self:
            folder.stands_in = folder in found

    @api.model
    def _search_stands_in(self, operator, value):
        """Asked by the rules at each question, so that it ends by itself; nothing is asked of who stands in for nobody."""
        if operator != "in":
            return NotImplemented
        # What a person stands in for is asked about himself.
        user_sudo = self.env.user.sudo()
        return Domain.OR(
            Domain("company_id", "=", row.company_id.id)
            & Domain("actor_ids", "in", row.absent_id.ids)
            for row in user_sudo.gov_replaces_ids.filtered("for_circuits")
        )

    def _why_me(self, actor):
        """Why the user acts: the reason of who was asked, and that he stands in."""
        reason = actor.reason or ""
        if not actor or actor.user_id == self.env.user:
            return reason
        return self.env._(
            "You stand in for %(name)s, who is absent. %(why)s",
            name=actor.name,
            why=reason,
        )
