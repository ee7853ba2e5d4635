"""Why a key or a certificate from outside cannot be taken, for :mod:`.enroll`."""

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

UNREADABLE = (ValueError, TypeError, KeyError, UnsupportedAlgorithm)


class EnrolRefused(ValueError):
    """A key or a certificate cannot be taken.

    :ivar code: too_large, too_slow, wrong_password, not_a_key_file, not_certificates,
        no_key, no_certificate, several_keys, mismatch, unsupported_key, unreadable,
        weak_key, weak_hash, weak_issuer, not_yet_valid, expired, wrong_usage, wrong_kind,
        incomplete_chain, unknown_anchor, anchor_use, anchor_ended, issuer_expired,
        broken_chain, revoked
    :ivar about: what the sentence names: an issuer, a date, an algorithm, a reason
    """

    def __init__(self, code, text, about=""):
        super().__init__(text)
        self.code = code
        self.about = about


def parsed(certificate):
    """Read a certificate from its DER.

    :raise EnrolRefused: unreadable
    """
    try:
        leaf = x509.load_der_x509_certificate(certificate)
        list(leaf.extensions)
        again = leaf.public_bytes(serialization.Encoding.DER)
    except (x509.DuplicateExtension, x509.InvalidVersion, *UNREADABLE) as error:
        raise EnrolRefused("unreadable", "the certificate cannot be read") from error
    if again != certificate:
        raise EnrolRefused("unreadable", "the certificate is not in DER form")
    return leaf


def why(certificate, others, store, use, error):
    """The refusal that tells a person what to do about a certificate nobody vouches for.

    :param error: :class:`~.trust.NotTrusted`
    """
    if error.code == "no_anchor":
        return _missing(certificate, (*others, *store.certificates))
    if error.code == "wrong_usage" and store.level(certificate, others):
        return EnrolRefused("anchor_use", str(error), str(error))
    if error.code in ("expired", "not_yet_valid"):
        return EnrolRefused("issuer_expired", str(error))
    if error.code == "weak":
        return EnrolRefused("weak_issuer", str(error), str(error))
    if error.code in ("revoked", "anchor_ended"):
        return EnrolRefused(error.code, str(error))
    return EnrolRefused("broken_chain", str(error), str(error))


def _missing(certificate, others):
    """How far the chain goes: to a root nobody enabled, or to an issuer not there."""
    at, seen = parsed(certificate), set()
    pool = []
    for one in others:
        try:
            pool.append(parsed(bytes(one)))
        except EnrolRefused:
            continue
    while at not in seen:
        seen.add(at)
        if at.issuer == at.subject:
            name = _name(at.subject)
            return EnrolRefused("unknown_anchor", f"not trusted here: {name}", name)
        above = next((one for one in pool if _issued(at, one)), None)
        if above is None:
            break
        at = above
    name = _name(at.issuer)
    return EnrolRefused("incomplete_chain", f"missing: {name}", name)


def _issued(leaf, issuer):
    try:
        leaf.verify_directly_issued_by(issuer)
    except (InvalidSignature, *UNREADABLE):
        return False
    return True


def _name(name):
    try:
        text = name.rfc4514_string()
    except UNREADABLE:
        text = "?"
    return text[:200]
