"""The CMS of our signatures and seals, in the one form there is for it.

Written from its variable parts (certificate, intermediates, digest, signature, time-stamp
token) and read by writing it again and comparing: no other attribute, certificate,
encoding or non-zero padding can hide in it. Only the bytes inside the token are taken as
they come; whoever checks the token says whether they hold.
RFC 5652 (CMS), RFC 5035 (signing-certificate-v2), RFC 5753 and 5754 (algorithms),
EN 319 122-1 (which attributes; no signing-time in a PDF; signature-time-stamp;
signature-policy-identifier, clause 5.2.9, with the digest of the policy and no qualifier).
"""

import hashlib
import re
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from . import der, keys

#: Room for what varies beside certificates and signature: attributes and headers.
OVERHEAD = 512
#: Room for a time-stamp token, in bytes; a larger one makes the signature start again.
TOKEN_ROOM = 8192
#: RFC 5652 does not limit them; a chain of a real authority has at most four.
MAX_CHAIN = 8
_SHA256 = bytes.fromhex("300b0609608648016503040201")  # without parameters
#: AlgorithmIdentifier of the signature by scheme; RFC 5754: RSA has a NULL parameter.
_ALGORITHMS = {
    "ecdsa": bytes.fromhex("300a06082a8648ce3d040302"),
    "rsa": bytes.fromhex("300d06092a864886f70d01010b0500"),
}
_DATA = bytes.fromhex("06092a864886f70d010701")
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_CONTENT_TYPE = bytes.fromhex("06092a864886f70d010903")
_MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")
_SIGNING_CERTIFICATE_V2 = bytes.fromhex("060b2a864886f70d010910022f")
_POLICY = bytes.fromhex("060b2a864886f70d010910020f")
_TIME_STAMP = bytes.fromhex("060b2a864886f70d010910020e")
_HEX = re.compile(rb"[0-9A-F]+")


@dataclass(frozen=True)
class Policy:
    """The signature policy that a signature follows.

    :param oid: its object identifier, numbers with points
    :param sha256: SHA-256 of the text of the policy
    """

    oid: str
    sha256: bytes


class CmsBroken(ValueError):
    """The value is not the CMS of a signature of ours."""


@dataclass(frozen=True)
class Cms:
    """The variable parts of a signature value.

    :param certificate: DER of the signer's certificate
    :param chain: DER of the intermediates, the signer's issuer first; never a root
    :param digest: SHA-256 of what is signed
    :param signature: signature value over :func:`to_sign`
    :param timestamp: DER of the signature-time-stamp token, or None
    :param policy: :class:`Policy`, or None
    """

    certificate: bytes
    chain: tuple[bytes, ...]
    digest: bytes
    signature: bytes
    timestamp: bytes | None = None
    policy: Policy | None = None


def read(text: bytes) -> Cms:
    """Read the only accepted form.

    :param text: upper-case hexadecimal digits, zeros after the end allowed
    :raise CmsBroken: anything else than what :func:`assemble` writes
    """
    if len(text) % 2 or not _HEX.fullmatch(text):
        raise CmsBroken("the signature's value is not written as it must be")
    raw = bytes.fromhex(text.decode())
    try:
        content = der.children(der.children(raw)[1])[0]
        _version, _algorithms, _data, certificates, signers = der.children(content)
        info = der.children(der.children(signers)[0])
        attributes = {
            attribute[0]: der.children(attribute[1])[0]
            for attribute in map(der.children, der.children(info[3]))
        }
        digest = der.value(attributes[_MESSAGE_DIGEST])
        policy = _read_policy(attributes.get(_POLICY))
        found = der.children(certificates)
        (certificate,) = (one for one in found if _signer(one) == info[1])
        chain = ordered(certificate, [one for one in found if one != certificate])
        token = (
            der.children(der.children(der.children(info[6])[0])[1])[0]
            if info[6:]
            else None
        )
        cms = Cms(certificate, chain, digest, der.value(info[5]), token, policy)
        low = keys.canonical_signature(_public_key(certificate), cms.signature)
        rebuilt = _cms(cms)
    except (IndexError, KeyError, ValueError, TypeError, RecursionError) as error:
        raise CmsBroken("the signature's value cannot be read") from error
    if raw != rebuilt.ljust(len(raw), b"\0") or cms.signature != low:
        raise CmsBroken("the signature's value is not in the one accepted form")
    return cms


def sign(key: keys.LoadedKey, digest: bytes, stamp=None, policy=None) -> bytes:
    """Return the DER of the CMS that signs a document digest (SHA-256).

    :param stamp: callable that gives the DER token for a SHA-256 digest, or None
    :param policy: :class:`Policy` that the signature follows, or None
    """
    value = signature(key, digest, policy)
    token = stamp(hashlib.sha256(value).digest()) if stamp else None
    return assemble(key.certificate, key.chain, digest, value, token, policy)


def to_sign(certificate: bytes, digest: bytes, policy=None) -> bytes:
    """What the signature covers: the attributes as a SET OF (RFC 5652 §5.4)."""
    return b"\x31" + _attributes(certificate, digest, policy)[1:]


def signature(key: keys.LoadedKey, digest: bytes, policy=None) -> bytes:
    """Signature value of a document digest; of two ECDSA twins, the low one."""
    value = key.sign(to_sign(key.certificate, digest, policy))
    return keys.canonical_signature(_public_key(key.certificate), value)


def assemble(
    certificate, chain, digest, signature, timestamp=None, policy=None
) -> bytes:
    """Return the DER of the one CMS there is for these parts.

    :param chain: DER of the issuers in any order; roots are left out
    :param timestamp: DER of a time-stamp token (one element), or None
    :param policy: :class:`Policy` that the signature follows, or None
    :raise CmsBroken: the chain or the token does not fit
    """
    try:
        chain = ordered(certificate, chain)
        return _cms(Cms(certificate, chain, digest, signature, timestamp, policy))
    except (IndexError, ValueError) as error:
        raise CmsBroken(f"the signature cannot be written: {error}") from error


def room(key: keys.LoadedKey, stamp=None) -> int:
    """Bytes to reserve for the CMS of a key; more when a token is to come.

    :param stamp: may say in ``room`` how much its tokens need
    """
    size = len(key.certificate) + sum(map(len, key.chain)) + OVERHEAD
    size += keys.signature_size(_public_key(key.certificate))
    return size + (getattr(stamp, "room", None) or TOKEN_ROOM) if stamp else size


def ordered(certificate: bytes, others) -> tuple[bytes, ...]:
    """Intermediates from the signer's issuer upwards; every one of them issued the one
    before it. Roots are left out.

    :raise CmsBroken: two of the same name, or one that belongs to no chain
    """
    left = [one for one in dict.fromkeys(others) if not _is_root(one)]
    chain, last = [], certificate
    while left:
        issuers = [one for one in left if _names(one)[1] == _names(last)[0]]
        if len(issuers) != 1 or len(chain) >= MAX_CHAIN:
            raise CmsBroken("the certificates beside the signer's are not its chain")
        _refuse_unissued(last, issuers[0])
        chain.append(issuers[0])
        left.remove(issuers[0])
        last = issuers[0]
    return tuple(chain)


def _refuse_unissued(certificate, issuer):
    try:
        for one in (certificate, issuer):
            # Signatures are whole bytes; readers skip this count of unused bits.
            if der.value(der.children(one)[2])[0]:
                raise ValueError("unused bits in a signature")
        x509.load_der_x509_certificate(certificate).verify_directly_issued_by(
            x509.load_der_x509_certificate(issuer)
        )
    except (
        InvalidSignature,
        UnsupportedAlgorithm,
        IndexError,
        TypeError,
        ValueError,
        x509.InvalidVersion,
    ) as error:
        raise CmsBroken("a certificate beside the signer's did not issue it") from error


def _public_key(certificate):
    try:
        return x509.load_der_x509_certificate(certificate).public_key()
    except (UnsupportedAlgorithm, x509.InvalidVersion, ValueError) as error:
        raise CmsBroken("the signer's certificate cannot be read") from error


def _names(certificate):
    """(issuer, subject) of a certificate, in DER."""
    fields = der.children(der.children(certificate)[0])
    return fields[3], fields[5]


def _is_root(certificate):
    issuer, subject = _names(certificate)
    return issuer == subject


def _signer(certificate):
    """IssuerAndSerialNumber of a certificate."""
    _version, serial, _algorithm, issuer, *_rest = der.children(
        der.children(certificate)[0]
    )
    return der.tlv(0x30, issuer, serial)


def _attributes(certificate: bytes, digest: bytes, policy: Policy | None) -> bytes:
    """DER of the signed attributes, tagged [0], in SET OF order."""
    # RFC 5035: SHA-256 is the default algorithm and must then be left out.
    reference = der.tlv(0x30, der.tlv(0x04, hashlib.sha256(certificate).digest()))
    attributes = [
        _attribute(_CONTENT_TYPE, _DATA),
        _attribute(_MESSAGE_DIGEST, der.tlv(0x04, digest)),
        _attribute(_SIGNING_CERTIFICATE_V2, der.tlv(0x30, der.tlv(0x30, reference))),
    ]
    if policy:
        text = der.tlv(0x30, _SHA256, der.tlv(0x04, policy.sha256))
        attributes.append(_attribute(_POLICY, der.tlv(0x30, der.oid(policy.oid), text)))
    return der.tlv(0xA0, *sorted(attributes))


def _read_policy(value: bytes | None) -> Policy | None:
    """The policy of a signature-policy-identifier; what else is in it is not of ours."""
    if value is None:
        return None
    oid, text = der.children(value)
    return Policy(der.oid_text(oid), der.value(der.children(text)[1]))


def _attribute(kind: bytes, value: bytes) -> bytes:
    return der.tlv(0x30, kind, der.tlv(0x31, value))


def _cms(cms: Cms) -> bytes:
    """The one CMS there is for its variable parts (RFC 5652)."""
    info = [
        b"\x02\x01\x01",
        _signer(cms.certificate),
        _SHA256,
        _attributes(cms.certificate, cms.digest, cms.policy),
        _ALGORITHMS[keys.scheme_of(_public_key(cms.certificate))],
        der.tlv(0x04, cms.signature),
    ]
    if cms.timestamp is not None:
        if cms.timestamp[:1] != b"\x30" or not der.is_der(cms.timestamp):
            raise CmsBroken("the time-stamp token is not one DER element")
        info.append(der.tlv(0xA1, _attribute(_TIME_STAMP, cms.timestamp)))
    content = der.tlv(
        0x30,
        b"\x02\x01\x01",
        der.tlv(0x31, _SHA256),
        der.tlv(0x30, _DATA),
        der.tlv(0xA0, *sorted((cms.certificate, *cms.chain))),
        der.tlv(0x31, der.tlv(0x30, *info)),
    )
    return der.tlv(0x30, _SIGNED_DATA, der.tlv(0xA0, content))
