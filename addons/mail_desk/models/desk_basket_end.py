from odoo import api, models
from odoo.fields import Domain

from .desk_role_mixin import HEADS


class DeskBasket(models.Model):
    """Letters to end without a reply, and drafts on which an opinion is asked."""

    _inherit = "desk.basket"

    @api.model
    def _question_to_approve(self):
        waiting = Domain("desk_no_reply_at", "!=", False)
        if self._sees_all():
            return "registry.letter", waiting
        return "registry.letter", waiting & Domain(
            "desk_unit_id.gov_access_ids",
            "any",
            self._own_access(("role", "in", HEADS)),
        )

    @api.model
    def _question_draft_opinions(self):
        asked = [
            ("user_id", "=", self._whose().id),
            ("state", "=", "current"),
            ("step_id.kind", "=", "opinion"),
        ]
        return "desk.outgoing", self._asked_in_run(asked)
