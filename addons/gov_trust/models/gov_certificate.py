from datetime import timedelta

from odoo import api, fields, models

from ..lib import ca


class GovCertificate(models.Model):
    """A certificate of the internal authority or of another. It never changes."""

    _name = "gov.certificate"
    _description = "Certificate"
    _inherit = ["gov.expiring"]
    _order = "not_after desc, id desc"
    _rec_name = "subject"

    key_id = fields.Many2one(
        "gov.key", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    issuer_id = fields.Many2one(
        "gov.certificate",
        string="Issued by",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: a root, or a certificate of another authority.",
    )
    purpose = fields.Selection(related="key_id.purpose", readonly=True)
    subject = fields.Char(required=True, readonly=True)
    serial = fields.Char(string="Serial number", required=True, readonly=True)
    not_before = fields.Datetime(string="Valid from", required=True, readonly=True)
    not_after = fields.Datetime(string="Valid until", required=True, readonly=True)
    sha256 = fields.Char(string="Fingerprint (SHA-256)", required=True, readonly=True)
    crl_number = fields.Integer(
        string="Number of its last revocation list",
        readonly=True,
        help="Of an authority alone.",
    )
    pem = fields.Text(string="Certificate (PEM)", required=True, readonly=True)
    chain_pem = fields.Text(
        string="Issuers (PEM)",
        readonly=True,
        help="Of a certificate from outside: its issuers in order, the root last.",
    )
    issuer = fields.Char(readonly=True, help="Who issued it, as written on it.")

    _sha256_uniq = models.UniqueIndex("(sha256)")

    @api.model
    def _record(self, key, certificate, chain=()):
        """Keep a certificate that was just issued for ``key`` (superuser).

        :param bytes certificate: DER
        :param chain: DER of the issuers of a certificate from outside, the root last
        """
        told = ca.describe(certificate)
        issuer = self.browse()
        if key.purpose != ca.CA and not chain:
            platform = self.env["res.company"]
            authority = self.env["gov.key"]._get_here(platform, ca.CA)
            issuer = authority.certificate_ids[:1]
        return self._quietly().create(
            {
                **told,
                "key_id": key.id,
                "company_id": key.company_id.id,
                "issuer_id": issuer.id,
                "pem": ca.pem(certificate),
                "chain_pem": "".join(map(ca.pem, chain)) or False,
            }
        )

    @api.model
    def _expiring(self, days):
        """Certificates of keys in use that end within ``days``, imported ones too."""
        # The task looks at every administration.
        certificates_sudo = self.sudo()
        found_sudo = certificates_sudo.search(
            [
                ("key_id.state", "=", "active"),
                ("not_after", "<=", fields.Datetime.now() + timedelta(days=days)),
            ]
        )
        # A certificate that was renewed for the same key is not in use any more.
        return found_sudo.filtered(
            lambda found: found.key_id.certificate_ids.sorted("id")[-1] == found
        )

    @api.model
    def _roots(self):
        """PEM texts of the platform's roots, newest first; public by nature."""
        # A root certificate is public: /trust/ca.pem hands it to anybody.
        certificates_sudo = self.sudo()
        return certificates_sudo.search(
            [("key_id.purpose", "=", "ca")], order="id desc"
        ).mapped("pem")

    @api.model
    def _root_der(self, prefix):
        """DER of the root that an address names, or None.

        :param str prefix: first 8 to 64 hexadecimal digits of its SHA-256; empty: the
            root in use
        """
        crls = self.env["gov.crl"]
        found = crls._named(prefix)
        return ca.der(found.pem)[0] if found else None
