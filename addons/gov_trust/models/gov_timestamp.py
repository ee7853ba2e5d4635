import base64
import hashlib

from odoo import api, fields, models

from ..lib import guard


class GovTimestamp(models.Model):
    """A timestamp that was received, with the answer as it came (RFC 3161).

    Written with the transaction that asked for it: when that is rolled back, nothing
    carries the timestamp, and a line about it would be evidence of nothing.
    """

    _name = "gov.timestamp"
    _description = "Timestamp"
    _inherit = ["gov.evidence"]
    _log_access = False
    _order = "id desc"
    _rec_name = "serial"
    _gov_sealed = "imprint"

    company_id = fields.Integer(string="Administration number", readonly=True)
    tsa_id = fields.Integer(string="Authority number", readonly=True)
    authority = fields.Char(
        required=True, readonly=True, help="As its certificate names it."
    )
    non_probant = fields.Boolean(
        string="Non probant",
        readonly=True,
        help="Of the platform's own authority: it proves nothing to others.",
    )
    purpose = fields.Selection(
        [("document", "Signature or document"), ("test", "Test of the authority")],
        required=True,
        readonly=True,
    )
    serial = fields.Char(string="Serial number", required=True, readonly=True)
    gen_time = fields.Datetime(string="Time", required=True, readonly=True)
    policy = fields.Char(required=True, readonly=True)
    hash_name = fields.Char(string="Hash", required=True, readonly=True)
    imprint = fields.Char(
        required=True, readonly=True, help="Digest of what is stamped, hexadecimal."
    )
    certificate_sha256 = fields.Char(
        string="Certificate (SHA-256)", required=True, readonly=True
    )
    drift = fields.Float(
        string="Clock ahead (s)",
        readonly=True,
        digits=(16, 3),
        aggregator=None,
        help="By how much the authority's clock was ahead of this server's.",
    )
    received_at = fields.Datetime(string="Received on", required=True, readonly=True)
    response = fields.Text(
        string="Answer (Base64)",
        required=True,
        readonly=True,
        groups="base.group_no_one",
    )
    response_file = fields.Binary(string="Answer", compute="_compute_response_file")
    response_name = fields.Char(compute="_compute_response_file")

    _imprint_idx = models.Index("(imprint)")

    def init(self):
        guard.install(self.env.cr, self._table)

    def _compute_response_file(self):
        # The same bytes as the field beside it, as a file; who may read the line may.
        timestamps_sudo = self.sudo()
        for timestamp, timestamp_sudo in zip(self, timestamps_sudo, strict=True):
            timestamp.response_file = timestamp_sudo.response
            timestamp.response_name = f"{timestamp.serial}.tsr"

    @api.model
    def _record(self, company, authority, answer, purpose="document"):
        """Keep an answer that holds, in this transaction.

        :param company: ``res.company``, empty for the platform
        :param authority: :class:`~odoo.addons.gov_trust.lib.tsp_ask.Authority`
        :param answer: :class:`~odoo.addons.gov_trust.lib.tsp_ask.Answer`
        :return: the line (superuser)
        """
        token = answer.token
        # Nobody has the right to write evidence: the platform does, here only.
        timestamps_sudo = self.sudo()
        return timestamps_sudo._insert(
            {
                "company_id": company.id or False,
                "tsa_id": authority.id,
                "authority": token.name,
                "non_probant": token.non_probant,
                "purpose": purpose,
                "serial": f"{token.serial:x}",
                "gen_time": token.gen_time.replace(tzinfo=None, microsecond=0),
                "policy": token.policy,
                "hash_name": token.hash_name,
                "imprint": token.imprint.hex(),
                "certificate_sha256": hashlib.sha256(token.certificate).hexdigest(),
                "drift": answer.drift,
                "received_at": fields.Datetime.now(),
                "response": base64.b64encode(answer.response).decode(),
            }
        )
