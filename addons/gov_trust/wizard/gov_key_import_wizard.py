from odoo import fields, models


class GovKeyImportWizard(models.TransientModel):
    """Asks for the file of the key an administration seals with."""

    _name = "gov.key.import.wizard"
    _inherit = "gov.typed.wizard"
    _description = "Import a key"

    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        default=lambda self: self.env.company,
    )
    key_file = fields.Binary(
        string="File",
        store=False,
        attachment=False,
        help="PKCS#12 (.p12, .pfx) or PEM, with the key, its certificate and the chain.",
    )
    password = fields.Char(string="Password of the file", store=False)
    key_id = fields.Many2one("gov.key", readonly=True)

    def _typed_names(self):
        return ("key_file", "password")

    def action_confirm(self):
        """Show the key that was imported (``create`` did it).

        :return: the form of the key
        :rtype: dict
        """
        return self._show_key()

    def _apply(self, key_file, password):
        keys = self.env["gov.key"]
        self._keep_key(
            keys._import_seal(self.company_id, self._bytes(key_file), password)
        )
