import datetime

from odoo import api, fields, models

from ..lib import ca
from .gov_anchor import LEVELS


class GovCertificate(models.Model):
    """What a certificate is worth here: the level of its anchor, nothing else."""

    _inherit = "gov.certificate"

    level = fields.Selection(
        LEVELS,
        compute="_compute_level",
        help="Given by the authority it leads to; empty: none that is trusted here. "
        "Certificates of the platform's own authority are “simple”, always.",
    )

    @api.depends("pem", "chain_pem", "company_id")
    def _compute_level(self):
        anchors = self.env["gov.anchor"]
        now = datetime.datetime.now(datetime.UTC)
        for company, certificates in self.grouped("company_id").items():
            store = anchors._store(company)
            roots = set(store.roots)
            for certificate in certificates:
                if not certificate.pem:
                    certificate.level = False
                    continue
                (der,) = ca.der(certificate.pem)
                if der in roots:
                    certificate.level = "simple"
                    continue
                others = ca.der(certificate.chain_pem) if certificate.chain_pem else ()
                certificate.level = store.level(der, others, now) or False
