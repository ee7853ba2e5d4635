from odoo import api, fields, models

from ..exceptions import SealUnavailable
from ..lib import master, secret_text


class GovTsaSecret(models.Model):
    """Password for a timestamp authority, encrypted. No group has any right on it."""

    _name = "gov.tsa.secret"
    _description = "Password of a timestamp authority"
    _rec_name = "master_fingerprint"

    tsa_id = fields.Many2one(
        "gov.tsa", required=True, readonly=True, index=True, ondelete="cascade"
    )
    ciphertext = fields.Text(required=True, readonly=True, help="Base64.")
    nonce = fields.Char(required=True, readonly=True, help="Hexadecimal.")
    master_fingerprint = fields.Char(string="Master key", required=True, readonly=True)

    _tsa_uniq = models.UniqueIndex("(tsa_id)")

    @api.model
    def _keep(self, authority, password):
        """Replace the password of an authority; an empty one forgets it.

        :param authority: ``gov.tsa``
        :raise SealUnavailable: the master key cannot be used
        """
        # No group has a right on secrets; the caller may write the authority.
        secrets_sudo = self.sudo()
        secrets_sudo.search([("tsa_id", "=", authority.id)]).unlink()
        if password:
            opened = self.env["gov.key"]._master()
            sealed = secret_text.seal(opened, self._place(authority), password)
            secrets_sudo.create({"tsa_id": authority.id, **sealed})

    @api.model
    def _reveal(self, authority):
        """Return the password of an authority, or an empty text.

        :raise SealUnavailable: it was encrypted under another master key
        """
        # Only the platform reads it, to hand it to the authority it belongs to.
        secrets_sudo = self.sudo()
        stored_sudo = secrets_sudo.search([("tsa_id", "=", authority.id)])
        if not stored_sudo:
            return ""
        values = stored_sudo.read(["ciphertext", "nonce", "master_fingerprint"])[0]
        keys = self.env["gov.key"]
        try:
            return secret_text.unseal(keys._master(), self._place(authority), values)
        except master.MasterKeyError as error:
            raise SealUnavailable(
                self.env._(
                    "The password of this authority cannot be opened with the master "
                    "key in use. Type it again."
                )
            ) from error

    @api.model
    def _place(self, authority):
        return f"gov.tsa {authority.id}"
