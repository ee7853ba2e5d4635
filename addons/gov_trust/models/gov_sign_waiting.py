import base64
import datetime
import hashlib
import secrets

from odoo import api, fields, models

from ..exceptions import SealRefused
from ..lib import acts, ca, cms, elsewhere, pdf_fill

MINUTES = 15
_MOST_MINUTES = 24 * 60
#: How long a line stays after its end, so that a late answer gets its own sentence.
KEPT = datetime.timedelta(days=1)
BATCH = 200


class GovSignWaiting(models.Model):
    """A file that waits for a signature value from somewhere else.

    Nobody may read this model: the file it holds takes its rights from here, so that no
    address of Odoo serves it. The identifier is a secret of the one who asked.
    """

    _name = "gov.sign.waiting"
    _description = "Signature made elsewhere"
    _rec_name = "field_name"

    token_sha256 = fields.Char(required=True)
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    field_name = fields.Char(required=True)
    base_sha256 = fields.Char(required=True)
    base_size = fields.Integer(required=True)
    place_begin = fields.Integer(required=True)
    place_end = fields.Integer(required=True)
    digest = fields.Char(required=True)
    certificate_pem = fields.Text(required=True)
    chain_pem = fields.Text()
    expires_at = fields.Datetime(required=True, index=True)
    used_at = fields.Datetime()
    content = fields.Binary(attachment=True)

    _token_uniq = models.UniqueIndex("(token_sha256)")

    @api.model
    def _begin(
        self,
        company,
        user,
        pdf,
        field_name,
        certificates,
        *,
        appearance=None,
        reason=None,
        name=None,
        location=None,
    ):
        """Write everything of a person's signature but its value.

        :param company: administration the act belongs to
        :param user: ``res.users`` who signs
        :param bytes pdf: a prepared act
        :param str field_name: the box that waits for this person
        :param certificates: DER, the signer's first, then its issuers
        :param bytes appearance: one-page PDF drawn in the box
        :return: dict with ``id``, ``to_sign`` (bytes to sign with SHA-256: the signed
            attributes in DER), ``digest`` (SHA-256 of these, hexadecimal) and ``expires``
            (naive UTC datetime)
        :raise AccessError: somebody else's signature
        :raise SealUnavailable: this database may not sign, or the key has ended
        :raise SealRefused: the certificate or the file does not do
        """
        sign = self.env["gov.sign"]
        sign._check_own(user)
        sign._check_may_seal()
        certificate, *others = certificates
        path = self._check_certificate(company, user, certificate, others)
        now = fields.Datetime.now()
        words = pdf_fill.Words(reason, name, location, now.replace(tzinfo=datetime.UTC))
        try:
            prepared = elsewhere.prepare(
                pdf,
                field_name,
                certificate,
                path.chain[1:],
                appearance=appearance,
                words=words,
            )
        except acts.ActRefused as error:
            raise sign._refused(error) from error
        token = secrets.token_urlsafe(24)
        expires = now + datetime.timedelta(minutes=self._minutes())
        # Nobody has a right on what waits; the person was checked above.
        waiting_sudo = self.sudo()
        base_sha256 = hashlib.sha256(pdf).hexdigest()
        waiting_sudo.search(
            [
                ("user_id", "=", user.id),
                ("base_sha256", "=", base_sha256),
                ("field_name", "=", field_name),
            ]
        ).unlink()
        waiting_sudo.create(
            {
                "token_sha256": self._mark(token),
                "user_id": user.id,
                "company_id": company.id,
                "field_name": field_name,
                "base_sha256": base_sha256,
                "base_size": len(pdf),
                "place_begin": prepared.begin,
                "place_end": prepared.end,
                "digest": prepared.digest.hex(),
                "certificate_pem": ca.pem(certificate),
                "chain_pem": "".join(map(ca.pem, path.chain[1:])),
                "expires_at": expires,
                "content": base64.b64encode(prepared.pdf),
            }
        )
        return {
            "id": token,
            "to_sign": prepared.to_sign,
            "digest": hashlib.sha256(prepared.to_sign).hexdigest(),
            "expires": expires,
        }

    @api.model
    def _complete(self, token, signature, *, base=None):
        """Put the signature value in its place; checked strictly before it returns.

        It works once. Refused or not, a value that does not match uses nothing up.

        :param str token: ``id`` of :meth:`_begin`
        :param bytes signature: value over ``to_sign``: DER or r‖s, or PKCS#1 v1.5
        :param bytes base: the act as it is now; refused when it is not the one prepared
        :return: bytes of the signed file; it begins with the act that was prepared
        :raise SealUnavailable: this database may not sign, or the key has ended
        :raise SealRefused: unknown, expired, used, changed meanwhile, not matching
        """
        sign = self.env["gov.sign"]
        sign._check_may_seal()
        waiting_sudo = self._locked(token)
        prepared = base64.b64decode(waiting_sudo.content)
        self._check_base(waiting_sudo, prepared, base)
        (certificate,) = ca.der(waiting_sudo.certificate_pem)
        chain = ca.der(waiting_sudo.chain_pem) if waiting_sudo.chain_pem else []
        company = waiting_sudo.company_id
        self._check_certificate(company, waiting_sudo.user_id, certificate, chain)
        digest = bytes.fromhex(waiting_sudo.digest)
        try:
            value = elsewhere.value(
                certificate, signature, cms.to_sign(certificate, digest)
            )
            pdf = self._assembled(waiting_sudo, prepared, certificate, chain, value)
        except elsewhere.ElsewhereRefused as error:
            raise sign._elsewhere_refused(error) from error
        waiting_sudo.write({"used_at": fields.Datetime.now(), "content": False})
        return pdf

    # ------------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------------
    @api.model
    def _check_certificate(self, company, user, certificate, others):
        """Path of a certificate that this person may sign with now."""
        sign = self.env["gov.sign"]
        store = self.env["gov.anchor"]._store(company)
        now = datetime.datetime.now(datetime.UTC)
        try:
            path = elsewhere.check_certificate(certificate, others, store, now)
        except elsewhere.ElsewhereRefused as error:
            raise sign._elsewhere_refused(error) from error
        sign._check_bound(certificate, user)
        return path

    @api.model
    def _locked(self, token):
        """The line of a token (superuser), locked until the end of the transaction."""
        # Nobody has a right on what waits; it is found by its secret and its person.
        waiting_sudo = self.sudo()
        found_sudo = waiting_sudo.search(
            [("token_sha256", "=", self._mark(token))], limit=1
        )
        if not found_sudo or (not self.env.su and found_sudo.user_id != self.env.user):
            raise SealRefused(
                self.env._(
                    "Nothing waits for this signature. Open the document and sign again."
                )
            )
        found_sudo.lock_for_update()
        found_sudo.invalidate_recordset()
        if found_sudo.used_at:
            raise SealRefused(self.env._("This signature was delivered already."))
        if found_sudo.expires_at < fields.Datetime.now() or not found_sudo.content:
            raise SealRefused(
                self.env._(
                    "The time to sign is over. Open the document and sign again."
                )
            )
        return found_sudo.with_context(bin_size=False)

    @api.model
    def _check_base(self, waiting, prepared, base):
        mark = hashlib.sha256(prepared[: waiting.base_size]).hexdigest()
        given = mark if base is None else hashlib.sha256(base).hexdigest()
        if {mark, given} != {waiting.base_sha256}:
            raise SealRefused(
                self.env._(
                    "The document changed while you were signing. Open it again, read "
                    "it and sign."
                )
            )

    @api.model
    def _assembled(self, waiting, prepared, certificate, chain, value):
        """The file with its CMS, time-stamped where an authority answers."""
        sign = self.env["gov.sign"]
        place = (waiting.place_begin, waiting.place_end)
        digest = bytes.fromhex(waiting.digest)

        def assembled(stamp):
            token = stamp and stamp(hashlib.sha256(value).digest())
            if token and len(token) > cms.TOKEN_ROOM:
                token = None  # no room was kept for it: B-B
            whole = cms.assemble(certificate, chain, digest, value, token)
            return elsewhere.complete(prepared, *place, whole)

        pdf, _stamped = sign._stamped(waiting.company_id, assembled)
        sign._check(pdf, waiting.company_id)
        return pdf

    @api.model
    def _minutes(self):
        # Technical parameters are read for whoever signs.
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        text = parameters_sudo.get_param("gov_trust.elsewhere_minutes", "")
        minutes = int(text) if text.isdecimal() else MINUTES
        return min(max(minutes, 1), _MOST_MINUTES)

    @api.model
    def _mark(self, token):
        return hashlib.sha256(str(token or "").encode()).hexdigest()

    @api.model
    def _process_expired(self, limit=BATCH):
        """Scheduled task: forget what nobody signed in time."""
        old = [("expires_at", "<", fields.Datetime.now() - KEPT)]
        found = self.search(old, limit=limit)
        count = len(found)
        found.unlink()
        self.env["ir.cron"]._commit_progress(count, remaining=self.search_count(old))
