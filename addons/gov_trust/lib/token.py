"""Keys in a token of the server: PKCS#11 (OASIS, v2.40), through python-pkcs11.

The private key never leaves the token; what the platform keeps is where it lies and,
encrypted under the master key, the PIN.
"""

import hashlib
import os
from dataclasses import dataclass, field

from asn1crypto import keys as asn1
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from . import keys
from .token_session import (
    Place,
    TokenError,
    explain,
    forget,
    lock,
    module,
    open_session,
    run,
)

#: What a token can make for a request: family, then size or curve.
ALGORITHMS = {
    "p256": ("ec", "secp256r1"),
    "p384": ("ec", "secp384r1"),
    "rsa3072": ("rsa", 3072),
}


@dataclass(frozen=True)
class Handle:
    """Stands for the private key, which never leaves the token."""

    place: Place
    certified: object = field(repr=False)

    def public_key(self):
        return self.certified


@dataclass(frozen=True)
class TokenKey(keys.LoadedKey):
    """A key in a token with its certificate; signs like any other."""

    pin: str = field(default="", repr=False)

    @classmethod
    def of(cls, place: Place, pin: str, certificate: bytes, chain=()):
        """Return the key of a certificate; the token is not asked yet."""
        public = x509.load_der_x509_certificate(certificate).public_key()
        mark = keys.fingerprint(public)
        return cls(Handle(place, public), certificate, tuple(chain), mark, pin)

    @property
    def place(self) -> Place:
        return self.private_key.place

    def sign(self, data: bytes) -> bytes:
        """Same signatures as :meth:`.keys.LoadedKey.sign`.

        :raise TokenError: the token cannot be used
        """
        return sign(self.place, self.pin, self.private_key.certified, data)

    def open(self):
        """Log in and find the key now, so that what is wrong shows early.

        :raise TokenError: the token cannot be used
        """
        run(self.place, self.pin, _private)


def sign(place: Place, pin: str, public_key, data: bytes) -> bytes:
    """Sign SHA-256 of ``data``: ECDSA in DER, or RSA PKCS#1 v1.5.

    :raise TokenError: the token cannot be used
    """
    scheme = keys.scheme_of(public_key)
    return run(place, pin, lambda session, at: _sign(session, at, scheme, data))


def check_pair(place: Place, pin: str, public_key):
    """Check that the token signs for a public key; a PIN typed now is tried now.

    :raise TokenError: the token cannot be used, or holds another key there
    """
    with lock(place):
        forget(place, typed=pin)
        challenge = os.urandom(32)
        if not keys.verify(
            public_key, sign(place, pin, public_key, challenge), challenge
        ):
            raise TokenError("unfit", "the key of the token is another one")


def generate(place: Place, pin: str, algorithm: str):
    """Make a key in the token, under the label and the id of the place.

    :param algorithm: name in :data:`ALGORITHMS`
    :return: its public key
    :raise TokenError: the token cannot be used, or has such a key already
    """
    with lock(place):
        forget(place, typed=pin)
        try:
            session = open_session(place, pin, writing=True)
            try:
                return _generate(session, place, algorithm)
            finally:
                session.close()
        except TokenError:
            raise
        except Exception as error:
            raise explain(error) from error


# -- in the session ----------------------------------------------------
def _private(session, place):
    pkcs11 = module()
    try:
        return session.get_key(
            object_class=pkcs11.ObjectClass.PRIVATE_KEY, **_wanted(place)
        )
    except pkcs11.NoSuchKey as error:
        raise TokenError("no_key", "the token has no such key") from error
    except pkcs11.MultipleObjectsReturned as error:
        raise TokenError("several_keys", "the token has several such keys") from error


def _wanted(place):
    return {
        "label": place.label or None,
        "id": bytes.fromhex(place.ident) if place.ident else None,
    }


def _sign(session, place, scheme, data):
    pkcs11 = module()
    private = _private(session, place)
    if (private.key_type == pkcs11.KeyType.RSA) != (scheme == keys.RSA):
        raise TokenError("unfit", "the key of the token is of another kind")
    if scheme == keys.RSA:
        return private.sign(data, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS)
    raw = private.sign(hashlib.sha256(data).digest(), mechanism=pkcs11.Mechanism.ECDSA)
    half = len(raw) // 2
    return encode_dss_signature(
        int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big")
    )


def _generate(session, place, algorithm):
    pkcs11 = module()
    found = list(
        session.get_objects(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY,
                pkcs11.Attribute.LABEL: place.label,
            }
        )
    )
    if found:
        raise TokenError("several_keys", "the token has such a key already")
    family, size = ALGORITHMS[algorithm]
    stored = {**_wanted(place), "store": True}
    if family == "rsa":
        public, _private_key = session.generate_keypair(
            pkcs11.KeyType.RSA, size, **stored
        )
        der = asn1.PublicKeyInfo.wrap(
            pkcs11.util.rsa.encode_rsa_public_key(public), "rsa"
        ).dump()
    else:
        curve = pkcs11.util.ec.encode_named_curve_parameters(size)
        parameters = session.create_domain_parameters(
            pkcs11.KeyType.EC, {pkcs11.Attribute.EC_PARAMS: curve}, local=True
        )
        public, _private_key = parameters.generate_keypair(**stored)
        der = pkcs11.util.ec.encode_ec_public_key(public)
    return serialization.load_der_public_key(der)
