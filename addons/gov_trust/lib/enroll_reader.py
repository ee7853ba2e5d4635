"""Read a file of keys in a process of its own, with limits.

The file is hostile: an iteration count of two thousand million would keep a worker busy
for an hour. :mod:`.enroll` starts this file as a program, hands file and password over a
pipe, and reads one line of JSON. It imports nothing of the addon.
"""

import base64
import contextlib
import json
import re
import resource
import sys

from asn1crypto import cms, keys, pkcs12
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7, pkcs12 as pfx

CPU_SECONDS, MEMORY = 8, 512 << 20
MAX_RSA, MAX_CERTIFICATES = 8192, 64
_DER, _PKCS8 = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8
_PEM = re.compile(
    rb"-----BEGIN ([A-Z0-9 ]{1,40})-----\s(.*?)-----END \1-----", re.DOTALL
)
_KEYS = {
    *(b"PRIVATE KEY", b"ENCRYPTED PRIVATE KEY", b"RSA PRIVATE KEY"),
    *(b"EC PRIVATE KEY", b"DSA PRIVATE KEY", b"OPENSSH PRIVATE KEY"),
}
_CERTIFICATES = {b"CERTIFICATE", b"X509 CERTIFICATE"}
_UNREADABLE = (ValueError, TypeError, KeyError, UnsupportedAlgorithm)


class Unread(Exception):
    """``code`` of the refusal, as :mod:`.enroll` knows it."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def key_file(blob: bytes, password: bytes | None) -> dict:
    """Key and certificates of a PKCS#12 or PEM file.

    :return: ``key`` (PKCS#8), ``certificates`` (the one of the key first)
    :raise Unread: wrong_password, not_a_key_file, no_key, no_certificate,
        several_keys, mismatch, unsupported_key
    """
    private, certificates = (_pem if b"-----BEGIN " in blob else _pkcs12)(
        blob, password
    )
    _check_kind(private)
    if not certificates:
        raise Unread("no_certificate")
    public = _public(private.public_key())
    fit = [found for found in certificates if _public_of(found) == public]
    if not fit:
        raise Unread("mismatch")
    own = max(fit, key=lambda found: found.not_valid_after_utc)
    others = [found for found in certificates if found != own]
    return {
        "key": private.private_bytes(_DER, _PKCS8, serialization.NoEncryption()),
        "certificates": [found.public_bytes(_DER) for found in (own, *others)],
    }


def certificate_file(blob: bytes, _password=None) -> dict:
    """Certificates of a PEM, DER or PKCS#7 file.

    :raise Unread: not_certificates
    """
    readers = (
        x509.load_pem_x509_certificates,
        lambda raw: [x509.load_der_x509_certificate(raw)],
        pkcs7.load_pem_pkcs7_certificates,
        pkcs7.load_der_pkcs7_certificates,
    )
    for reader in readers:
        with contextlib.suppress(*_UNREADABLE):
            found = reader(blob)[:MAX_CERTIFICATES]
            if found:
                return {"certificates": [one.public_bytes(_DER) for one in found]}
    raise Unread("not_certificates")


# -- PKCS#12 -----------------------------------------------------------
def _pkcs12(blob, password):
    count = _count_keys(blob)
    if count > 1:
        raise Unread("several_keys")
    opened = None
    # No password at all and an empty one are two different ones in this format.
    for attempt in (password,) if password else (None, b""):
        try:
            opened = pfx.load_pkcs12(blob, attempt)
            break
        except UnsupportedAlgorithm as error:
            raise Unread("unsupported_key") from error
        except ValueError:
            continue
    if opened is None:
        raise Unread("wrong_password")
    if opened.key is None:
        raise Unread("no_key")
    found = [opened.cert, *opened.additional_certs]
    return opened.key, [one.certificate for one in found if one][:MAX_CERTIFICATES]


def _count_keys(blob):
    """Keys in the parts of a PKCS#12 file that are not encrypted as a whole.

    :raise Unread: the file is something else
    """
    try:
        loaded = pkcs12.Pfx.load(blob, strict=True)
        if loaded["auth_safe"]["content_type"].native != "data":
            raise Unread("not_a_key_file")
        parts = list(loaded.authenticated_safe)
        plain = [part for part in parts if part["content_type"].native == "data"]
        bags = [
            bag
            for part in plain
            for bag in pkcs12.SafeContents.load(part["content"].native, strict=True)
        ]
        kinds = [bag["bag_id"].native for bag in bags]
        if any(isinstance(part, cms.SignedData) for part in parts):
            raise Unread("not_a_key_file")
    except _UNREADABLE as error:
        raise Unread("not_a_key_file") from error
    return sum(kind in ("key_bag", "pkcs8_shrouded_key_bag") for kind in kinds)


# -- PEM ---------------------------------------------------------------
def _pem(blob, password):
    blocks = [(match[1], match[0]) for match in _PEM.finditer(blob)]
    found = {text for name, text in blocks if name in _KEYS}
    certificates = [text for name, text in blocks if name in _CERTIFICATES]
    if not found and not certificates:
        raise Unread("not_a_key_file")
    if not found:
        raise Unread("no_key")
    if len(found) > 1:
        raise Unread("several_keys")
    private = _private(found.pop(), password)
    try:
        return private, [
            x509.load_pem_x509_certificate(text)
            for text in certificates[:MAX_CERTIFICATES]
        ]
    except _UNREADABLE as error:
        raise Unread("not_a_key_file") from error


def _private(text, password):
    if b"OPENSSH" in text[:40]:
        raise Unread("not_a_key_file")
    encrypted = b"ENCRYPTED" in text.split(b"\n\n")[0].split(b"\r\n\r\n")[0][:200]
    try:
        return serialization.load_pem_private_key(text, password or None)
    except UnsupportedAlgorithm as error:
        raise Unread("unsupported_key") from error
    except (ValueError, TypeError) as error:
        if encrypted:
            raise Unread("wrong_password") from error
        if not password:
            raise Unread("not_a_key_file") from error
    # A password was typed for a key that needs none.
    return _private(text, None)


# -- keys --------------------------------------------------------------
def _check_kind(private):
    if not isinstance(private, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise Unread("unsupported_key")
    if isinstance(private, rsa.RSAPrivateKey) and private.key_size > MAX_RSA:
        raise Unread("unsupported_key")
    plain = private.private_bytes(_DER, _PKCS8, serialization.NoEncryption())
    if keys.PrivateKeyInfo.load(plain).algorithm not in ("rsa", "ec"):
        raise Unread("unsupported_key")


def _public(key):
    return key.public_bytes(_DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _public_of(certificate):
    try:
        return _public(certificate.public_key())
    except _UNREADABLE:
        return b""


def main():
    """Read one request from the standard input, answer on the standard output."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    # A key must not lie about in a core file.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    asked = json.loads(sys.stdin.buffer.read())
    password = asked["password"]
    readers = {"key": key_file, "certificates": certificate_file}
    try:
        told = readers[asked["what"]](
            base64.b64decode(asked["blob"]),
            base64.b64decode(password) if password else None,
        )
    except Unread as error:
        answer = {"code": error.code}
    except MemoryError:
        answer = {"code": "too_slow"}
    else:
        answer = {
            "key": told.get("key") and base64.b64encode(told["key"]).decode(),
            "certificates": [
                base64.b64encode(one).decode() for one in told["certificates"]
            ],
        }
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
