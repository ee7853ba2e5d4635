import base64

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..exceptions import EnrolmentRefused
from ..lib import ca, enroll, keys, names, token, token_session

token_session.configure(lambda: tools.config.get("config"))
TOKEN_SPACE = 0x676F7674  # "govt": first key of the advisory lock


class GovKey(models.Model):
    """Keys that lie in a token of the server (PKCS#11)."""

    _inherit = "gov.key"

    token_library = fields.Char(
        string="Library", readonly=True, help="As odoo.conf names it."
    )
    token_label = fields.Char(string="Token", readonly=True)
    token_key_label = fields.Char(string="Label of the key", readonly=True)
    token_key_ident = fields.Char(
        string="Id of the key", readonly=True, help="Hexadecimal."
    )
    token_refused = fields.Boolean(
        string="PIN refused",
        readonly=True,
        help="The token refused its PIN: it is not tried again until another is typed.",
    )

    # ------------------------------------------------------------------
    # Enrolment
    # ------------------------------------------------------------------
    @api.model
    def _use_token(self, company, place, pin, blob):
        """Seal with a key that lies in a token, from now on.

        :param company: ``res.company`` record
        :param place: :class:`~odoo.addons.gov_trust.lib.token.Place`
        :param str pin: of the token; kept encrypted under the master key
        :param bytes blob: PEM, DER or PKCS#7 of the certificate of the key, with chain
        :return: the key (superuser)
        :raise AccessError: the caller is no trust officer of that administration
        :raise EnrolmentRefused: the certificate does not do, with why
        :raise SealUnavailable: the token cannot be used, with why
        """
        self._check_may_enrol(company)
        self._master()
        place = self._checked_place(place, pin)
        own, others = self._token_certificate(blob)
        path, _recognised_by = self._check_enrolled(own, others, company)
        public_key = ca.public_key(own)
        mark = keys.fingerprint(public_key)
        in_use_sudo = self._alone(company, ca.SEAL)
        renewed = in_use_sudo.fingerprint == mark and in_use_sudo.kind == "pkcs11"
        self._check_new(None if renewed else mark, own)
        try:
            token.check_pair(place, pin, public_key)
        except token.TokenError as error:
            raise self._token_unavailable(error) from error
        if renewed:
            key_sudo = in_use_sudo
            key_sudo.write({**self._place_values(place), "token_refused": False})
        else:
            key_sudo = self._keep(
                *(company, ca.SEAL, mark),
                origin="imported",
                state="waiting",
                **self._place_values(place),
            )
        key_sudo._keep_secret(pin.encode())
        return key_sudo._certified("key.imported", path)

    @api.model
    def _request_token(self, company, algorithm, place, pin):
        """Make a key in a token for the seal of an administration, and its request.

        :param str algorithm: ``p256``, ``p384`` or ``rsa3072``
        :param place: where; it has a label
        :return: the waiting key (superuser)
        :raise AccessError: the caller is no trust officer of that administration
        :raise SealUnavailable: the token cannot be used, with why
        """
        self._check_may_enrol(company)
        self._master()
        place = self._checked_place(place, pin)
        if algorithm not in token.ALGORITHMS or not place.label:
            raise UserError(
                self.env._("Choose the kind of key to make, and give it a label.")
            )
        subject = names.subject(self._holder(company, ca.SEAL))
        try:
            public_key = token.generate(place, pin, algorithm)
            key_sudo = self._requested(
                *(company, public_key, subject),
                lambda data: token.sign(place, pin, public_key, data),
                **self._place_values(place),
            )
        except token.TokenError as error:
            raise self._token_unavailable(error) from error
        key_sudo._keep_secret(pin.encode())
        return key_sudo

    def _change_token_pin(self, pin):
        """Take another PIN for the token of this key, after trying it once.

        :raise AccessError: the caller is no trust officer of that administration
        :raise SealUnavailable: the token cannot be used, with why
        """
        self.ensure_one()
        # The role is checked at once.
        key_sudo = self.sudo()
        self._check_may_enrol(key_sudo.company_id.with_env(self.env))
        if key_sudo.kind != "pkcs11" or key_sudo.state != "active":
            raise UserError(self.env._("This key is not one in use in a token."))
        place = self._checked_place(key_sudo._place(), pin)
        newest_sudo = key_sudo.certificate_ids.sorted("id")[-1:]
        (certificate,) = ca.der(newest_sudo.pem)
        try:
            token.check_pair(place, pin, ca.public_key(certificate))
        except token.TokenError as error:
            raise self._token_unavailable(error) from error
        key_sudo._keep_secret(pin.encode())
        key_sudo.write({"token_refused": False})
        key_sudo._tell("key.token_pin_changed")

    @api.model
    def _checked_place(self, place, pin):
        if place.library not in token_session.libraries():
            raise self._token_unavailable(token.TokenError("no_library", "unknown"))
        ident = "".join(place.ident.split()).replace(":", "").lower()
        try:
            bytes.fromhex(ident)
        except ValueError as error:
            raise UserError(
                self.env._("The id of a key is written in hexadecimal: 01, a1b2…")
            ) from error
        if not place.token or not pin or not (place.label or ident):
            raise UserError(
                self.env._(
                    "Give the label of the token, its PIN, and the label or the id of "
                    "the key."
                )
            )
        return token.Place(place.library, place.token, place.label, ident)

    @api.model
    def _token_certificate(self, blob):
        """The certificate of the key in a file: the one that issued none of the others.

        :return: (DER, DER of the others)
        """
        if not blob:
            raise UserError(self.env._("Choose the file of the certificate."))
        try:
            found = enroll.read_certificates(blob)
        except enroll.EnrolRefused as error:
            raise self._enrolment_refused(error) from error
        own = enroll.leaves(found)
        if len(own) != 1:
            raise EnrolmentRefused(
                self.env._(
                    "This file holds %(count)s certificates that could be the key's. "
                    "Choose a file with that certificate and its chain alone.",
                    count=len(own),
                ),
                "several_certificates",
            )
        return own[0], tuple(one for one in found if one != own[0])

    @api.model
    def _place_values(self, place):
        return {
            "kind": "pkcs11",
            "token_library": place.library,
            "token_label": place.token,
            "token_key_label": place.label or False,
            "token_key_ident": place.ident or False,
        }

    def _place(self):
        return token.Place(
            self.token_library,
            self.token_label,
            self.token_key_label or "",
            self.token_key_ident or "",
        )

    # ------------------------------------------------------------------
    # Opening
    # ------------------------------------------------------------------
    def _load(self):
        """Open the key; one in a token is logged in to now.

        :raise SealUnavailable: the token cannot be used, with why
        """
        loaded = super()._load()
        if isinstance(loaded, token.TokenKey):
            self._log_in(loaded)
        return loaded

    def _log_in(self, loaded):
        """Log in to the token unless this process did; one worker at a time tries."""
        failed = []

        def log_in(env):
            env.cr.execute(
                SQL("SELECT pg_advisory_xact_lock(%s, %s)", TOKEN_SPACE, self.id)
            )
            env.cr.execute(
                SQL("SELECT token_refused FROM gov_key WHERE id = %s", self.id)
            )
            row = env.cr.fetchone()
            try:
                if row and row[0]:
                    raise token.TokenError("pin_wrong", "the token refused it before")
                loaded.open()
            except token.TokenError as error:
                failed.append(error)
                if error.code == "pin_wrong" and row and not row[0]:
                    self.with_env(env)._token_refused()

        if token_session.is_open(loaded.place, loaded.pin):
            try:
                loaded.open()
            except token.TokenError as error:
                failed.append(error)
        else:
            # On a cursor of its own: the refusal is kept, the request is rolled back.
            self.env["gov.key.attempt"]._run("SELECT 1 AS one", self.id, log_in)
        if failed:
            raise self._token_unavailable(failed[0]) from failed[0]

    def _token_refused(self):
        # Whoever seals may not write keys; the other workers must not try the PIN too.
        key_sudo = self.sudo()
        key_sudo.write({"token_refused": True})
        key_sudo._tell("key.token_refused")

    @api.model
    def _open(self, opened, row, factor=b""):
        if row["kind"] != "pkcs11":
            return super()._open(opened, row, factor)
        wrapped = keys.Wrapped(
            base64.b64decode(row["ciphertext"]),
            bytes.fromhex(row["nonce"]),
            row["master_fingerprint"],
        )
        pin = keys.unwrap_secret(opened, wrapped, row["fingerprint"], row["purpose"])
        (certificate,) = ca.der(row["certificate"])
        place = token.Place(
            row["token_library"],
            row["token_label"],
            row["token_key_label"] or "",
            row["token_key_ident"] or "",
        )
        chain = ca.der(row["chain"]) if row["chain"] else ()
        return token.TokenKey.of(place, pin.decode(), certificate, chain)
