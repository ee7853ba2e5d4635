from odoo import models


class DeskOutgoing(models.Model):
    """A reply that moves on moves the letter it answers to another stage."""

    _inherit = "desk.outgoing"

    def _desk_write(self, vals):
        result = super()._desk_write(vals)
        if "state" in vals and self.answers_id:
            self.env["desk.passage"]._follow(self.answers_id)
        return result
