import base64

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..exceptions import EnrolmentRefused
from ..lib import ca, csr, enroll, keys, names

ALGORITHMS = [
    ("p256", "P-256 (usual)"),
    ("p384", "P-384"),
    ("rsa3072", "RSA, 3072 bits"),
]
_MAKERS = {
    "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "rsa3072": lambda: rsa.generate_private_key(65537, 3072),
}


class GovKey(models.Model):
    """Keys made here whose certificate another authority issues (PKCS#10, RFC 2986)."""

    _inherit = "gov.key"

    request_pem = fields.Text(
        string="Request (PEM)",
        readonly=True,
        help="What the authority asks for to issue the certificate.",
    )
    request_file = fields.Binary(compute="_compute_request_file", string="Request")
    request_name = fields.Char(compute="_compute_request_file")

    @api.depends("request_pem")
    def _compute_request_file(self):
        for key in self:
            text = (key.request_pem or "").encode()
            key.request_file = base64.b64encode(text) if text else False
            key.request_name = f"request-{(key.fingerprint or '')[:8]}.csr"

    # ------------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------------
    @api.model
    def _request_seal(self, company, algorithm):
        """Make a key for the seal of an administration and its request.

        The key in use stays in use until the certificate is imported; a request that
        waited is given up.

        :param company: ``res.company`` record
        :param str algorithm: ``p256``, ``p384`` or ``rsa3072``
        :return: the waiting key (superuser); ``request_pem`` goes to the authority
        :raise AccessError: the caller is no trust officer of that administration
        :raise SealUnavailable: the master key cannot be used, or this is a copy
        """
        self._check_may_enrol(company)
        private = self._generate(algorithm)
        subject = names.subject(self._holder(company, ca.SEAL))
        key_sudo = self._requested(
            company, private.public_key(), subject, keys.LoadedKey(private, b"").sign
        )
        key_sudo._keep_private(private)
        return key_sudo

    @api.model
    def _request_personal(self, user, company, algorithm, pin):
        """Make a key for the signature of a person, under a PIN, and its request.

        :param user: ``res.users``: the person who asks
        :param company: administration the certificate will name
        :param str algorithm: ``p256``, ``p384`` or ``rsa3072``
        :param str pin: 6 to 12 digits, hard to guess; kept nowhere
        :return: the waiting key (superuser); ``request_pem`` goes to the authority
        :raise AccessError: somebody else's key
        :raise PinRefused: the PIN does not do
        :raise SealUnavailable: the master key cannot be used, or this is a copy
        """
        self._check_may_enrol(company, user)
        chosen = self._check_new_pin(pin)
        private = self._generate(algorithm)
        subject = names.subject(self._person_holder(user, company))
        key_sudo = self._requested(
            company,
            private.public_key(),
            subject,
            keys.LoadedKey(private, b"").sign,
            user=user,
        )
        key_sudo._keep_private(private, chosen)
        return key_sudo

    @api.model
    def _generate(self, algorithm):
        self._master()
        if algorithm not in _MAKERS:
            raise UserError(self.env._("Choose the kind of key to make."))
        return _MAKERS[algorithm]()

    @api.model
    def _requested(self, company, public_key, subject, sign, user=None, **values):
        """Keep a key that waits for its certificate; the one that waited is given up."""
        purpose = ca.PERSON if user else ca.SEAL
        self._alone(company, purpose, user)
        waited_sudo = self._waiting(company, user)
        if waited_sudo:
            waited_sudo._end("retired", self.env._("Replaced by another request."))
        emails = self._request_emails(user) if user else ()
        # The person's own name, whoever set-up scripts run as.
        holder_sudo = user.sudo() if user else user
        key_sudo = self._keep(
            company,
            purpose,
            keys.fingerprint(public_key),
            user,
            origin="requested",
            state="waiting",
            request_pem=csr.make(subject, public_key, sign, emails),
            **({"holder_name": holder_sudo.name} if user else {}),
            **values,
        )
        key_sudo._tell(
            "key.requested",
            administration=company.id or None,
            kind=key_sudo.kind,
            purpose=purpose,
        )
        return key_sudo

    @api.model
    def _waiting(self, company, user=None):
        """Return the key that waits for its certificate (superuser), or none."""
        # Keys are looked up on behalf of people who may not read the list of keys.
        keys_sudo = self.sudo()
        whose = (
            [("user_id", "=", user.id)]
            if user
            else [("company_id", "=", company.id), ("user_id", "=", False)]
        )
        return keys_sudo.search([("state", "=", "waiting"), *whose], limit=1)

    @api.model
    def _request_emails(self, user):
        # The person's own address goes in his or her own certificate.
        user_sudo = user.sudo()
        address = user_sudo.email or user_sudo.login or ""
        return [address] if address.isascii() and address.count("@") == 1 else []

    # ------------------------------------------------------------------
    # Receiving
    # ------------------------------------------------------------------
    def _certify_with(self, blob):
        """Import the certificate that was issued for this key, with its chain.

        A waiting key comes in use in place of the one before; a key in use gets a
        newer certificate.

        :param bytes blob: PEM, DER or PKCS#7
        :return: the key (superuser)
        :raise AccessError: not a trust officer, or somebody else's key
        :raise EnrolmentRefused: the certificate does not do, with why
        """
        self.ensure_one()
        # Its holder may not read the list of keys.
        key_sudo = self.sudo()
        user_sudo = key_sudo.user_id
        company_sudo = key_sudo.company_id
        self._check_may_enrol(
            company_sudo.with_env(self.env), user_sudo.with_env(self.env)
        )
        if key_sudo.state not in ("waiting", "active") or key_sudo.origin == "made":
            raise UserError(
                self.env._(
                    "This key takes no certificate: it has ended, or the internal "
                    "authority certifies it. Request a certificate first."
                )
            )
        own, others = self._read_certificates(blob, key_sudo.fingerprint)
        self._check_new(None, own)
        path, recognised_by = self._check_enrolled(own, others, company_sudo, user_sudo)
        return key_sudo.with_env(self.env)._certified(
            "key.certified", path, recognised_by
        )

    @api.model
    def _read_certificates(self, blob, mark):
        if not blob:
            raise UserError(self.env._("Choose the file that the authority sent."))
        try:
            return enroll.own_of(enroll.read_certificates(blob), mark)
        except enroll.EnrolRefused as error:
            if error.code == "mismatch":
                raise EnrolmentRefused(
                    self.env._(
                        "No certificate in this file was issued for this key. Choose "
                        "the answer to the request that was made here."
                    ),
                    "mismatch",
                ) from error
            raise self._enrolment_refused(error) from error

    def action_abandon(self):
        """Give up requests that wait for their certificate.

        :raise AccessError: the caller is no trust officer
        :raise UserError: a key that does not wait
        """
        self.check_access("read")
        if not self.env.user.has_group("gov_trust.group_gov_trust_officer"):
            raise AccessError(self.env._("Only a trust officer gives up a request."))
        if any(key.state != "waiting" or key.user_id for key in self):
            raise UserError(
                self.env._(
                    "Only the request of an administration that waits for its "
                    "certificate can be given up."
                )
            )
        for key in self:
            key._end("retired", self.env._("The request was given up."))
