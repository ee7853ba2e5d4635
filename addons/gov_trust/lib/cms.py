"""The CMS of a seal, in the one form there is for it.

Written from three variable parts (certificate, digest, signature) and read by writing
it again and comparing: no unsigned field, second certificate, other encoding or
non-zero padding can hide in it. RFC 5652 (CMS), RFC 5035 (signing-certificate-v2),
EN 319 122-1 (which attributes; no signing-time in a PDF).
"""

import hashlib
import re

from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from . import keys

#: Room for what varies beside the certificate: attributes, signature, headers.
OVERHEAD = 512
#: Order of P-256: of the two signatures (r, s) and (r, n-s), only the low one is ours.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_SHA256 = bytes.fromhex("300b0609608648016503040201")  # without parameters
_ECDSA_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")
_DATA = bytes.fromhex("06092a864886f70d010701")
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_CONTENT_TYPE = bytes.fromhex("06092a864886f70d010903")
_MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")
_SIGNING_CERTIFICATE_V2 = bytes.fromhex("060b2a864886f70d010910022f")
_HEX = re.compile(rb"[0-9A-F]+")


class CmsBroken(ValueError):
    """The value is not the CMS of a seal."""


def read(text: bytes) -> tuple[bytes, bytes, bytes]:
    """Return (certificate, message digest, signature) of the only accepted form."""
    if len(text) % 2 or not _HEX.fullmatch(text):
        raise CmsBroken("the seal's value is not written as it must be")
    raw = bytes.fromhex(text.decode())
    try:
        content = _children(_children(raw)[1])[0]
        _version, _algorithms, _data, certificates, signers = _children(content)
        certificate = _children(certificates)[0]
        info = _children(_children(signers)[0])
        (digest,) = (
            _value(_children(attribute[1])[0])
            for attribute in map(_children, _children(info[3]))
            if attribute[0] == _MESSAGE_DIGEST
        )
        signature = _value(info[5])
        rebuilt = _cms(certificate, digest, signature)
        low = _low(signature)
    except (IndexError, ValueError) as error:
        raise CmsBroken("the seal's value cannot be read") from error
    if raw != rebuilt.ljust(len(raw), b"\0") or signature != low:
        raise CmsBroken("the seal's value is not in the one accepted form")
    return certificate, digest, signature


def sign(key: keys.LoadedKey, digest: bytes) -> bytes:
    """Return the DER of the CMS that seals a document digest (SHA-256)."""
    signature = _low(key.sign(to_sign(key.certificate, digest)))
    return _cms(key.certificate, digest, signature)


def to_sign(certificate: bytes, digest: bytes) -> bytes:
    """What the signature covers: the attributes as a SET OF (RFC 5652 §5.4)."""
    return b"\x31" + _attributes(certificate, digest)[1:]


def _attributes(certificate: bytes, digest: bytes) -> bytes:
    """DER of the signed attributes, tagged [0], in SET OF order."""
    # RFC 5035: SHA-256 is the default algorithm and must then be left out.
    reference = _tlv(0x30, _tlv(0x04, hashlib.sha256(certificate).digest()))
    attributes = (
        _attribute(_CONTENT_TYPE, _DATA),
        _attribute(_MESSAGE_DIGEST, _tlv(0x04, digest)),
        _attribute(_SIGNING_CERTIFICATE_V2, _tlv(0x30, _tlv(0x30, reference))),
    )
    return _tlv(0xA0, *sorted(attributes))


def _attribute(kind: bytes, value: bytes) -> bytes:
    return _tlv(0x30, kind, _tlv(0x31, value))


def _cms(certificate: bytes, digest: bytes, signature: bytes) -> bytes:
    """The one CMS there is for a certificate, a digest and a signature (RFC 5652)."""
    _version, serial, _algorithm, issuer, *_rest = _children(_children(certificate)[0])
    signer = _tlv(0x30, issuer, serial)
    info = _tlv(
        0x30,
        b"\x02\x01\x01",
        signer,
        _SHA256,
        _attributes(certificate, digest),
        _ECDSA_SHA256,
        _tlv(0x04, signature),
    )
    content = _tlv(
        0x30,
        b"\x02\x01\x01",
        _tlv(0x31, _SHA256),
        _tlv(0x30, _DATA),
        _tlv(0xA0, certificate),
        _tlv(0x31, info),
    )
    return _tlv(0x30, _SIGNED_DATA, _tlv(0xA0, content))


def _low(signature: bytes) -> bytes:
    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, min(s, _ORDER - s))


def _tlv(tag: int, *parts: bytes) -> bytes:
    value = b"".join(parts)
    size = len(value)
    if size < 0x80:
        return bytes((tag, size)) + value
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + value


def _header(raw: bytes, at: int) -> tuple[int, int]:
    """Return (begin, end) of the value of the DER element at ``at``."""
    size, begin = raw[at + 1], at + 2
    if size & 0x80:
        wide = size & 0x7F
        if not 1 <= wide <= 4:
            raise ValueError("length of an element")
        begin += wide
        size = int.from_bytes(raw[at + 2 : begin], "big")
    if begin + size > len(raw):
        raise ValueError("element longer than its container")
    return begin, begin + size


def _value(raw: bytes) -> bytes:
    begin, end = _header(raw, 0)
    return raw[begin:end]


def _children(raw: bytes) -> list[bytes]:
    """Split a constructed DER element in its parts; what follows it is ignored."""
    at, end = _header(raw, 0)
    parts = []
    while at < end:
        _begin, after = _header(raw, at)
        parts.append(raw[at:after])
        at = after
    return parts
