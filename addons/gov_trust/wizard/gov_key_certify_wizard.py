from odoo import fields, models


class GovKeyCertifyWizard(models.TransientModel):
    """Asks for the certificate that an authority issued for a key."""

    _name = "gov.key.certify.wizard"
    _inherit = "gov.typed.wizard"
    _description = "Import the certificate of a key"

    key_id = fields.Many2one("gov.key", required=True, readonly=True)
    state = fields.Selection(related="key_id.state")
    certificate_file = fields.Binary(
        string="Certificate",
        store=False,
        attachment=False,
        help="PEM, DER or PKCS#7 (.pem, .crt, .cer, .p7b), with the chain.",
    )

    def _typed_names(self):
        return ("certificate_file",)

    def action_confirm(self):
        """Show the key with its certificate (``create`` imported it).

        :return: the form of the key
        :rtype: dict
        """
        return self._show_key()

    def _apply(self, certificate_file):
        self.key_id.check_access("read")
        self.key_id._certify_with(self._bytes(certificate_file))
