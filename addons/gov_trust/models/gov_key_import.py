from cryptography.hazmat.primitives import serialization

from odoo import api, models
from odoo.exceptions import UserError

from ..lib import ca, enroll, keys, pin as pins


class GovKey(models.Model):
    """Keys that come in a file: PKCS#12 or PEM."""

    _inherit = "gov.key"

    @api.model
    def _import_seal(self, company, blob, password):
        """Import the key an administration seals with; the one before is retired.

        A new certificate on the key in use is added to it. Neither the file nor its
        password is kept.

        :param company: ``res.company`` record
        :param bytes blob: PKCS#12 or PEM with key, certificate and chain
        :param str password: as typed, or empty
        :return: the key (superuser)
        :raise AccessError: the caller is no trust officer of that administration
        :raise EnrolmentRefused: the file or the certificate does not do, with why
        :raise SealUnavailable: the master key cannot be used, or this is a copy
        """
        self._check_may_enrol(company)
        self._master()
        material = self._read_material(blob, password)
        return self._import(company, material)

    @api.model
    def _import_personal(self, user, company, blob, password, pin):
        """Import the key a person signs with, under a PIN of his or her own.

        :param user: ``res.users``: the person who asks
        :param company: administration the person signs for
        :param bytes blob: PKCS#12 or PEM with key, certificate and chain
        :param str password: of the file, as typed, or empty
        :param str pin: 6 to 12 digits, hard to guess; kept nowhere
        :return: the key (superuser)
        :raise AccessError: somebody else's key
        :raise PinRefused: the PIN does not do
        :raise EnrolmentRefused: the file or the certificate does not do, with why
        :raise SealUnavailable: the master key cannot be used, or this is a copy
        """
        self._check_may_enrol(company, user)
        chosen = self._check_new_pin(pin)
        self._master()
        material = self._read_material(blob, password)
        return self._import(company, material, user, chosen)

    @api.model
    def _read_material(self, blob, password):
        if not blob:
            raise UserError(
                self.env._("Choose the file that holds the key and its certificate.")
            )
        try:
            return enroll.read(blob, password or None)
        except enroll.EnrolRefused as error:
            raise self._enrolment_refused(error) from error

    @api.model
    def _import(self, company, material, user=None, pin=None):
        path, recognised_by = self._check_enrolled(
            material.certificate, material.others, company, user
        )
        mark = keys.fingerprint(material.private_key.public_key())
        purpose = ca.PERSON if user else ca.SEAL
        in_use_sudo = self._alone(company, purpose, user)
        if in_use_sudo.fingerprint == mark and in_use_sudo.kind == "software":
            # The same key with a certificate that was renewed.
            self._check_new(None, material.certificate)
            key_sudo = in_use_sudo
        else:
            self._check_new(mark, material.certificate)
            key_sudo = self._keep(
                company, purpose, mark, user, origin="imported", state="waiting"
            )
        key_sudo._keep_private(material.private_key, pin)
        return key_sudo._certified("key.imported", path, recognised_by)

    def _keep_private(self, private, pin=None):
        """Encrypt a private key for this record, under the PIN of a person."""
        plain = private.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        if pin is None:
            self._keep_secret(plain)
            return
        stretch = pins.Stretch.new()
        self._keep_secret(plain, stretch(pin), str(stretch))
