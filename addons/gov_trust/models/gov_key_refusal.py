from odoo import api, models

from ..exceptions import EnrolmentRefused, SealUnavailable


class GovKey(models.Model):
    """What is wrong with a key from outside, in sentences for the person who brings it."""

    _inherit = "gov.key"

    @api.model
    def _enrolment_refused(self, error):
        """Return the refusal of a file or a certificate, to be raised.

        :param error: :class:`~odoo.addons.gov_trust.lib.enroll.EnrolRefused`
        """
        sentences = self._file_sentences() | self._certificate_sentences()
        sentence = sentences.get(error.code)
        about = error.about or "?"
        return EnrolmentRefused(
            (sentence or str(error)).replace("%(about)s", about), error.code
        )

    @api.model
    def _file_sentences(self):
        return {
            "too_large": self.env._(
                "This file is too large for a file of keys: one has less than 1 MB. "
                "Choose the .p12, .pfx or .pem file that the authority gave you."
            ),
            "too_slow": self.env._(
                "This file cannot be read within ten seconds: it asks for far more "
                "computing than a file of keys needs. Export the key again with usual "
                "settings."
            ),
            "wrong_password": self.env._(
                "The password does not open this file. Type the password that was "
                "chosen when the file was made."
            ),
            "not_a_key_file": self.env._(
                "This is not a file of keys, or it is damaged. Choose a PKCS#12 file "
                "(.p12, .pfx) or a PEM file."
            ),
            "not_certificates": self.env._(
                "There is no certificate in this file. Choose the file that the "
                "authority sent (.pem, .crt, .cer or .p7b)."
            ),
            "no_key": self.env._(
                "There is no private key in this file. Export the certificate together "
                "with its private key."
            ),
            "no_certificate": self.env._(
                "There is a private key in this file and no certificate. Export both "
                "together, with the chain."
            ),
            "several_keys": self.env._(
                "There are several private keys in this file. Export the one to use "
                "alone."
            ),
            "mismatch": self.env._(
                "The key and the certificate do not belong together: the certificate "
                "was issued for another key. Bring the two that belong together."
            ),
        }

    @api.model
    def _certificate_sentences(self):
        return {
            "unreadable": self.env._(
                "The certificate is damaged or not written as it must be. Ask its "
                "authority for it again."
            ),
            "unsupported_key": self.env._(
                "This kind of key cannot sign here (%(about)s). RSA from 2048 to 8192 "
                "bits and the curves P-256, P-384 and P-521 can; RSA keys for PSS only "
                "cannot.",
                about="%(about)s",
            ),
            "weak_key": self.env._(
                "The key is too weak for new signatures (%(about)s). Ask for a "
                "certificate on a stronger key: P-256, or RSA of 3072 bits.",
                about="%(about)s",
            ),
            "weak_hash": self.env._(
                "The certificate is signed with an algorithm that is not accepted any "
                "more (%(about)s). Ask its authority for another one.",
                about="%(about)s",
            ),
            "weak_issuer": self.env._(
                "The key or the algorithm of an authority in the chain is too weak. Ask "
                "for a certificate of another authority."
            ),
            "not_yet_valid": self.env._(
                "The certificate is not valid before %(about)s. Import it from that day "
                "on, or check the clock of the server.",
                about="%(about)s",
            ),
            "expired": self.env._(
                "The certificate expired on %(about)s. Ask its authority for a new one.",
                about="%(about)s",
            ),
            "wrong_usage": self.env._(
                "The certificate is not for signing documents: it is an authority's, or "
                "for another use. Ask for one with the usage digitalSignature or "
                "nonRepudiation."
            ),
            "wrong_kind": self.env._(
                "The certificate is for the other use: a seal is made out to an "
                "administration, a signature to a person. Choose the right one."
            ),
            "incomplete_chain": self.env._(
                "The chain of the certificate is not complete: the certificate of "
                "“%(about)s” is missing. Export the file with the whole chain, or add "
                "that certificate.",
                about="%(about)s",
            ),
            "unknown_anchor": self.env._(
                "The certificate leads to “%(about)s”, which is not among the trust "
                "anchors of this administration. A trust officer can propose it under "
                "Trust ▸ Certificates ▸ Trust anchors.",
                about="%(about)s",
            ),
            "anchor_use": self.env._(
                "The authority of this certificate is trusted here, and not for this "
                "use. A trust officer decides what a trust anchor is for."
            ),
            "anchor_ended": self.env._(
                "Its authority is not trusted here any more, or not yet. Use a "
                "certificate of another authority."
            ),
            "issuer_expired": self.env._(
                "The certificate of its authority is outside its dates. Ask for a "
                "certificate with a chain that is valid today."
            ),
            "broken_chain": self.env._(
                "The chain of the certificate does not hold: %(about)s. Ask its "
                "authority for the right chain.",
                about="%(about)s",
            ),
            "revoked": self.env._(
                "The certificate was revoked by its authority: it signs nothing any "
                "more. Ask for a new one."
            ),
        }

    @api.model
    def _token_unavailable(self, error):
        """Return the refusal of a token, to be raised.

        :param error: :class:`~odoo.addons.gov_trust.lib.keys.KeyUnavailable`
        """
        sentence = {
            "no_library": self.env._(
                "The PKCS#11 library of this key is not named in the configuration of "
                "this server. The operator adds pkcs11_<name> = <path> to the section "
                "[gov_trust] of odoo.conf."
            ),
            "bad_library": self.env._(
                "The PKCS#11 library of this server cannot be loaded. The operator "
                "checks its path in odoo.conf and that python-pkcs11 is installed."
            ),
            "no_token": self.env._(
                "The token is not there. Plug it in, or check its label, then try again."
            ),
            "pin_wrong": self.env._(
                "The token refuses its PIN. It is not tried again, since a few wrong "
                "PINs lock a token for good: a trust officer types the right one."
            ),
            "pin_locked": self.env._(
                "The token is locked, or one more wrong PIN would lock it. Unlock it "
                "with its own tool, then try again."
            ),
            "no_key": self.env._(
                "The token does not hold this key. Check the label or the id of the key."
            ),
            "several_keys": self.env._(
                "The token holds several keys under this label or id, or holds one "
                "already. Give another label or id."
            ),
            "unfit": self.env._(
                "The key in the token is another one than that of the certificate, or "
                "cannot sign this way. Check the label or the id of the key."
            ),
            "read_only": self.env._(
                "No key can be made in this token: it cannot be written. Make the key "
                "with the token's own tool."
            ),
        }.get(getattr(error, "code", "")) or self.env._(
            "The token does not answer. Check that it is plugged in, then try again."
        )
        return SealUnavailable(sentence)
