from odoo import api, fields, models

from ..lib import token, token_session
from ..models.gov_key_request import ALGORITHMS


class GovKeyRequestWizard(models.TransientModel):
    """Asks which key to make for a request to an authority."""

    _name = "gov.key.request.wizard"
    _inherit = "gov.typed.wizard"
    _description = "Request a certificate"

    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        default=lambda self: self.env.company,
    )
    place = fields.Selection(
        [
            ("software", "On this server, encrypted"),
            ("token", "In a token of the server"),
        ],
        string="Where the key lies",
        required=True,
        default="software",
    )
    algorithm = fields.Selection(
        ALGORITHMS, string="Kind of key", required=True, default="p256"
    )
    library = fields.Selection("_select_library")
    token_label = fields.Char(string="Label of the token")
    key_label = fields.Char(string="Label of the new key")
    key_ident = fields.Char(string="Id of the new key", default="01")
    token_pin = fields.Char(string="PIN of the token", store=False)
    key_id = fields.Many2one("gov.key", readonly=True)

    @api.model
    def _select_library(self):
        return [(name, name) for name in sorted(token_session.libraries())]

    def _typed_names(self):
        return ("token_pin",)

    def action_confirm(self):
        """Show the key with its request (``create`` made them).

        :return: the form of the key
        :rtype: dict
        """
        return self._show_key()

    def _apply(self, token_pin):
        keys = self.env["gov.key"]
        if self.place == "software":
            key = keys._request_seal(self.company_id, self.algorithm)
        else:
            place = token.Place(
                self.library or "",
                self.token_label or "",
                self.key_label or "",
                self.key_ident or "",
            )
            key = keys._request_token(
                self.company_id, self.algorithm, place, token_pin or ""
            )
        self._keep_key(key)
