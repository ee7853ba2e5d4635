from odoo import api, fields, models


class RegistryLetter(models.Model):
    """Why a registered letter has no number yet, when that is no matter of a moment."""

    _inherit = "registry.letter"

    number_waits_for = fields.Char(
        "What the number waits for", compute="_compute_number_waits_for"
    )

    @api.depends("is_number_pending")
    def _compute_number_waits_for(self):
        identity = self.env["gov.trust.identity"]
        for letter in self:
            waits = letter.is_number_pending and not identity._may_seal()
            letter.number_waits_for = identity._explain() if waits else False
