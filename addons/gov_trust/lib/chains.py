"""Links between certificates, and RFC 5280 along a chain of them.

:mod:`.trust` asks; nothing here knows whom to believe. pyhanko-certvalidator is imported
late, since that costs time.
"""

import functools

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

UNREADABLE = (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion)
#: Critical extensions of a leaf that are looked at here or there.
_KNOWN = {
    "basic_constraints",
    "certificate_policies",
    "extended_key_usage",
    "inhibit_any_policy",
    "key_usage",
    "name_constraints",
    "policy_constraints",
    "policy_mappings",
    "qc_statements",
    "subject_alt_name",
}


class NotTrusted(ValueError):
    """A certificate leads to no anchor, or not for this use at this time.

    :param code: no_anchor, not_yet_valid, expired, revoked, wrong_usage, weak,
        broken_chain, anchor_ended
    :param revoked_at: aware datetime when the code is revoked
    """

    def __init__(self, code, text, revoked_at=None):
        super().__init__(text)
        self.code = code
        self.revoked_at = revoked_at


def profile(certificates, root, moment):
    """RFC 5280 §6.1 along a path of verified signatures, by pyhanko-certvalidator."""
    from asn1crypto import x509 as asn1
    from pyhanko_certvalidator import context, errors, policy_decl, validate
    from pyhanko_certvalidator.authority import CertTrustAnchor
    from pyhanko_certvalidator.path import ValidationPath

    rule = policy_decl.RevocationCheckingRule.NO_CHECK
    try:
        loaded = [
            asn1.Certificate.load(der(found), strict=True) for found in certificates
        ]
        anchor = asn1.Certificate.load(der(root), strict=True)
        asked = context.ValidationContext(
            trust_roots=[anchor],
            moment=moment,
            allow_fetching=False,
            # Revocation is looked at elsewhere, with the times that count there.
            revinfo_policy=policy_decl.CertRevTrustPolicy(
                policy_decl.RevocationCheckingPolicy(rule, rule)
            ),
        )
        if loaded[0].critical_extensions - _KNOWN:
            raise NotTrusted(
                "broken_chain", "it holds a critical rule nobody knows here"
            )
        path = ValidationPath(CertTrustAnchor(anchor), loaded[:0:-1], loaded[0])
        _at_once(validate.async_validate_path(asked, path))
    except NotTrusted:
        raise
    except (
        errors.PathError,
        errors.ValidationError,
        LookupError,
        NotImplementedError,
        *UNREADABLE,
    ) as error:
        raise NotTrusted(
            "broken_chain", f"the chain of certificates does not hold: {error}"
        ) from error


def _at_once(coroutine):
    """Run what waits for nothing: nothing is fetched, and the caller may be in a loop."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    coroutine.close()
    raise NotTrusted("broken_chain", "the chain of certificates asks for the network")


def in_time(found, moment):
    """Refuse a certificate outside its dates."""
    if moment < found.not_valid_before_utc:
        raise NotTrusted("not_yet_valid", "a certificate was not valid yet")
    if moment > found.not_valid_after_utc:
        raise NotTrusted("expired", "a certificate had expired")


@functools.lru_cache(maxsize=1024)
def parsed(raw: bytes) -> x509.Certificate:
    """Read the DER of a certificate, whole; remembered.

    :raise NotTrusted: broken_chain
    """
    try:
        found = x509.load_der_x509_certificate(raw)
        if der(found) != raw:
            raise NotTrusted("broken_chain", "a certificate is not in DER form")
        # What is read later must be readable: hostile ones fail here.
        list(found.extensions)
        found.public_key()
        found.issuer.rfc4514_string(), found.subject.rfc4514_string()
    except (x509.DuplicateExtension, *UNREADABLE) as error:
        if isinstance(error, NotTrusted):
            raise
        raise NotTrusted("broken_chain", "a certificate cannot be read") from error
    return found


@functools.lru_cache(maxsize=4096)
def issued(leaf, issuer) -> bool:
    """Whether an authority signed a certificate (names and signature)."""
    if leaf.issuer != issuer.subject:
        return False
    try:
        leaf.verify_directly_issued_by(issuer)
        basic = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
    except (InvalidSignature, x509.ExtensionNotFound, *UNREADABLE):
        return False
    return basic.ca


def der(found) -> bytes:
    """DER of a certificate."""
    return found.public_bytes(serialization.Encoding.DER)
