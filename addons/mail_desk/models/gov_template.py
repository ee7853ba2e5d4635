from odoo import api, fields, models
from odoo.tools import format_date


class GovTemplate(models.Model):
    """What a template of a reply, a letter or a note may say of the letter it answers."""

    _inherit = "gov.template"

    @api.model
    def _merge_keys(self, kind):
        keys = super()._merge_keys(kind)
        if kind not in ("letter", "note"):
            return keys
        return {
            **keys,
            "letter_number": self.env._("Number of the letter answered"),
            "letter_date": self.env._("Date of the letter answered"),
            "letter_subject": self.env._("Subject of the letter answered"),
            "sender": self.env._("Sender of the letter answered"),
            "sender_reference": self.env._("Reference of the sender"),
            "recipient": self.env._("Recipient"),
            "signatory": self.env._("Who signs"),
        }

    @api.model
    def _merge_samples(self, kind):
        samples = super()._merge_samples(kind)
        if kind not in ("letter", "note"):
            return samples
        return {
            **samples,
            "letter_number": "2026/000142",
            "letter_date": format_date(self.env, fields.Date.context_today(self)),
            "letter_subject": self.env._("Request for a permit"),
            "sender": "محمد بن علال",
            "sender_reference": "12/2026",
            "recipient": "محمد بن علال",
            "signatory": self.env.user.name,
        }
