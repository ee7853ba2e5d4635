"""Software keys: P-256, wrapped under the master key with AES-256-GCM."""

import hashlib
import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .canonical import canonical
from .master import MasterKey, MasterKeyWrong

NONCE_BYTES = 12
COORDINATE = 32
_ECDSA = ec.ECDSA(hashes.SHA256())


class WrongFactor(ValueError):
    """The key does not open with what was given beside the master key."""


@dataclass(frozen=True)
class Wrapped:
    """A private key at rest. Nothing in it is secret without the master key."""

    ciphertext: bytes
    nonce: bytes
    master_fingerprint: str


@dataclass(frozen=True)
class LoadedKey:
    """A private key in memory with its certificate, ready to sign many times.

    :param certificate: DER of the key's own certificate
    :param chain: DER of the issuers, the root last; empty for the root itself
    """

    private_key: ec.EllipticCurvePrivateKey = field(repr=False)
    certificate: bytes = field(repr=False)
    chain: tuple[bytes, ...] = field(default=(), repr=False)
    fingerprint: str = ""

    def sign(self, data: bytes) -> bytes:
        """ECDSA P-256 over SHA-256 of ``data``, DER."""
        return self.private_key.sign(data, _ECDSA)

    def sign_raw(self, data: bytes) -> bytes:
        """Same signature as 64 bytes r‖s (RFC 7518 §3.4), for compact data."""
        r, s = decode_dss_signature(self.sign(data))
        return r.to_bytes(COORDINATE, "big") + s.to_bytes(COORDINATE, "big")


def generate() -> ec.EllipticCurvePrivateKey:
    """Return a new P-256 private key."""
    return ec.generate_private_key(ec.SECP256R1())


def fingerprint(public_key) -> str:
    """SHA-256 of the SubjectPublicKeyInfo, hexadecimal."""
    return hashlib.sha256(
        public_key.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    ).hexdigest()


def verify(public_key, signature: bytes, data: bytes) -> bool:
    """Check a DER ECDSA signature over SHA-256 of ``data``."""
    try:
        public_key.verify(signature, data, _ECDSA)
    except InvalidSignature:
        return False
    return True


def verify_raw(public_key, signature: bytes, data: bytes) -> bool:
    """Check a 64-byte r‖s signature."""
    if len(signature) != 2 * COORDINATE:
        return False
    r = int.from_bytes(signature[:COORDINATE], "big")
    s = int.from_bytes(signature[COORDINATE:], "big")
    return verify(public_key, encode_dss_signature(r, s), data)


def wrap(master: MasterKey, private_key, purpose: str, factor: bytes = b"") -> Wrapped:
    """Encrypt a private key; it opens again only for the same key and purpose.

    :param factor: second half of the secret, which the platform does not keep
    """
    plain = private_key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    mark = fingerprint(private_key.public_key())
    return wrap_secret(master, plain, mark, purpose, factor)


def wrap_secret(
    master: MasterKey, plain: bytes, mark: str, purpose: str, factor: bytes = b""
) -> Wrapped:
    """Encrypt the secret of a key: the private key (PKCS#8) or a token's PIN.

    :param mark: fingerprint of the public key the secret belongs to
    """
    nonce = os.urandom(NONCE_BYTES)
    cipher = _cipher(master, mark, factor)
    ciphertext = cipher.encrypt(nonce, plain, _bound(mark, purpose))
    return Wrapped(ciphertext, nonce, master.fingerprint)


def unwrap(
    master: MasterKey, wrapped: Wrapped, mark: str, purpose: str, factor: bytes = b""
):
    """Decrypt a private key.

    :param mark: fingerprint of the key the caller expects
    :param factor: the second half of the secret, when it was wrapped with one
    :raise MasterKeyWrong: wrapped under another master key, or altered at rest
    :raise WrongFactor: the second half is not the right one (or altered at rest)
    """
    plain = unwrap_secret(master, wrapped, mark, purpose, factor)
    private_key = serialization.load_der_private_key(plain, password=None)
    if fingerprint(private_key.public_key()) != mark:
        raise MasterKeyWrong("The encrypted key is not the one its record names.")
    return private_key


def unwrap_secret(
    master: MasterKey, wrapped: Wrapped, mark: str, purpose: str, factor: bytes = b""
) -> bytes:
    """Decrypt what :func:`wrap_secret` encrypted; see :func:`unwrap`."""
    if wrapped.master_fingerprint != master.fingerprint:
        raise MasterKeyWrong(
            "This key was encrypted under another master key "
            f"({wrapped.master_fingerprint}; the one in use is {master.fingerprint}). "
            "Point GOV_TRUST_MASTER_KEY_FILE to the master key of this database."
        )
    try:
        return _cipher(master, mark, factor).decrypt(
            wrapped.nonce, wrapped.ciphertext, _bound(mark, purpose)
        )
    except InvalidTag as error:
        if factor:
            raise WrongFactor(
                "the second half of the secret is not the right one"
            ) from error
        raise MasterKeyWrong(
            "The encrypted key was altered in the database and cannot be opened. "
            "Restore it from a backup."
        ) from error


def _cipher(master: MasterKey, mark: str, factor: bytes) -> AESGCM:
    secret = master.derive(f"gov.key {mark}")
    if factor:
        both = HKDF(hashes.SHA256(), 32, salt=None, info=b"gov.key with a second half")
        secret = both.derive(secret + factor)
    return AESGCM(secret)


def _bound(mark: str, purpose: str) -> bytes:
    return canonical({"fingerprint": mark, "purpose": purpose, "v": 1})
