import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, ormcache

from ..exceptions import SealUnavailable
from ..lib import ca, crl
from . import gov_key

REVOCATION_CODES = [
    ("keyCompromise", "Somebody else may have the key or its PIN"),
    ("affiliationChanged", "The holder left or changed service"),
    ("superseded", "Another key takes its place"),
    ("cessationOfOperation", "It is not needed any more"),
    ("privilegeWithdrawn", "The right to sign was taken back"),
    ("unspecified", "Another reason"),
]
#: Mark of the open keys of each database in this process; see ``_epoch``.
_epochs = {}
OFFICER = "gov_trust.group_gov_trust_officer"


class GovKey(models.Model):
    """How a key ends: it is revoked, or another one takes its place."""

    _inherit = "gov.key"

    ended_at = fields.Datetime(string="Ended on", readonly=True)
    revocation_code = fields.Selection(
        REVOCATION_CODES,
        string="Why it was revoked",
        readonly=True,
        help="As the revocation list says it (RFC 5280).",
    )
    end_reason = fields.Text(string="Why it ended", readonly=True)

    # ------------------------------------------------------------------
    # Revoking
    # ------------------------------------------------------------------
    def action_revoke(self, reason, code="unspecified"):
        """Revoke keys: they sign nothing any more, from this instant.

        What was signed before stays valid, what is signed after does not. The new
        revocation list goes out with this transaction; without the master key it goes
        out when the master key is back (the last one stays served until then).

        A trust officer revokes every key, his own too: who has lost his PIN or key
        must not wait for somebody else. A key that was retired can be revoked as well:
        who took it could still sign with it.

        :param str reason: why, in words (lost PIN, left the service…)
        :param str code: one of ``lib.crl.REASONS``
        :raise AccessError: the caller is not trust officer
        :raise UserError: no reason, an authority's key, or revoked already
        """
        self._check_officer(self.env._("Only a trust officer revokes keys."))
        reason = self._clean_reason(reason)
        if not reason:
            raise UserError(
                self.env._("Say why the key is revoked. Nothing was revoked.")
            )
        if not isinstance(code, str) or code not in crl.REASONS:
            raise UserError(
                self.env._("Choose why the key is revoked. Nothing was revoked.")
            )
        for key in self:
            if key.purpose == ca.CA:
                raise UserError(
                    self.env._(
                        "The key of an authority is not revoked: its certificates would "
                        "all fall with it. Give it a successor instead (Rotate)."
                    )
                )
            if key.state not in ("active", "retired"):
                raise UserError(
                    self.env._(
                        "Only a key that signs or once signed can be revoked: %(key)s "
                        "is not one.",
                        key=key.display_name,
                    )
                )
            key._end("revoked", reason, code)
        self._publish()

    def _publish(self):
        """Make the next list of each internal authority that certified these keys.

        :return: whether every list could be made now
        """
        crls = self.env["gov.crl"]
        # Certificates are public.
        certificates_sudo = self.sudo().certificate_ids
        issuers_sudo = certificates_sudo.issuer_id.filtered(
            lambda issuer: issuer.key_id.purpose == ca.CA
        )
        made = [crls._try_make(issuer) for issuer in issuers_sudo]
        return all(made)

    def _is_published(self):
        """Whether the newest list of its internal authority names each revoked key."""
        # Certificates are public.
        certificates_sudo = self.sudo().certificate_ids
        crls = self.env["gov.crl"]
        for issuer_sudo in certificates_sudo.issuer_id:
            latest = crls._latest(issuer_sudo)
            if not latest or latest.entries != len(crls._entries(issuer_sudo)):
                return False
        return True

    # ------------------------------------------------------------------
    # Rotating
    # ------------------------------------------------------------------
    def action_rotate(self, reason):
        """Give the key a successor: a new key with its certificate, this one retired.

        What the old key signed stays valid. The new root of an authority stands beside
        the old one in ``/trust/ca.pem``; the old authority still signs its own
        revocation list.

        :param str reason: why, in words
        :return: the new key
        :raise AccessError: the caller is not trust officer
        :raise UserError: no reason, not in use, a person's key, or one from outside
        :raise SealUnavailable: the master key cannot be used, or this is a copy
        """
        self.ensure_one()
        self._check_officer(self.env._("Only a trust officer rotates keys."))
        reason = self._clean_reason(reason)
        if not reason:
            raise UserError(self.env._("Say why the key is rotated. Nothing was done."))
        if self.state != "active":
            raise UserError(
                self.env._(
                    "%(key)s is not in use any more: it has no successor to be given.",
                    key=self.display_name,
                )
            )
        if self.purpose == ca.PERSON:
            raise UserError(
                self.env._(
                    "A person makes his or her own new key, with a new PIN (the name at "
                    "the top of the screen ▸ My signature ▸ I forgot my PIN)."
                )
            )
        if self.kind != "software" or self.origin != "made":
            raise UserError(
                self.env._(
                    "This key or its certificate comes from outside: a key made here "
                    "would say less of who signs. Bring its successor the same way as "
                    "this one."
                )
            )
        identity = self.env["gov.trust.identity"]
        if not identity._may_seal():
            raise SealUnavailable(identity._explain())
        self._end("retired", reason)
        made = self._make(self.company_id, self.purpose)
        self._tell("key.rotated", successor=made.fingerprint, reason=reason)
        return self.browse(made.id)

    # ------------------------------------------------------------------
    # Ending
    # ------------------------------------------------------------------
    def _check_officer(self, sentence):
        self.check_access("read")
        if not self.env.user.has_group(OFFICER):
            raise AccessError(sentence)

    @api.model
    def _clean_reason(self, reason):
        # What has no shape (control characters, halves of characters) cannot be kept.
        return "".join(
            char for char in str(reason or "") if char.isprintable() or char == "\n"
        ).strip()

    def _end(self, state, reason, code=False):
        # Nobody may write keys; the holder replaces his own, an officer ends others.
        key_sudo = self.sudo()
        key_sudo.write(
            {
                "state": state,
                "ended_at": fields.Datetime.now(),
                "end_reason": reason,
                "revocation_code": code,
            }
        )
        # Before another key takes its place in the index of keys in use.
        key_sudo.flush_recordset()
        key_sudo.certificate_ids._close_expiry()
        told = {"code": code} if code else {}
        self._tell(f"key.{state}", reason=reason, **told)
        # Every process drops the keys it has open.
        self.env.registry.clear_cache()

    # ------------------------------------------------------------------
    # Keys open in memory
    # ------------------------------------------------------------------
    def _load(self):
        """As declared; a key that ended signs nothing more, an authority its lists.

        :raise SealUnavailable: also for a key that was revoked or retired
        """
        self._drop_ended()
        rows = self.env.execute_query(
            SQL("SELECT state, purpose FROM gov_key WHERE id = %s", self.id)
        )
        for state, purpose in rows:
            if state == "revoked" or (state == "retired" and purpose != ca.CA):
                raise SealUnavailable(
                    self.env._(
                        "This key was retired or revoked: it signs nothing any more. "
                        "Try again: the key that took its place is used then."
                    )
                )
        return super()._load()

    def _chain_pems(self):
        """PEM of the certificate of this key, then of its issuers, the root last.

        For checking: of keys that ended as well, and without the master key.
        """
        self.ensure_one()
        certificate = self.certificate_ids.sorted("id")[-1]
        chain = certificate.chain_pem or certificate.issuer_id.pem
        return [certificate.pem, *map(ca.pem, ca.der(chain) if chain else [])]

    @api.model
    def _drop_ended(self):
        """Forget every open key of this database when a key ended since, anywhere."""
        database, epoch = self.env.cr.dbname, self._epoch()
        if _epochs.get(database) != epoch:
            _epochs[database] = epoch
            for place in [place for place in gov_key._loaded if place[0] == database]:
                gov_key._loaded.pop(place, None)

    @api.model
    @ormcache()
    def _epoch(self):
        """A mark that changes in every process when a key ends."""
        return secrets.token_hex(8)
