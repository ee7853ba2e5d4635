import datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..lib import anchors, ca, trust
from .gov_anchor import OFFICER


class GovAnchor(models.Model):
    """How an authority comes to be proposed."""

    _inherit = "gov.anchor"

    @api.model
    def _propose(
        self,
        certificate,
        *,
        level,
        uses,
        purpose,
        company=None,
        name=None,
        intermediates=b"",
        since=None,
        until=None,
        crl_urls="",
        crl_fetch=False,
    ):
        """Propose an authority; another person enables it.

        :param bytes certificate: PEM or DER of the root, as uploaded
        :param str level: simple, advanced or qualified
        :param uses: some of signature, seal, timestamp
        :param str purpose: why it is trusted
        :param company: ``res.company``, or nothing for the whole platform
        :param bytes intermediates: PEM of the authorities below it
        :param since: naive UTC datetimes of trust, as ``until``
        :param str crl_urls: addresses of its revocation lists, one a line
        :param bool crl_fetch: the platform calls them by itself
        :return: the anchor
        :raise AccessError: not a trust officer, or not of that administration
        :raise UserError: it does not do, with what was found
        """
        company = company or self.env["res.company"]
        self._check_officer(company)
        uses = set(uses)
        if level not in trust.LEVELS or not uses or uses - set(trust.USES):
            raise UserError(
                self.env._("Choose a level and at least one use for the authority.")
            )
        purpose = self._plain(purpose)
        if not purpose:
            raise UserError(self.env._("Say why this authority is to be trusted."))
        if since and until and since >= until:
            raise UserError(self.env._("Trust has to begin before it ends."))
        der, below = self._read_upload(certificate, intermediates)
        told = anchors.describe(der)
        self._check_new(told["sha256"], company)
        given = self._plain(name) or self._plain(told["name"]) or told["sha256"][:16]
        told.pop("name")
        urls = self.env["gov.anchor.list"]._check_urls(crl_urls)
        # Nobody may write anchors; the role was checked above.
        anchors_sudo = self.sudo()
        anchor_sudo = anchors_sudo.create(
            {
                **told,
                "name": given,
                "company_id": company.id,
                "level": level,
                **{f"use_{use}": use in uses for use in trust.USES},
                "purpose": purpose,
                "since": since,
                "until": until,
                "pem": ca.pem(der),
                "chain_pem": "".join(map(ca.pem, below)) or False,
                "crl_urls": "\n".join(urls) or False,
                "crl_fetch": bool(crl_fetch and urls),
                "proposed_by_id": self.env.uid,
                "proposed_at": fields.Datetime.now(),
            }
        )
        anchor = self.browse(anchor_sudo.id)
        anchor._tell("anchor.proposed", purpose=purpose)
        return anchor

    @api.model
    def _check_officer(self, company):
        if not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Only a trust officer proposes an authority."))
        if company and company not in self.env.companies:
            raise AccessError(
                self.env._("Choose one of the administrations you work for.")
            )

    @api.model
    def _read_upload(self, certificate, intermediates):
        policy = self.env["gov.algorithm"]._policy()
        now = datetime.datetime.now(datetime.UTC)
        try:
            der = anchors.read(certificate, policy, now)
            return der, anchors.read_intermediates(intermediates or b"", der)
        except anchors.AnchorRefused as error:
            raise UserError(self._explain(error)) from error

    @api.model
    def _check_new(self, sha256, company):
        # Certificates are public; an internal one may be of another administration.
        certificates_sudo = self.env["gov.certificate"].sudo()
        if certificates_sudo.search_count(
            [("sha256", "=", sha256), ("key_id.purpose", "=", ca.CA)], limit=1
        ):
            raise UserError(
                self.env._(
                    "This is the platform's own authority: it is trusted already, at "
                    "the level “simple”."
                )
            )
        # Whether it is there, whatever the caller may see of other administrations.
        anchors_sudo = self.sudo()
        there = anchors_sudo.search(
            [
                ("sha256", "=", sha256),
                ("state", "!=", "withdrawn"),
                ("company_id", "in", [company.id or False, False]),
            ],
            limit=1,
        )
        if there:
            raise UserError(
                self.env._(
                    "This certificate is in the list already: %(name)s.",
                    name=there.name,
                )
            )

    @api.model
    def _explain(self, error):
        """Sentence for a person: why an upload does not do, what to do."""
        return {
            "private_key": self.env._(
                "This file holds a private key. Nothing was kept. Upload the "
                "certificate alone; and if the key is a real one, consider it known to "
                "others."
            ),
            "unreadable": self.env._(
                "No certificate can be read in this file. Upload a certificate in PEM "
                "or DER form (.pem, .crt, .cer)."
            ),
            "several": self.env._(
                "This file holds several certificates. Upload the root alone, and the "
                "authorities below it in their own field."
            ),
            "not_authority": self.env._(
                "This certificate is not an authority's. Upload the certificate of the "
                "authority that issues, not one it has issued."
            ),
            "weak": self.env._(
                "The key of this authority is too weak: %(reason)s.", reason=str(error)
            ),
            "expired": self.env._("The certificate of this authority has expired."),
            "not_yet_valid": self.env._(
                "The certificate of this authority is not valid yet."
            ),
            "forged": self.env._(
                "This certificate is not signed by its own key: it was altered."
            ),
            "too_big": self.env._("This file is too large for a certificate."),
            "foreign": self.env._(
                "An authority below does not lead to this root. Upload only those the "
                "root, or one below it, has issued."
            ),
        }[error.code]
