from odoo import api, fields, models

from ..lib import token, token_session


class GovKeyTokenWizard(models.TransientModel):
    """Asks where in a token of the server the key of a seal lies."""

    _name = "gov.key.token.wizard"
    _inherit = "gov.typed.wizard"
    _description = "Use a token"

    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        default=lambda self: self.env.company,
    )
    has_library = fields.Boolean(compute="_compute_has_library")
    library = fields.Selection("_select_library", help="As odoo.conf names it.")
    token_label = fields.Char(string="Label of the token")
    key_label = fields.Char(string="Label of the key")
    key_ident = fields.Char(string="Id of the key", help="Hexadecimal.")
    token_pin = fields.Char(string="PIN of the token", store=False)
    certificate_file = fields.Binary(
        string="Certificate",
        store=False,
        attachment=False,
        help="PEM, DER or PKCS#7 (.pem, .crt, .cer, .p7b), with the chain.",
    )
    key_id = fields.Many2one("gov.key", readonly=True)

    @api.model
    def _select_library(self):
        return [(name, name) for name in sorted(token_session.libraries())]

    def _compute_has_library(self):
        found = bool(token_session.libraries())
        for wizard in self:
            wizard.has_library = found

    def _typed_names(self):
        return ("token_pin", "certificate_file")

    def action_confirm(self):
        """Show the key that is used from now on (``create`` enrolled it).

        :return: the form of the key
        :rtype: dict
        """
        return self._show_key()

    def _apply(self, token_pin, certificate_file):
        place = token.Place(
            self.library or "",
            self.token_label or "",
            self.key_label or "",
            self.key_ident or "",
        )
        self._keep_key(
            self.env["gov.key"]._use_token(
                self.company_id, place, token_pin or "", self._bytes(certificate_file)
            )
        )
