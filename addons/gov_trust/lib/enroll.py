"""Keys and certificates that come from outside: reading them, and whether they do.

A file is read in a process of its own (:mod:`.enroll_reader`): ten seconds and 512 MB are
all that a hostile one gets. The rules are those of RFC 5280, of the anchors and of the
algorithms the platform accepts; each refusal has a code of its own.
"""

import base64
import datetime
import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from . import algorithms, keys, trust, usage
from .enroll_refused import UNREADABLE, EnrolRefused, parsed, why

MAX_BYTES = 1 << 20
SECONDS = 10
MAX_RSA = 8192
#: Exponents up to 2^16 are not accepted (ETSI TS 119 312 §6.2.2.1).
MIN_EXPONENT = 65537
SIGNATURE, SEAL = usage.SIGNATURE, usage.SEAL
_READER = Path(__file__).with_name("enroll_reader.py")
_CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)


@dataclass(frozen=True)
class Material:
    """What a file held.

    :param private_key: of :mod:`cryptography`
    :param certificate: DER of the certificate of that key
    :param others: DER of the other certificates of the file
    """

    private_key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey = field(repr=False)
    certificate: bytes = field(repr=False)
    others: tuple[bytes, ...] = field(default=(), repr=False)


def read(blob: bytes, password: str | None = None) -> Material:
    """Read a key with its certificates from a PKCS#12 (RFC 7292) or PEM file.

    :param password: as typed; kept nowhere
    :raise EnrolRefused: see its codes up to unsupported_key
    """
    told = _read("key", blob, password)
    try:
        private = serialization.load_der_private_key(told["key"], None)
    except UNREADABLE as error:
        raise EnrolRefused("unsupported_key", "this kind of key is unknown") from error
    own, *others = told["certificates"]
    return Material(private, own, tuple(others))


def read_certificates(blob: bytes) -> list[bytes]:
    """DER of the certificates of a PEM, DER or PKCS#7 file.

    :raise EnrolRefused: too_large, too_slow, not_certificates
    """
    return _read("certificates", blob, None)["certificates"]


def own_of(certificates, mark: str) -> tuple[bytes, tuple[bytes, ...]]:
    """Split certificates in the one of a key and the others.

    :param mark: fingerprint of the public key (:func:`~.keys.fingerprint`)
    :raise EnrolRefused: mismatch
    """
    for own in certificates:
        try:
            found = keys.fingerprint(x509.load_der_x509_certificate(own).public_key())
        except UNREADABLE:
            continue
        if found == mark:
            return own, tuple(one for one in certificates if one != own)
    raise EnrolRefused("mismatch", "no certificate of the file is of this key")


def leaves(certificates) -> list[bytes]:
    """Those that are not an authority's (RFC 5280 §4.2.1.9)."""
    found = []
    for one in certificates:
        try:
            basic = (
                x509.load_der_x509_certificate(one)
                .extensions.get_extension_for_class(x509.BasicConstraints)
                .value
            )
        except x509.ExtensionNotFound:
            basic = None
        except (x509.DuplicateExtension, *UNREADABLE):
            continue
        if not (basic and basic.ca):
            found.append(one)
    return found


def check(certificate: bytes, others, store, use: str, moment=None) -> trust.Path:
    """Check that a key with this certificate may sign for this use from now on.

    :param certificate: DER
    :param others: DER of certificates that came along
    :param store: :class:`~.trust.Store`
    :param use: ``signature`` or ``seal``
    :param moment: aware datetime, now when it is left out
    :return: the way to its anchor; ``chain[1:]`` is what goes with the key
    :raise EnrolRefused: see its codes from unsupported_key on
    """
    moment = moment or datetime.datetime.now(datetime.UTC)
    leaf = parsed(certificate)
    check_public(_public(certificate, leaf), store.policy, moment)
    digest = leaf.signature_hash_algorithm
    try:
        if digest is not None:
            store.policy.check_hash(digest.name, moment, signing=True)
    except algorithms.Weak as error:
        raise EnrolRefused("weak_hash", str(error), digest.name) from error
    _check_dates(leaf, moment)
    _check_usage(leaf, use)
    try:
        return store.path(certificate, others, moment, use)
    except trust.NotTrusted as error:
        raise why(certificate, others, store, use, error) from error


def check_public(public_key, policy, moment=None):
    """Check that new signatures may be made with such a key.

    :raise EnrolRefused: weak_key, unsupported_key
    """
    moment = moment or datetime.datetime.now(datetime.UTC)
    name, bits = algorithms.describe_key(public_key)
    told = f"{name}, {bits} bits" if name == "rsa" else name
    if isinstance(public_key, ec.EllipticCurvePublicKey):
        fit = isinstance(public_key.curve, _CURVES)
        weak = bits < 256
    elif isinstance(public_key, rsa.RSAPublicKey):
        fit = bits <= MAX_RSA
        weak = bits < keys.RSA_BITS or public_key.public_numbers().e < MIN_EXPONENT
    else:
        fit = weak = False
    if weak:
        raise EnrolRefused("weak_key", f"the key is too weak: {told}", told)
    if not fit:
        raise EnrolRefused("unsupported_key", f"keys of this kind: {told}", told)
    try:
        policy.check_key(public_key, moment, signing=True)
    except algorithms.Weak as error:
        raise EnrolRefused("weak_key", str(error), told) from error


# -- the file ----------------------------------------------------------
def _read(what, blob, password):
    if len(blob) > MAX_BYTES:
        raise EnrolRefused("too_large", "a file of keys is not that large")
    asked = {
        "what": what,
        "blob": base64.b64encode(blob).decode(),
        "password": password
        and base64.b64encode(password.encode(errors="surrogatepass")).decode(),
    }
    try:
        # Our own program, by its path; what is hostile goes through the pipe.
        done = subprocess.run(
            [sys.executable, "-I", str(_READER)],
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        # The exception holds what was handed over: it goes no further.
        done = None
    if done is None or done.returncode < 0:
        raise EnrolRefused("too_slow", "the file cannot be read within the limits")
    if done.returncode:
        # What no reader foresaw is no file of keys either.
        code = "not_a_key_file" if what == "key" else "not_certificates"
        raise EnrolRefused(code, "the file cannot be read")
    told = json.loads(done.stdout)
    if code := told.get("code"):
        raise EnrolRefused(code, code.replace("_", " "))
    return {
        "key": told["key"] and base64.b64decode(told["key"]),
        "certificates": [base64.b64decode(one) for one in told["certificates"]],
    }


# -- the certificate ---------------------------------------------------
def _public(certificate, leaf):
    try:
        kind = asn1.Certificate.load(certificate).public_key.algorithm
        if kind not in ("rsa", "ec"):
            raise EnrolRefused("unsupported_key", f"keys of the kind {kind}", kind)
        return leaf.public_key()
    except EnrolRefused:
        raise
    except UNREADABLE as error:
        raise EnrolRefused("unsupported_key", "a key of an unknown kind") from error


def _check_dates(leaf, moment):
    begin, end = leaf.not_valid_before_utc, leaf.not_valid_after_utc
    if moment < begin:
        raise EnrolRefused("not_yet_valid", f"valid from {begin}", f"{begin:%Y-%m-%d}")
    if moment > end:
        raise EnrolRefused("expired", f"expired on {end}", f"{end:%Y-%m-%d}")


def _check_usage(leaf, use):
    try:
        told = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound as error:
        raise EnrolRefused("wrong_usage", "it does not say its usage") from error
    try:
        usage.check(leaf, use)
    except usage.WrongUsage as error:
        kind = usage.holder_kind(leaf)
        other = usage.ORGANISATION if use == SIGNATURE else usage.PERSON
        code = "wrong_kind" if kind == other else "wrong_usage"
        raise EnrolRefused(code, str(error), str(error)) from error
    if not (told.digital_signature or told.content_commitment):
        raise EnrolRefused("wrong_usage", "its key is not for signatures")
