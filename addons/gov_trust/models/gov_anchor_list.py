import base64
import configparser
import datetime
import hashlib
import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import config

from ..lib import ca, fetch, revocation
from .gov_anchor import OFFICER

_logger = logging.getLogger(__name__)
#: Lists kept of one authority.
KEPT = 5
#: Addresses of one anchor.
URLS = 10
SECTION, OPTION = "gov_trust", "fetch_private_hosts"


class GovAnchorList(models.Model):
    """A revocation list of an authority outside the platform."""

    _name = "gov.anchor.list"
    _description = "Revocation list from outside"
    _inherit = ["gov.remembered"]
    _order = "this_update desc, id desc"
    _rec_name = "issuer"

    anchor_id = fields.Many2one(
        "gov.anchor", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="anchor_id.company_id", store=True, index=True)
    issuer = fields.Char(string="Signed by", required=True, readonly=True)
    issuer_sha256 = fields.Char(required=True, readonly=True)
    number = fields.Char(readonly=True)
    this_update = fields.Datetime(string="Made on", required=True, readonly=True)
    next_update = fields.Datetime(string="Stands until", readonly=True)
    entries = fields.Integer(string="Revoked certificates", readonly=True)
    sha256 = fields.Char(string="Fingerprint (SHA-256)", required=True, readonly=True)
    source = fields.Char(readonly=True, help="Empty: uploaded by a trust officer.")
    # Revocation lists are public by nature: readers of the record may have the file.
    content = fields.Binary(string="List (DER)", attachment=True, readonly=True)

    _sha256_uniq = models.UniqueIndex(
        "(anchor_id, sha256)", "This revocation list was received already."
    )

    @api.model
    def _receive(self, anchor, blob, source=None):
        """Keep a revocation list of an anchor, or of an authority below it.

        :param anchor: ``gov.anchor``
        :param bytes blob: DER or PEM
        :param str source: the address it was fetched from, or nothing
        :return: the list; the one there already when it is the same
        :raise AccessError: not a trust officer
        :raise UserError: not a list, of another authority, older than the one kept
        """
        if not (self.env.su or self.env.user.has_group(OFFICER)):
            raise AccessError(
                self.env._("Only a trust officer uploads a revocation list.")
            )
        anchor.check_access("read")
        if len(blob) > fetch.LIMIT:
            raise UserError(self.env._("This revocation list is too large."))
        issuers = [*ca.der(anchor.pem), *ca.der_all(anchor.chain_pem)]
        try:
            der = revocation.list_of(blob)
            told = revocation.read_list(der, issuers)
        except revocation.ListBroken as error:
            raise UserError(
                self.env._(
                    "This file cannot be used: %(reason)s. Upload the revocation list "
                    "that %(name)s, or an authority below it, has signed.",
                    reason=str(error),
                    name=anchor.name,
                )
            ) from error
        # Nobody may write lists; the role and the signature were checked above.
        lists_sudo = self.sudo()
        mark = hashlib.sha256(told["certificate"]).hexdigest()
        before_sudo = lists_sudo.search(
            [("anchor_id", "=", anchor.id), ("issuer_sha256", "=", mark)]
        )
        sha256 = hashlib.sha256(der).hexdigest()
        if same_sudo := before_sudo.filtered(lambda one: one.sha256 == sha256):
            return self.browse(same_sudo.id)
        self._check_order(told, before_sudo[:1])
        made_sudo = lists_sudo.create(
            {
                "anchor_id": anchor.id,
                "issuer": told["issuer"],
                "issuer_sha256": mark,
                "number": "" if told["number"] is None else str(told["number"]),
                "this_update": told["this_update"],
                "next_update": told["next_update"],
                "entries": told["count"],
                "sha256": sha256,
                "source": source,
                "content": base64.b64encode(der),
            }
        )
        before_sudo[KEPT - 1 :].unlink()
        self.env["gov.journal"]._trust_stream()._append(
            "crl.received",
            {
                "anchor": anchor.sha256,
                "entries": told["count"],
                "made_on": told["this_update"].isoformat(),
                "sha256": sha256,
                "source": source,
            },
            subject=made_sudo,
        )
        return self.browse(made_sudo.id)

    @api.model
    def _check_order(self, told, before):
        soon = fields.Datetime.now() + datetime.timedelta(minutes=5)
        if told["this_update"] > soon:
            raise UserError(
                self.env._("This revocation list says it is made later than now.")
            )
        if before and told["this_update"] < before.this_update:
            raise UserError(
                self.env._(
                    "A newer revocation list of this authority (%(when)s) is here "
                    "already.",
                    when=fields.Datetime.to_string(before.this_update),
                )
            )

    def _newest(self):
        """Return the DER of the newest list of each authority among these."""
        newest = {}
        for one in self.sorted(lambda one: (one.this_update, one.id)):
            newest[one.anchor_id, one.issuer_sha256] = one
        return [
            base64.b64decode(one.with_context(bin_size=False).content)
            for one in newest.values()
        ]

    # ------------------------------------------------------------------
    # Fetching
    # ------------------------------------------------------------------
    @api.model
    def _check_urls(self, text):
        """Return the addresses of a text, one a line.

        :raise UserError: one may not be called
        """
        urls = [line.strip() for line in str(text or "").splitlines() if line.strip()]
        if len(urls) > URLS:
            raise UserError(
                self.env._("At most %(most)s addresses for an authority.", most=URLS)
            )
        for url in urls:
            try:
                fetch.check_url(url)
            except fetch.FetchRefused as error:
                raise UserError(
                    self.env._(
                        "This address cannot be used: %(reason)s.", reason=str(error)
                    )
                ) from error
        return urls

    @api.model
    def _allowed_hosts(self):
        """Private hosts that may be called: named in odoo.conf, nowhere else."""
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read(config.get("config") or "", encoding="utf-8")
        except (configparser.Error, ValueError):
            return []
        return parser.get(SECTION, OPTION, fallback="").replace(",", " ").split()

    @api.model
    def _process_lists(self):
        """Scheduled task: fetch the lists of anchors that ask for it; nothing else.

        One address that does not answer stops none of the others.
        """
        anchors = self.env["gov.anchor"].search(
            [("state", "=", "enabled"), ("crl_fetch", "=", True)]
        )
        asked = [(anchor, url) for anchor in anchors for url in anchor._list_urls()]
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(asked))
        for anchor, url in asked:
            self._fetch(anchor, url)
            if not cron._commit_progress(1):
                break

    @api.model
    def _fetch(self, anchor, url):
        """Fetch one list.

        :return: the list, or an empty recordset; the log says why
        """
        try:
            blob = fetch.get(url, allowed=self._allowed_hosts())
            return self._receive(anchor, blob, source=url)
        except (fetch.FetchRefused, UserError) as error:
            _logger.warning(
                "revocation list of anchor %s not taken: %s", anchor.id, error
            )
            return self.browse()
