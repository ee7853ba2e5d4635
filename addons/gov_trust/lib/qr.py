"""Signed key data for the QR code: a phone checks it without network.

``base64url(JSON array) . base64url(64-byte P-256 signature)``; no personal data.
"""

import base64
import binascii
import re
from dataclasses import astuple, dataclass

from cryptography.hazmat.primitives.asymmetric import ec

from . import keys
from .canonical import CanonicalError, canonical, parse as parse_canonical

VERSION = 1
MAX_CHARS = 1000
_HEX32 = re.compile(r"[0-9a-f]{32}")
_HEX16 = re.compile(r"[0-9a-f]{16}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class QrError(ValueError):
    """The text is not signed key data of ours."""


@dataclass(frozen=True)
class KeyData:
    """What the code says, in the order it is written.

    :param issuer: code of the administration
    :param number: number as printed
    :param instant: ``YYYY-MM-DDTHH:MM:SSZ``
    :param digest: first 16 bytes of the facts' SHA-256, hexadecimal
    :param key: first 8 bytes of the signing key's fingerprint, hexadecimal
    """

    issuer: str
    number: str
    instant: str
    digest: str
    key: str


def fits(public_key) -> bool:
    """Tell whether a key can sign QR codes: on P-256, 64 bytes a signature."""
    return isinstance(public_key, ec.EllipticCurvePublicKey) and isinstance(
        public_key.curve, ec.SECP256R1
    )


def make(data: KeyData, key: keys.LoadedKey) -> str:
    """Return the signed text for ``data``."""
    payload = canonical([VERSION, *astuple(data)])
    return f"{_encode(payload)}.{_encode(key.sign_raw(payload))}"


def parse(text: str) -> tuple[KeyData, bytes, bytes]:
    """Split a signed text; nothing is verified yet.

    :return: key data, signed payload, signature
    :raise QrError: malformed, too long, other version
    """
    if len(text) > MAX_CHARS or text.count(".") != 1:
        raise QrError("not signed key data")
    payload, signature = map(_decode, text.split("."))
    try:
        values = parse_canonical(payload)
    except (CanonicalError, UnicodeDecodeError) as error:
        raise QrError("not canonical") from error
    if not isinstance(values, list) or len(values) != 6 or values[0] != VERSION:
        raise QrError("another version")
    if not all(isinstance(value, str) for value in values[1:]):
        raise QrError("wrong types")
    data = KeyData(*values[1:])
    if (
        not _INSTANT.fullmatch(data.instant)
        or not _HEX32.fullmatch(data.digest)
        or not _HEX16.fullmatch(data.key)
        or len(signature) != 64
    ):
        raise QrError("wrong shape")
    return data, payload, signature


def verify(text: str, public_key) -> KeyData | None:
    """Return the key data when ``public_key`` signed it, else None."""
    try:
        data, payload, signature = parse(text)
    except QrError:
        return None
    return data if keys.verify_raw(public_key, signature, payload) else None


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    try:
        raw = base64.b64decode(
            text.encode("ascii") + b"=" * (-len(text) % 4), b"-_", validate=True
        )
    except (binascii.Error, UnicodeEncodeError) as error:
        raise QrError("not base64url") from error
    if _encode(raw) != text:
        raise QrError("not canonical base64url")
    return raw
