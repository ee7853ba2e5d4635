import base64
import datetime
import logging
import re
import time

from odoo import api, fields, models
from odoo.tools import SQL

from ..exceptions import SealUnavailable
from ..lib import ca, crl, guard

_logger = logging.getLogger(__name__)
#: A list younger than this is not made again by the daily task.
FRESH = datetime.timedelta(hours=20)
_PREFIX = re.compile(r"[0-9a-f]{8,64}")
_NUMBER = re.compile(r"[0-9]{1,9}")


class GovCrl(models.Model):
    """A list of revoked certificates, as an internal authority signed it."""

    _name = "gov.crl"
    _description = "Revocation list"
    _inherit = ["gov.evidence"]
    _log_access = False
    _order = "this_update desc, id desc"
    _rec_name = "number"

    ca_certificate_id = fields.Many2one(
        "gov.certificate",
        string="Authority",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    number = fields.Integer(required=True, readonly=True)
    this_update = fields.Datetime(string="Made on", required=True, readonly=True)
    next_update = fields.Datetime(string="Stands until", required=True, readonly=True)
    entries = fields.Integer(
        string="Revoked certificates", required=True, readonly=True
    )
    sha256 = fields.Char(string="Fingerprint (SHA-256)", required=True, readonly=True)
    content = fields.Text(required=True, readonly=True, help="The list (DER), base64.")

    _number_uniq = models.UniqueIndex("(ca_certificate_id, number)")

    def init(self):
        guard.install(self.env.cr, self._table)

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------
    @api.model
    def _latest(self, certificate=None):
        """Return the newest list (superuser) of an authority, or an empty recordset.

        :param certificate: ``gov.certificate`` of the authority; the one in use unless
            given
        """
        # Revocation lists are public: /trust/crl hands them to anybody.
        lists_sudo = self.sudo()
        certificate = certificate or lists_sudo._authority()
        return lists_sudo.search(
            [("ca_certificate_id", "=", certificate.id)], order="number desc", limit=1
        )

    @api.model
    def _current(self, ca_certificate=None):
        """Return the DER of the newest list of an authority.

        A list that is missing or ran out is made now, where that is possible; without
        the master key the last one is given.

        :param ca_certificate: ``gov.certificate``; the authority in use unless given
        :return: bytes, or None when the authority never made a list
        """
        certificate = ca_certificate or self._authority()
        if not certificate:
            return None
        latest = self._latest(certificate)
        stands = latest and latest.next_update > fields.Datetime.now()
        if not stands and not self.env.cr.readonly:
            latest = self._try_make(certificate) or latest
        return latest._der() if latest else None

    @api.model
    def _all(self):
        """Return the DER of the newest list of each authority, in use or not."""
        found = (self._current(certificate) for certificate in self._authorities())
        return [der for der in found if der]

    def action_download(self):
        """Hand over the list as a file.

        :return: the address of the file
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/trust/crl?ca={self.ca_certificate_id.sha256[:16]}"
            f"&number={self.number}",
            "target": "new",
        }

    @api.model
    def _named(self, prefix):
        """Return the certificate of the authority that an address names (superuser)."""
        if not prefix:
            return self._authority()
        wanted = prefix.lower()
        if not _PREFIX.fullmatch(wanted):
            return self.env["gov.certificate"]
        found = self._authorities().filtered(
            lambda certificate: certificate.sha256.startswith(wanted)
        )
        return found if len(found) == 1 else found.browse()

    @api.model
    def _asked(self, authority="", number=""):
        """Return the DER that an address asks for, or None.

        :param str authority: first 8 to 64 hexadecimal digits of the SHA-256 of an
            authority's certificate; empty: the one in use
        :param str number: number of an older list; empty: the newest
        """
        certificate = self._named(authority)
        if not certificate:
            return None
        if not number:
            latest = self._latest(certificate)
            return latest._der() if latest else None
        if not _NUMBER.fullmatch(number):
            return None
        # Revocation lists are public: /trust/crl hands them to anybody.
        lists_sudo = self.sudo()
        found_sudo = lists_sudo.search(
            [("ca_certificate_id", "=", certificate.id), ("number", "=", int(number))]
        )
        return found_sudo._der() if found_sudo else None

    def _der(self):
        self.ensure_one()
        return base64.b64decode(self.content)

    @api.model
    def _authorities(self):
        """Certificates of the internal authorities (superuser), newest first."""
        # Certificates are public.
        certificates_sudo = self.env["gov.certificate"].sudo()
        return certificates_sudo.search(
            [("key_id.purpose", "=", ca.CA)], order="id desc"
        )

    @api.model
    def _authority(self):
        """Certificate of the authority in use (superuser), or an empty recordset."""
        key = self.env["gov.key"]._find(self.env["res.company"], ca.CA)
        return key.certificate_ids[:1]

    # ------------------------------------------------------------------
    # Making
    # ------------------------------------------------------------------
    @api.model
    def _make(self, certificate):
        """Make the next list of an authority, in this transaction.

        Two transactions that revoke at once: the second one waits, then is run again
        on what the first one committed (the counter is a row they both change).

        :param certificate: ``gov.certificate`` of the authority
        :return: the list (superuser)
        :raise SealUnavailable: the key of the authority cannot be used
        """
        identity = self.env["gov.trust.identity"]
        if not identity._may_seal():
            raise SealUnavailable(identity._explain())
        # Nobody has the right to make lists: the platform does, here only.
        lists_sudo = self.sudo()
        # The key of the certificate, whoever revokes.
        certificate_sudo = certificate.sudo()
        key = certificate_sudo.key_id._load()
        self.env.flush_all()
        ((number,),) = self.env.execute_query(
            SQL(
                "UPDATE gov_certificate"
                " SET crl_number = greatest(coalesce(crl_number, 0) + 1, %s)"
                " WHERE id = %s RETURNING crl_number",
                # Minutes: a restored backup never gives a number again either.
                int(time.time() // 60),
                certificate.id,
            )
        )
        certificate_sudo.invalidate_recordset(["crl_number"])
        entries = self._entries(certificate)
        der = crl.make(key, number, entries)
        told = crl.check(der, key.certificate)
        made_sudo = lists_sudo._insert(
            {
                "ca_certificate_id": certificate.id,
                "number": number,
                "this_update": told.this_update.replace(tzinfo=None),
                "next_update": told.next_update.replace(tzinfo=None),
                "entries": len(entries),
                "sha256": told.sha256,
                "content": base64.b64encode(der).decode(),
            }
        )
        self.env["gov.journal"]._trust_stream()._append(
            "crl.issued",
            {
                "authority": certificate_sudo.sha256,
                "entries": len(entries),
                "number": number,
                "sha256": told.sha256,
            },
            subject=made_sudo,
        )
        return made_sudo

    @api.model
    def _try_make(self, certificate):
        """Make the next list, or say in the log why it could not be made."""
        try:
            return self._make(certificate)
        except SealUnavailable as error:
            _logger.warning("the last revocation list stays in use: %s", error)
            return self.browse()

    @api.model
    def _entries(self, certificate):
        rows = self.env.execute_query(
            SQL(
                """SELECT c.serial, k.ended_at, k.revocation_code
                     FROM gov_certificate c JOIN gov_key k ON k.id = c.key_id
                    WHERE c.issuer_id = %s AND k.state = 'revoked'""",
                certificate.id,
            )
        )
        return [
            crl.Entry(
                int(serial, 16),
                ended_at.replace(microsecond=0, tzinfo=datetime.UTC),
                code or "unspecified",
            )
            for serial, ended_at, code in rows
        ]

    @api.model
    def _renew(self):
        """Scheduled task: a new list of each authority whose last one is a day old.

        One authority whose key cannot be used stops none of the others; its last list
        stays served until it runs out.
        """
        for certificate in self._authorities():
            latest = self._latest(certificate)
            fresh = latest and latest.this_update > fields.Datetime.now() - FRESH
            if fresh and latest.entries == len(self._entries(certificate)):
                continue
            if certificate.not_after < fields.Datetime.now():
                continue
            self._try_make(certificate)
