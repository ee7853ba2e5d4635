import base64
import logging
from datetime import timedelta

from asn1crypto.tsp import TimeStampResp
from cryptography import x509

from odoo import api, fields, models

from ..lib import tsp
from ..lib.tsp_ask import REMOTE

_logger = logging.getLogger(__name__)


class GovTsa(models.Model):
    """The certificate of a timestamp authority ends too: officers are told in time.

    It is the one of its last answer; the platform's own authority has its certificate
    in the list of certificates.
    """

    _inherit = "gov.tsa"

    @api.model
    def _expiring(self, days):
        """Authorities in use whose last certificate ends within ``days``."""
        # The task looks at every administration.
        authorities_sudo = self.sudo()
        limit = fields.Datetime.now() + timedelta(days=days)
        return authorities_sudo.search(
            [("state", "=", "enabled"), ("kind", "=", REMOTE)]
        ).filtered(lambda found: (found._expiry_end() or limit) < limit)

    def _expiry_end(self):
        certificate = self._last_certificate()
        return certificate and certificate.not_valid_after_utc.replace(tzinfo=None)

    def _expiry_facts(self):
        last = self._last_answer()
        return {"sha256": last.certificate_sha256}

    def _last_answer(self):
        self.ensure_one()
        # What authorities answered is read on behalf of the scheduled task.
        timestamps_sudo = self.env["gov.timestamp"].sudo()
        return timestamps_sudo.search(
            [("tsa_id", "=", self.id)], order="id desc", limit=1
        )

    def _last_certificate(self):
        last = self._last_answer()
        if not last:
            return None
        try:
            answer = TimeStampResp.load(base64.b64decode(last.response))
            token = tsp.read_token(answer["time_stamp_token"].dump())
        except (tsp.TimestampBroken, ValueError) as error:
            _logger.warning(
                "the last answer of %s cannot be read: %s", self.name, error
            )
            return None
        return x509.load_der_x509_certificate(token.certificate)
