from odoo import api, models

from ..exceptions import SealRefused, SealUnavailable
from ..lib import pades


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
    def _seal_pdf(self, company, pdf, *, field_name="Seal", reason=None):
        """Seal a PDF with the key of an administration (PAdES B-B).

        The result is checked strictly before it is returned.

        :param company: ``res.company`` record
        :param bytes pdf: an unsigned PDF
        :param str field_name: name of the signature field
        :param str reason: shown by readers beside the seal
        :return: bytes of the sealed file; it begins with ``pdf``
        :raise SealUnavailable: no usable key, or this database may not seal
        :raise SealRefused: this file cannot be sealed
        """
        identity = self.env["gov.trust.identity"]
        if not identity._may_seal():
            raise SealUnavailable(identity._explain())
        key = self.env["gov.key"]._get(company, "seal")._load()
        try:
            sealed = pades.seal(pdf, key, field_name=field_name, reason=reason)
            pades.check(sealed, key.chain[-1:])
        except (pades.SealBroken, pades.NotSealed) as error:
            raise SealRefused(
                self.env._(
                    "This document cannot be sealed: %(reason)s. Make the file again "
                    "and retry.",
                    reason=str(error),
                )
            ) from error
        return sealed
