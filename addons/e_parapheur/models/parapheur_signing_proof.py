import base64
import math
import re
import unicodedata
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.auth_passkey._vendor.webauthn import (
    base64url_to_bytes,
    verify_authentication_response,
)
from odoo.addons.auth_totp.models.totp import TOTP

from ..lib.sign_act import PROOFS, Proof

#: longest value of an assertion that is looked at
MOST = 4096
_CODE = re.compile(r"[0-9]{6}")


class ParapheurSigning(models.Model):
    """How a person proves who he is besides his PIN: a code that is used once, or a passkey over what he decides.

    It never skips: without code or passkey, nothing is done, and the sentence says how to get one (A3).
    """

    _inherit = "parapheur.signing"

    def _prove(self, wanted, answer):
        """Check what the person gave, once; every try counts. Called on the row of :meth:`_own`.

        :param str wanted: the least that is asked: ``none``, ``totp`` or ``passkey``
        :param answer: as given by RPC: dict with ``totp`` or ``passkey``
        :return: :class:`~odoo.addons.e_parapheur.lib.sign_act.Proof`
        :raise UserError: nothing given, wrong, used already, locked, or nothing to prove it with
        """
        self.ensure_one()
        if self.proved_at:
            raise UserError(
                self.env._(
                    "This list was proved already: once is for one time. Reload the page and "
                    "choose what is left."
                )
            )
        answer = answer if isinstance(answer, dict) else {}
        user = self.env["res.users"].browse(self.user_id)
        kind, evidence = "none", {}
        if answer.get("passkey") and wanted != "none":
            kind, evidence = "passkey", self._checked_passkey(user, answer["passkey"])
        elif wanted == "totp":
            kind = "totp"
            self._check_totp(user, answer.get("totp"))
        elif wanted == "passkey":
            raise self._missing(user, "passkey")
        if kind != "none":
            evidence |= {
                "kind": kind,
                "request": self.mark,
                "challenge": self._challenge().hex(),
            }
            self._tell_list(evidence)
        self.write(
            {
                "proved_at": fields.Datetime.now(),
                "proof_kind": kind,
                "evidence": evidence,
            }
        )
        return self._proof()

    def _proof(self):
        """The proof that was given for this list."""
        return Proof(
            kind=self.proof_kind,
            user=self.user_id,
            decision=self.decision,
            items={folder: (step, base) for folder, step, base, _act in self.items},
            evidence=self.evidence or {},
        )

    @api.model
    def _strongest(self, kinds):
        return max(kinds, key=PROOFS.index, default="none")

    # ------------------------------------------------------------------
    # What the person has
    # ------------------------------------------------------------------
    @api.model
    def _has(self, user, kind):
        """Whether a person can prove who he is that way."""
        if kind == "passkey":
            return bool(self._passkeys(user))
        # Whether a second factor is set up is asked about himself.
        return kind == "none" or bool(user.sudo().totp_secret)

    @api.model
    def _offered(self, user, wanted):
        """What a person is asked for: a passkey stands for a code when he has no code."""
        if wanted == "totp" and not self._has(user, "totp"):
            return "passkey" if self._has(user, "passkey") else "totp"
        return wanted

    @api.model
    def _how_to_get(self, kind):
        if kind == "passkey":
            return self.env._(
                "This nature asks for a passkey and you have none: make one first (your name "
                "at the top of the screen ▸ My Preferences ▸ Security ▸ Add Passkey), then "
                "come back. Nothing was done."
            )
        return self.env._(
            "This nature asks for the code of an authenticator application and you have not "
            "set one up: do it first (your name at the top of the screen ▸ My Preferences ▸ "
            "Security ▸ Two-factor authentication), then come back. Nothing was done."
        )

    @api.model
    def _missing(self, user, kind):
        if not self._has(user, kind):
            return UserError(self._how_to_get(kind))
        if kind == "passkey":
            return UserError(
                self.env._(
                    "This nature asks for your passkey: give it when the browser asks. "
                    "Nothing was done."
                )
            )
        return UserError(
            self.env._(
                "This nature asks for the six digits of your authenticator application: "
                "nothing was done."
            )
        )

    # ------------------------------------------------------------------
    # Code
    # ------------------------------------------------------------------
    @api.model
    def _check_totp(self, user, code):
        """Check a code of RFC 6238, once: the same code, or an older one, is refused."""
        # The secret is compared, for the person whose it is; it is shown to nobody.
        user_sudo = user.sudo()
        # Digits of any script are digits; what is no text has none.
        typed = unicodedata.normalize("NFKC", code) if isinstance(code, str) else ""
        digits = "".join(
            str(unicodedata.digit(sign)) for sign in typed[:40] if sign.isdecimal()
        )
        if not user_sudo.totp_secret or not typed.strip():
            raise self._missing(user, "totp")
        left = self._begin_try(user)
        matched = None
        if _CODE.fullmatch(digits):
            secret = base64.b32decode(user_sudo.totp_secret)
            matched = TOTP(secret).match(int(digits))
        last = user_sudo.totp_last_counter or 0
        if matched is None or matched <= last:
            used = matched is not None
            raise self._refused_try(
                user,
                left,
                self.env._("This code was used already: wait for the next one.")
                if used
                else self.env._("This is not the code of your authenticator now."),
            )
        user_sudo.totp_last_counter = matched
        self.env["parapheur.reauth.attempt"]._forget(user.id)

    # ------------------------------------------------------------------
    # Passkey
    # ------------------------------------------------------------------
    def _checked_passkey(self, user, given):
        """Check an assertion over the challenge of this list (WebAuthn level 2, §7.2).

        :return: what the journal keeps: the assertion as it came, and the public key
        """
        assertion = self._clean_assertion(given)
        if not self._has(user, "passkey"):
            raise self._missing(user, "passkey")
        left = self._begin_try(user)
        key_sudo = self._passkeys(user).filtered(
            lambda one: one.credential_identifier == assertion["id"]
        )
        host, origin = self._relying_party()
        try:
            if not key_sudo:
                raise ValueError("another person's passkey")
            verified = verify_authentication_response(
                credential=assertion,
                expected_challenge=self._challenge(),
                expected_origin=origin,
                expected_rp_id=host,
                credential_public_key=base64url_to_bytes(key_sudo.public_key),
                credential_current_sign_count=key_sudo.sign_count,
                require_user_verification=True,
            )
        except Exception as error:  # hostile bytes raise anything; no query runs here
            raise self._refused_try(
                user,
                left,
                self.env._("This passkey does not prove that you decide this."),
            ) from error
        key_sudo.sign_count = verified.new_sign_count
        self.env["parapheur.reauth.attempt"]._forget(user.id)
        return {"assertion": assertion, "public_key": key_sudo.public_key}

    @api.model
    def _clean_assertion(self, given):
        """The four values of an assertion, as texts; anything else is dropped."""
        given = given if isinstance(given, dict) else {}
        response = given.get("response")
        response = response if isinstance(response, dict) else {}
        values = {
            name: response.get(name)
            for name in ("clientDataJSON", "authenticatorData", "signature")
        } | {"id": given.get("id")}
        for value in values.values():
            if not isinstance(value, str) or not 0 < len(value) <= MOST:
                raise UserError(
                    self.env._(
                        "The browser gave no passkey that can be read: try again. Nothing "
                        "was done."
                    )
                )
        name = values.pop("id")
        return {"id": name, "rawId": name, "type": "public-key", "response": values}

    @api.model
    def _relying_party(self):
        """Host and origin that passkeys are made for: those of this platform."""
        parts = urlsplit(self.env["auth.passkey.key"].get_base_url())
        return parts.hostname, f"{parts.scheme}://{parts.netloc}"

    # ------------------------------------------------------------------
    # Tries
    # ------------------------------------------------------------------
    @api.model
    def _begin_try(self, user):
        attempts = self.env["parapheur.reauth.attempt"]
        left, wait = attempts._begin(user.id)
        if wait:
            attempts._failed(user.id, attempts._locked_told(user.id))
            raise UserError(self._locked(wait))
        return left

    @api.model
    def _refused_try(self, user, left, why):
        attempts = self.env["parapheur.reauth.attempt"]
        attempts._failed(user.id, attempts._locked_told(user.id))
        if not left:
            return UserError(self._locked(15 * 60))
        return UserError(
            self.env._(
                "%(why)s Nothing was done. Attempts left: %(left)s.", why=why, left=left
            )
        )

    @api.model
    def _locked(self, wait):
        return self.env._(
            "Too many wrong codes or passkeys: nothing was done. Try again in %(minutes)s "
            "minutes.",
            minutes=math.ceil(wait / 60),
        )

    @api.model
    def _evidence_of(self, proof):
        """What an event says of the proof: with the list it is about, enough to check it again later.

        :param proof: :class:`~odoo.addons.e_parapheur.lib.sign_act.Proof`
        """
        if proof.kind == "none":
            return {}
        return {"authentication": dict(proof.evidence)}

    def _check_listed(self, items):
        """Raise unless these are items that were shown with this list."""
        shown = {tuple(one) for one in self.items}
        if any(tuple(one) not in shown for one in items):
            raise UserError(
                self.env._(
                    "What you decide is not what was shown, or it has changed since: reload "
                    "the page and read it again. Nothing was done."
                )
            )

    def _tell_list(self, evidence):
        """One event with the whole list that was proved: its digest is the challenge."""
        folders = self.env["parapheur.folder"].browse(one[0] for one in self.items)
        for company in folders.company_id:
            self.env["parapheur.folder"]._book(company)._append(
                "folder.list_proved",
                {"list": self._facts(), "authentication": evidence},
            )
