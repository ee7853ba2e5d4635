import logging

from odoo import api, models

from ..exceptions import SealRefused
from ..lib import keys, lta, pades

_logger = logging.getLogger(__name__)


class GovSeal(models.AbstractModel):
    """The seal of an administration on a PDF."""

    _name = "gov.seal"
    _description = "Seal"

    @api.model
    def _issuer(self, company):
        """Who issues, as certificates, QR codes and proofs say it.

        Addons that know better (official code, name, zone) override this.

        :param company: ``res.company`` record, empty for the platform
        :return: dict with ``name``, ``code``, ``country`` (two letters or empty)
            and ``tz``
        """
        # Names of administrations are public; the caller may see another company.
        company_sudo = (company or self.env.ref("base.main_company")).sudo()
        return {
            "name": company_sudo.name,
            "code": company_sudo.company_registry or f"A{company_sudo.id}",
            "country": company_sudo.country_id.code or "",
            "tz": company_sudo.partner_id.tz or "UTC",
        }

    @api.model
    def _seal_pdf(self, company, pdf, *, field_name="Seal", reason=None, level="B-T"):
        """Seal a PDF with the key of an administration (PAdES).

        The result is checked strictly before it is returned. A level that needs a
        timestamp is reached when an authority gives one; without, the seal is B-B.

        :param company: ``res.company`` record
        :param bytes pdf: an unsigned PDF
        :param str field_name: name of the signature field
        :param str reason: shown by readers beside the seal
        :param str level: ``B-B``, ``B-T``, ``B-LT`` or ``B-LTA``
        :return: bytes of the sealed file; it begins with ``pdf``
        :raise SealUnavailable: no usable key, or this database may not seal
        :raise SealRefused: this file cannot be sealed
        """
        signs = self.env["gov.sign"]
        signs._check_may_seal()
        key = self.env["gov.key"]._get(company, "seal")._load()
        signs._check_certificate(company, key, "seal")

        def seal(stamp):
            return pades.seal(
                pdf, key, field_name=field_name, reason=reason, stamp=stamp
            )

        store = self.env["gov.anchor"]._store(company)
        try:
            if level == "B-B":
                sealed, stamped = seal(None), False
            else:
                sealed, stamped = signs._stamped(company, seal)
            pades.check(sealed, store)
        except (pades.SealBroken, pades.NotSealed) as error:
            raise SealRefused(
                self.env._(
                    "This document cannot be sealed: %(reason)s. Make the file again "
                    "and retry.",
                    reason=str(error),
                )
            ) from error
        except keys.KeyUnavailable as error:
            raise self.env["gov.key"]._token_unavailable(error) from error
        if stamped and level in ("B-LT", "B-LTA"):
            return self._extended(company, sealed, level)
        return sealed

    @api.model
    def _extended(self, company, sealed, level):
        """Take a sealed file further, as far as it goes; itself when that fails."""
        store = self.env["gov.anchor"]._store(company)
        # Whoever seals may not read the list of authorities; they are asked for him.
        stamp = self.env["gov.tsa"].sudo()._stamper(company)
        try:
            extended = lta.extend(sealed, store, stamp, level)
            pades.check(extended, store)
        except (lta.LtaRefused, pades.SealBroken) as error:
            # It is asked for again by what completes signatures later.
            _logger.warning("A sealed file could not be extended: %s", error)
            return sealed
        return extended
