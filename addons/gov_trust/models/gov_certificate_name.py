from cryptography import x509
from cryptography.x509.oid import NameOID

from odoo import api, fields, models


class GovCertificate(models.Model):
    """Whom a certificate names, in words."""

    _inherit = "gov.certificate"

    holder = fields.Char(
        compute="_compute_holder", help="The common name of its subject."
    )

    @api.depends("subject", "pem")
    def _compute_holder(self):
        for certificate in self:
            certificate.holder = certificate._common_name() or certificate.subject

    @api.depends("holder")
    def _compute_display_name(self):
        for certificate in self:
            certificate.display_name = certificate.holder

    def _common_name(self):
        """Common name (RFC 4519 §2.3), or None when there is none to be read."""
        if not self.pem:
            return None
        try:
            subject = x509.load_pem_x509_certificate(self.pem.encode()).subject
            return next(
                (
                    one.value
                    for one in subject.get_attributes_for_oid(NameOID.COMMON_NAME)
                ),
                None,
            )
        except ValueError:
            # A name that does not follow X.501 is shown as it is written.
            return None
