"""Keys that sign: P-256 by default, wrapped under the master key with AES-256-GCM.

Keys that were made elsewhere sign too: NIST curves P-256, P-384 and P-521, and RSA of at
least 2048 bits, with SHA-256 always (RFC 5753, RFC 5754; ETSI TS 119 312).
"""

import hashlib
import os
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .canonical import canonical
from .master import MasterKey, MasterKeyWrong

NONCE_BYTES = 12
RSA_BITS = 2048
ECDSA, RSA = "ecdsa", "rsa"
#: Orders of the curves: of two signatures (r, s) and (r, n-s), the low one is ours.
ORDERS = {
    "secp256r1": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    "secp384r1": int(
        "ffffffffffffffffffffffffffffffffffffffffffffffff"
        "c7634d81f4372ddf581a0db248b0a77aecec196accc52973",
        16,
    ),
    "secp521r1": int(
        "1ff" + "f" * 62 + "fa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71"
        "e91386409",
        16,
    ),
}
_SHA256 = hashes.SHA256()
_ECDSA = ec.ECDSA(_SHA256)


class WrongFactor(ValueError):
    """The key does not open with what was given beside the master key."""


class KeyUnfit(ValueError):
    """A key of this kind signs nothing here; the text says why."""


class KeyUnavailable(Exception):
    """A key that does not lie here cannot be used now; nothing is wrong with the file."""


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

    private_key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey = field(repr=False)
    certificate: bytes = field(repr=False)
    chain: tuple[bytes, ...] = field(default=(), repr=False)
    fingerprint: str = ""

    @property
    def scheme(self) -> str:
        """:data:`ECDSA` or :data:`RSA`, from the key of the certificate.

        :raise KeyUnfit: this kind of key signs nothing here
        """
        return scheme_of(x509.load_der_x509_certificate(self.certificate).public_key())

    def sign(self, data: bytes) -> bytes:
        """ECDSA (DER) or RSA PKCS#1 v1.5, over SHA-256 of ``data``.

        :raise KeyUnfit: this kind of key signs nothing here
        """
        if scheme_of(self.private_key.public_key()) == RSA:
            return self.private_key.sign(data, padding.PKCS1v15(), _SHA256)
        return self.private_key.sign(data, _ECDSA)

    def sign_raw(self, data: bytes) -> bytes:
        """ECDSA signature as r‖s (RFC 7518 §3.4), for compact data; 64 bytes on P-256.

        :raise KeyUnfit: an RSA key has no such signature
        """
        public_key = self.private_key.public_key()
        if scheme_of(public_key) != ECDSA:
            raise KeyUnfit("an RSA key makes no compact signature")
        r, s = decode_dss_signature(self.sign(data))
        wide = _coordinate(public_key)
        return r.to_bytes(wide, "big") + s.to_bytes(wide, "big")


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


def scheme_of(public_key) -> str:
    """:data:`ECDSA` or :data:`RSA`.

    :raise KeyUnfit: another kind of key, another curve, or too short
    """
    if isinstance(public_key, rsa.RSAPublicKey):
        if public_key.key_size < RSA_BITS:
            raise KeyUnfit(f"RSA keys must have {RSA_BITS} bits or more")
        return RSA
    if (
        isinstance(public_key, ec.EllipticCurvePublicKey)
        and public_key.curve.name in ORDERS
    ):
        return ECDSA
    raise KeyUnfit("only RSA keys and keys on P-256, P-384 or P-521 sign here")


def signature_size(public_key) -> int:
    """Bytes of the longest signature value of a key."""
    if scheme_of(public_key) == RSA:
        return (public_key.key_size + 7) // 8
    return 2 * (_coordinate(public_key) + 3) + 3


def canonical_signature(public_key, signature: bytes) -> bytes:
    """The one value accepted for a signature: DER and low s (ECDSA), full size (RSA).

    :raise ValueError: it cannot be a signature of this key
    """
    if scheme_of(public_key) == RSA:
        if len(signature) != signature_size(public_key):
            raise ValueError("size of an RSA signature")
        return signature
    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, min(s, ORDERS[public_key.curve.name] - s))


def verify(public_key, signature: bytes, data: bytes) -> bool:
    """Check a signature over SHA-256 of ``data``: ECDSA in DER, or RSA PKCS#1 v1.5."""
    try:
        if scheme_of(public_key) == RSA:
            public_key.verify(signature, data, padding.PKCS1v15(), _SHA256)
        else:
            public_key.verify(signature, data, _ECDSA)
    except (InvalidSignature, KeyUnfit):
        return False
    return True


def verify_raw(public_key, signature: bytes, data: bytes) -> bool:
    """Check an ECDSA signature r‖s (64 bytes on P-256)."""
    if not isinstance(public_key, ec.EllipticCurvePublicKey):
        return False
    wide = _coordinate(public_key)
    if len(signature) != 2 * wide:
        return False
    r = int.from_bytes(signature[:wide], "big")
    s = int.from_bytes(signature[wide:], "big")
    return verify(public_key, encode_dss_signature(r, s), data)


def _coordinate(public_key) -> int:
    return (public_key.key_size + 7) // 8


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
    member = master.member(wrapped.master_fingerprint)
    try:
        return _cipher(member, mark, factor).decrypt(
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
