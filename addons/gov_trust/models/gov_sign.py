from odoo import api, models

from ..exceptions import SealRefused, SealUnavailable
from ..lib import acts, ca


class GovSign(models.AbstractModel):
    """Acts signed by persons, each with his or her own key, and closed by the seal."""

    _name = "gov.sign"
    _description = "Signature of acts"

    @api.model
    def _prepare(self, pdf, fields):
        """Create the empty fields of an act, all of them, before the first signature.

        :param bytes pdf: an unsigned PDF
        :param fields: list of :class:`~odoo.addons.gov_trust.lib.acts.Field`
        :return: bytes of the prepared file; it begins with ``pdf``
        :raise SealRefused: this file cannot be prepared
        """
        try:
            return acts.prepare(pdf, fields)
        except acts.ActRefused as error:
            raise self._refused(error) from error

    @api.model
    def _add_field(self, pdf, field):
        """Create a field for a signer who was not foreseen; sign it at once.

        :raise SealRefused: the act is closed, or the box is taken
        """
        try:
            return acts.add_field(pdf, field)
        except acts.ActRefused as error:
            raise self._refused(error) from error

    @api.model
    def _sign(
        self,
        company,
        pdf,
        field_name,
        unlocked_key,
        *,
        appearance=None,
        reason=None,
        name=None,
        location=None,
    ):
        """Sign with the key of the person who asks; checked strictly before it returns.

        :param company: administration the act belongs to
        :param bytes pdf: a prepared act
        :param unlocked_key: what ``gov.key._unlock`` returned
        :param bytes appearance: one-page PDF drawn in the field
        :return: bytes of the signed file; it begins with ``pdf``
        :raise SealUnavailable: this database may not seal, or the key has ended
        :raise SealRefused: this file cannot be signed
        """
        self._check_may_seal()
        self._check_in_use(unlocked_key)
        return self._fill(
            pdf, field_name, unlocked_key, appearance, reason, name, location
        )

    @api.model
    def _close(self, company, pdf, field_name, *, appearance=None, reason=None):
        """Close an act with the seal of an administration; checked before it returns.

        :param company: administration whose seal closes it
        :param str field_name: the field that was prepared for the seal
        :return: bytes of the closed file; it begins with ``pdf``
        :raise SealUnavailable: no usable key, or this database may not seal
        :raise SealRefused: this file cannot be closed
        """
        self._check_may_seal()
        key = self.env["gov.key"]._get(company, "seal")._load()
        return self._fill(pdf, field_name, key, appearance, reason, None, None)

    @api.model
    def _check(self, pdf):
        """Check an act strictly.

        :return: :class:`~odoo.addons.gov_trust.lib.acts.Act`
        :raise SealRefused: it does not hold, with what was found
        """
        try:
            act = acts.check(pdf, self._roots())
        except acts.ActBroken as error:
            raise SealRefused(
                self.env._(
                    "The signatures of this document do not hold: %(reason)s.",
                    reason=str(error),
                )
            ) from error
        self._check_revoked(act)
        return act

    # ------------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------------
    @api.model
    def _fill(self, pdf, field_name, key, appearance, reason, name, location):
        try:
            signed = acts.sign(
                pdf,
                field_name,
                key,
                appearance=appearance,
                reason=reason,
                name=name,
                location=location,
            )
        except acts.ActRefused as error:
            raise self._refused(error) from error
        self._check(signed)
        return signed

    @api.model
    def _check_may_seal(self):
        identity = self.env["gov.trust.identity"]
        if not identity._may_seal():
            raise SealUnavailable(identity._explain())

    @api.model
    def _check_in_use(self, loaded):
        """A key that was retired or revoked since it was opened signs nothing."""
        # Whoever signs may not read the list of keys; only the state is compared.
        keys_sudo = self.env["gov.key"].sudo()
        key_sudo = keys_sudo.search([("fingerprint", "=", loaded.fingerprint)])
        state = key_sudo and self.env["gov.key.attempt"]._state_of(key_sudo.id)
        if key_sudo.state != "active" or (state or "active") != "active":
            raise SealUnavailable(
                self.env._(
                    "This key was retired or revoked: it signs nothing any more. Make "
                    "a new one (your name at the top of the screen ▸ My signature)."
                )
            )

    @api.model
    def _check_revoked(self, act):
        """Refuse what claims to be signed after its key was revoked."""
        # Certificates are public; the person who checks may have no right on keys.
        certificates_sudo = self.env["gov.certificate"].sudo()
        revoked_sudo = certificates_sudo.search(
            [
                ("sha256", "in", [one.certificate_sha256 for one in act.signatures]),
                ("key_id.state", "=", "revoked"),
            ]
        )
        ended = {one.sha256: one.key_id.ended_at for one in revoked_sudo}
        for found in act.signatures:
            moment = ended.get(found.certificate_sha256)
            if moment and found.claimed_at.replace(tzinfo=None) > moment:
                raise SealRefused(
                    self.env._(
                        "The signature of %(name)s was made after the key was revoked: "
                        "it does not count.",
                        name=found.name,
                    )
                )

    @api.model
    def _roots(self):
        return [
            der for pem in self.env["gov.certificate"]._roots() for der in ca.der(pem)
        ]

    @api.model
    def _refused(self, error):
        return SealRefused(
            self.env._("This document cannot be signed: %(reason)s.", reason=str(error))
        )
