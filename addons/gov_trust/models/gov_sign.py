import logging

from odoo import api, models

from ..exceptions import SealRefused
from ..lib import acts, keys, lta, tsp

_logger = logging.getLogger(__name__)


class GovSign(models.AbstractModel):
    """Acts signed by persons, each with his or her own key, and closed by the seal."""

    _name = "gov.sign"
    _description = "Signature of acts"

    @api.model
    def _prepare(self, pdf, fields, company=None):
        """Create the empty fields of an act, all of them, before the first signature.

        Signatures that the document came with are kept when they allow it; a file that
        is certified or locked is refused, with the reason.

        :param bytes pdf: a PDF without form
        :param fields: list of :class:`~odoo.addons.gov_trust.lib.acts.Field`
        :param company: administration whose anchors judge earlier signatures
        :return: bytes of the prepared file; it begins with ``pdf``
        :raise SealRefused: this file cannot be prepared
        """
        try:
            return acts.prepare(pdf, fields, self._store(company))
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
        policy=None,
    ):
        """Sign with the key of the person who asks; checked strictly before it returns.

        The signature has a timestamp (B-T) when an authority gives one; without, it is
        B-B, which ``_check(…).level`` tells, and can be completed later.

        :param company: administration the act belongs to
        :param bytes pdf: a prepared act
        :param unlocked_key: what ``gov.key._unlock`` returned
        :param bytes appearance: one-page PDF drawn in the field
        :param policy: ``lib.cms.Policy`` that the signature follows, or None
        :return: bytes of the signed file; it begins with ``pdf``
        :raise SealUnavailable: this database may not seal, or the key has ended
        :raise SealRefused: this file cannot be signed
        """
        self._check_may_seal()
        self._check_in_use(unlocked_key)
        self._check_certificate(company, unlocked_key, acts.SIGNATURE)
        signed, _stamped = self._fill(
            company,
            pdf,
            field_name,
            unlocked_key,
            appearance=appearance,
            reason=reason,
            name=name,
            location=location,
            policy=policy,
        )
        return signed

    @api.model
    def _close(self, company, pdf, field_name, *, appearance=None, reason=None):
        """Close an act with the seal of an administration; checked before it returns.

        The closed file is taken to B-LTA as far as timestamp authority and revocation
        lists allow; what is missing is no error.

        :param company: administration whose seal closes it
        :param str field_name: the field that was prepared for the seal
        :return: bytes of the closed file; it begins with ``pdf``
        :raise SealUnavailable: no usable key, or this database may not seal
        :raise SealRefused: this file cannot be closed
        """
        self._check_may_seal()
        key = self.env["gov.key"]._get(company, "seal")._load()
        self._check_certificate(company, key, acts.SEAL)
        closed, stamped = self._fill(
            company, pdf, field_name, key, appearance=appearance, reason=reason
        )
        return self._extended(company, closed) if stamped else closed

    @api.model
    def _check(self, pdf, company=None):
        """Check an act strictly.

        :param company: administration whose anchors count, the current one by default
        :return: :class:`~odoo.addons.gov_trust.lib.acts.Act`
        :raise SealRefused: it does not hold, with what was found
        """
        try:
            act = acts.check(pdf, self._store(company))
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
    def _fill(self, company, pdf, field_name, key, **words):
        """Return (signed file, whether it has a timestamp), checked strictly."""
        signed, stamped = self._stamped(
            company,
            lambda stamp: self._signed(pdf, field_name, key, stamp, words),
        )
        self._check(signed, company)
        return signed, stamped

    @api.model
    def _stamped(self, company, sign):
        """Sign with a timestamp; without one when no authority gives it.

        :param sign: callable(stamp or None) that returns the signed file
        :return: (signed file, whether it has a timestamp)
        """
        # Whoever signs may not read the list of authorities; they are asked for him.
        stamp = self.env["gov.tsa"].sudo()._stamper(company)
        if stamp:
            try:
                return sign(stamp), True
            except tsp.TimestampUnavailable as error:
                # Its reason is kept with each authority; here it only costs the level.
                _logger.info("Signed without a timestamp: %s", error)
        return sign(None), False

    @api.model
    def _signed(self, pdf, field_name, key, stamp, words):
        words = {"appearance": None, **words}
        try:
            return acts.sign(pdf, field_name, key, stamp=stamp, **words)
        except acts.ActRefused as error:
            raise self._refused(error) from error
        except keys.KeyUnavailable as error:
            raise self.env["gov.key"]._token_unavailable(error) from error

    @api.model
    def _extended(self, company, pdf):
        """Take a closed file to B-LTA as far as it goes; the file itself when it fails."""
        # As for the timestamp of the signature.
        stamp = self.env["gov.tsa"].sudo()._stamper(company)
        try:
            extended = lta.extend(pdf, self._store(company), stamp)
            self._check(extended, company)
        except (lta.LtaRefused, SealRefused) as error:
            # It is asked for again by what completes signatures later.
            _logger.warning("A closed file could not be extended: %s", error)
            return pdf
        return extended

    @api.model
    def _store(self, company=None):
        return self.env["gov.anchor"]._store(company or self.env.company)

    @api.model
    def _refused(self, error):
        return SealRefused(
            self.env._("This document cannot be signed: %(reason)s.", reason=str(error))
        )
