from odoo import api, models
from odoo.fields import Domain

from .desk_role_mixin import HEADS


class DeskBasket(models.Model):
    """Letters whose agents ask to end them without a reply."""

    _inherit = "desk.basket"

    @api.model
    def _question_to_approve(self):
        waiting = Domain("desk_no_reply_at", "!=", False)
        if self.env.user.has_group("mail_desk.group_mail_desk_supervisor"):
            return "registry.letter", waiting
        return "registry.letter", waiting & Domain(
            "desk_unit_id.gov_access_ids",
            "any",
            [("user_id", "=", self.env.uid), ("role", "in", HEADS)],
        )
