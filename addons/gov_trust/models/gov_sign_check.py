import datetime

from cryptography import x509

from odoo import api, models

from ..exceptions import SealRefused, SealUnavailable
from ..lib import algorithms, trust


class GovSign(models.AbstractModel):
    """What is looked at before a key signs, and after (A5 and A8 of the reference)."""

    _inherit = "gov.sign"

    @api.model
    def _check_may_seal(self):
        identity = self.env["gov.trust.identity"]
        if not identity._may_seal():
            raise SealUnavailable(identity._explain())

    @api.model
    def _check_in_use(self, loaded):
        """A key that was retired or revoked since it was opened signs nothing."""
        # Whoever signs may not read the list of keys; only the state is compared.
        keys_sudo = self.env["gov.key"].sudo()
        key_sudo = keys_sudo.search([("fingerprint", "=", loaded.fingerprint)])
        state = key_sudo and self.env["gov.key.attempt"]._state_of(key_sudo.id)
        if key_sudo.state != "active" or (state or "active") != "active":
            raise SealUnavailable(
                self.env._(
                    "This key was retired or revoked: it signs nothing any more. Make "
                    "a new one (your name at the top of the screen ▸ My signature)."
                )
            )

    @api.model
    def _check_revoked(self, act):
        """Refuse what was signed after its key was revoked.

        The time is that of the timestamp; without one, the time that is claimed.
        """
        # Certificates are public; the person who checks may have no right on keys.
        certificates_sudo = self.env["gov.certificate"].sudo()
        revoked_sudo = certificates_sudo.search(
            [
                ("sha256", "in", [one.certificate_sha256 for one in act.own]),
                ("key_id.state", "=", "revoked"),
            ]
        )
        ended = {one.sha256: one.key_id.ended_at for one in revoked_sudo}
        for found in act.own:
            moment = ended.get(found.certificate_sha256)
            if moment and found.best_time.replace(tzinfo=None) > moment:
                raise SealRefused(
                    self.env._(
                        "The signature of %(name)s was made after the key was revoked: "
                        "it does not count.",
                        name=found.name,
                    )
                )

    @api.model
    def _check_certificate(self, company, loaded, use):
        """Check the certificate of a key before it signs.

        It leads to an authority that is trusted here for this, at this moment; it is
        not revoked, its key and its algorithms still count (RFC 5280, TS 119 312).

        :param loaded: :class:`~odoo.addons.gov_trust.lib.keys.LoadedKey`
        :param str use: ``signature`` or ``seal``
        :return: :class:`~odoo.addons.gov_trust.lib.trust.Path`
        :raise SealUnavailable: with what is wrong and what to do
        """
        store, now = self._store(company), datetime.datetime.now(datetime.UTC)
        try:
            path = store.path(loaded.certificate, loaded.chain, now, use)
            found = x509.load_der_x509_certificate(loaded.certificate)
            store.policy.check_key(found.public_key(), now, signing=True)
            store.policy.check_hash("sha256", now, signing=True)
        except trust.NotTrusted as error:
            raise SealUnavailable(self._explain_certificate(error, use)) from error
        except algorithms.Weak as error:
            raise SealUnavailable(
                self.env._(
                    "This key signs nothing any more: %(reason)s. Use a certificate "
                    "with a stronger key.",
                    reason=str(error),
                )
            ) from error
        return path

    @api.model
    def _explain_certificate(self, error, use):
        """Sentence for a person: what is wrong with the certificate, what to do."""
        if error.code == "wrong_usage":
            told = (
                self.env._(
                    "The certificate of this key is not for a person's signature here"
                )
                if use == trust.SIGNATURE
                else self.env._("The certificate of this key is not for a seal here")
            )
        else:
            told = {
                "no_anchor": self.env._(
                    "The certificate of this key comes from an authority that is not "
                    "trusted here"
                ),
                "anchor_ended": self.env._(
                    "The authority of this key's certificate is not trusted any more"
                ),
                "not_yet_valid": self.env._(
                    "The certificate of this key is not valid yet"
                ),
                "expired": self.env._("The certificate of this key has expired"),
                "revoked": self.env._("The certificate of this key was revoked"),
                "weak": self.env._("The certificate of this key is too weak today"),
            }.get(error.code, self.env._("The certificate of this key cannot be used"))
        return self.env._(
            "%(what)s: nothing was signed (%(reason)s). Ask your trust officer, or use "
            "another key.",
            what=told,
            reason=str(error),
        )
