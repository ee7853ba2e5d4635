import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..exceptions import EnrolmentRefused, SealUnavailable
from ..lib import binding, ca, enroll, keys
from .gov_anchor import LEVELS
from .gov_key import LOCK_SPACE

OFFICER = "gov_trust.group_gov_trust_officer"


class GovKey(models.Model):
    """What every key from outside goes through, whoever brings it."""

    _inherit = "gov.key"

    not_before = fields.Datetime(string="Valid from", compute="_compute_certificate")
    not_after = fields.Datetime(string="Valid until", compute="_compute_certificate")
    level = fields.Selection(
        LEVELS,
        compute="_compute_certificate",
        help="Of the trust anchor of its certificate; empty: not trusted here.",
    )

    @api.depends("certificate_ids")
    def _compute_certificate(self):
        for key in self:
            newest = key.certificate_ids.sorted("id")[-1:]
            key.not_before = newest.not_before
            key.not_after = newest.not_after
            key.level = newest.level

    # ------------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------------
    @api.model
    def _check_may_enrol(self, company, user=None):
        """Only a trust officer of an administration, or the person himself.

        :raise AccessError: somebody else
        :raise SealUnavailable: this is a copy of the platform
        """
        if not self.env.su:
            if user:
                if self.env.uid != user.id:
                    raise AccessError(
                        self.env._(
                            "Each person brings his or her own key, nobody else."
                        )
                    )
            elif not self.env.user.has_group(OFFICER):
                raise AccessError(
                    self.env._(
                        "Only a trust officer looks after the key of an administration."
                    )
                )
            if company not in self.env.user.company_ids:
                raise AccessError(
                    self.env._("You do not belong to this administration.")
                )
        identity = self.env["gov.trust.identity"]
        if not identity._may_seal():
            raise SealUnavailable(identity._explain())

    # ------------------------------------------------------------------
    # Whether it does
    # ------------------------------------------------------------------
    @api.model
    def _check_enrolled(self, certificate, others, company, user=None):
        """Check a certificate for the seal of an administration, or for a person.

        :param bytes certificate: DER
        :param others: DER of the certificates that came along
        :return: (:class:`~odoo.addons.gov_trust.lib.trust.Path`, what the person was
            recognised by or None)
        :raise EnrolmentRefused: with the reason
        """
        store = self.env["gov.anchor"]._store(company)
        use = enroll.SIGNATURE if user else enroll.SEAL
        try:
            path = enroll.check(certificate, others, store, use)
        except enroll.EnrolRefused as error:
            raise self._enrolment_refused(error) from error
        return path, self._check_person(certificate, user) if user else None

    @api.model
    def _check_person(self, certificate, user):
        # A person's own names, whoever set-up scripts run as.
        user_sudo = user.sudo()
        try:
            return binding.check(
                certificate,
                name=user_sudo.name,
                emails=[user_sudo.login, user_sudo.email],
                identifiers=self._person_identifiers(user_sudo),
            )
        except binding.WrongPerson as error:
            raise EnrolmentRefused(
                self.env._(
                    "This certificate is not yours: it is made out to “%(named)s” "
                    "and you are “%(name)s” (%(login)s). Use your own; if it is, ask "
                    "the administrator to put the e-mail address of the certificate on "
                    "your account.",
                    named=error.named or "?",
                    name=user_sudo.name,
                    login=user_sudo.login,
                ),
                "wrong_person",
            ) from error

    @api.model
    def _person_identifiers(self, user):
        """Numbers that identify a person (identity card…). Addons that know extend it.

        :param user: ``res.users`` record (superuser)
        """
        return []

    @api.model
    def _alone(self, company, purpose, user=None):
        """Wait for whoever changes keys; return the key in use (superuser) or none."""
        self.env.cr.execute(SQL("SELECT pg_advisory_xact_lock(%s)", LOCK_SPACE))
        return self._personal(user) if user else self._find(company, purpose)

    @api.model
    def _check_new(self, mark, certificate=None):
        """Refuse a key or a certificate that is here already.

        :param str mark: fingerprint of the public key
        :param bytes certificate: DER
        """
        # Whoever it belongs to; nothing of it is shown.
        keys_sudo, certificates_sudo = self.sudo(), self.env["gov.certificate"].sudo()
        digest = ca.describe(certificate)["sha256"] if certificate else None
        if (mark and keys_sudo.search_count([("fingerprint", "=", mark)], limit=1)) or (
            digest
            and certificates_sudo.search_count([("sha256", "=", digest)], limit=1)
        ):
            raise EnrolmentRefused(
                self.env._(
                    "This key was imported already: a key is imported once, for one use "
                    "and one holder. Nothing was changed."
                ),
                "already",
            )

    # ------------------------------------------------------------------
    # Keeping it
    # ------------------------------------------------------------------
    @api.model
    def _keep(self, company, purpose, mark, user=None, **values):
        """Create the record of a key (superuser); its secret follows."""
        # No group may create a key: the platform does, after its checks.
        keys_sudo = self.sudo()
        return keys_sudo.create(
            {
                "company_id": company.id,
                "purpose": purpose,
                "fingerprint": mark,
                "user_id": user.id if user else False,
                **values,
            }
        )

    def _keep_secret(self, plain, factor=b"", stretch=""):
        """Encrypt the private key or the token PIN of this key (superuser).

        :param bytes plain: PKCS#8, or the PIN of a token
        :param bytes factor: second half of the secret, ``stretch`` how it was made
        """
        wrapped = keys.wrap_secret(
            self._master(), plain, self.fingerprint, self.purpose, factor
        )
        values = {
            "ciphertext": base64.b64encode(wrapped.ciphertext).decode(),
            "nonce": wrapped.nonce.hex(),
            "master_fingerprint": wrapped.master_fingerprint,
            "stretch": stretch or False,
        }
        # No group has any right on secrets.
        secrets_sudo = self.env["gov.key.secret"].sudo()
        secret_sudo = secrets_sudo.search([("key_id", "=", self.id)])
        if secret_sudo:
            secret_sudo.write(values)
        else:
            secret_sudo = secrets_sudo.create({"key_id": self.id, **values})
        # What opens a key is read by plain SQL.
        secret_sudo.flush_recordset()

    def _certified(self, event, path, recognised_by=None):
        """Record the certificate of this key and put the key in use.

        :param str event: kind of the event
        :param path: :class:`~odoo.addons.gov_trust.lib.trust.Path`
        """
        # Nobody may write keys and certificates: the caller made the checks.
        key_sudo = self.sudo()
        user_sudo = key_sudo.user_id
        in_use_sudo = self._alone(key_sudo.company_id, key_sudo.purpose, user_sudo)
        if in_use_sudo and in_use_sudo != key_sudo:
            in_use_sudo._end("retired", self.env._("Replaced by another key."))
        certificate, *issuers = path.chain
        key_sudo.env["gov.certificate"]._record(key_sudo, certificate, issuers)
        values = {"state": "active"}
        if user_sudo:
            values["holder_name"] = ca.common_name(certificate) or user_sudo.name
        key_sudo.write(values)
        key_sudo._tell(
            event,
            administration=key_sudo.company_id.id or None,
            anchor=ca.describe(path.anchor.certificate)["sha256"],
            certificate=ca.describe(certificate)["sha256"],
            kind=key_sudo.kind,
            level=path.level,
            origin=key_sudo.origin,
            purpose=key_sudo.purpose,
            **({"recognised_by": recognised_by} if recognised_by else {}),
        )
        self.env.flush_all()
        return key_sudo
