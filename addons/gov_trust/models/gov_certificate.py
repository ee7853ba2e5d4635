from odoo import api, fields, models

from ..lib import ca


class GovCertificate(models.Model):
    """A certificate issued by the internal authority. It never changes."""

    _name = "gov.certificate"
    _description = "Certificate"
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
        help="Empty: a root, signed by itself.",
    )
    purpose = fields.Selection(related="key_id.purpose", readonly=True)
    subject = fields.Char(required=True, readonly=True)
    serial = fields.Char(string="Serial number", required=True, readonly=True)
    not_before = fields.Datetime(string="Valid from", required=True, readonly=True)
    not_after = fields.Datetime(string="Valid until", required=True, readonly=True)
    sha256 = fields.Char(string="Fingerprint (SHA-256)", required=True, readonly=True)
    pem = fields.Text(string="Certificate (PEM)", required=True, readonly=True)

    _sha256_uniq = models.UniqueIndex("(sha256)")

    @api.model
    def _record(self, key, certificate):
        """Keep a certificate that was just issued for ``key`` (superuser).

        :param bytes certificate: DER
        """
        told = ca.describe(certificate)
        told.pop("issuer")
        issuer = self.browse()
        if key.purpose != ca.CA:
            platform = self.env["res.company"]
            authority = self.env["gov.key"]._get_here(platform, ca.CA)
            issuer = authority.certificate_ids[:1]
        return self.create(
            {
                **told,
                "key_id": key.id,
                "company_id": key.company_id.id,
                "issuer_id": issuer.id,
                "pem": ca.pem(certificate),
            }
        )

    @api.model
    def _roots(self):
        """PEM texts of the platform's roots, newest first; public by nature."""
        # A root certificate is public: /trust/ca.pem hands it to anybody.
        certificates_sudo = self.sudo()
        return certificates_sudo.search(
            [("key_id.purpose", "=", "ca")], order="id desc"
        ).mapped("pem")
