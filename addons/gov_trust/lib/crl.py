"""Certificate revocation lists (RFC 5280 §5): make ours, read and check any.

A list is complete, in DER, version 2, with its number and the identifier of the key
that signed it. Certificates that ran out stay on it (``expiredCertsOnCRL``, ITU-T X.509
§9.5.2.8), so that an old signature can still be judged.
"""

import datetime
import hashlib
from dataclasses import dataclass, field

from asn1crypto import core
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import ExtensionOID, ObjectIdentifier

#: How long a list of ours stands; it is made again every day.
VALID = datetime.timedelta(days=7)
BACKDATED = datetime.timedelta(minutes=5)
MAX_BYTES = 20_000_000
#: Why a certificate ends (RFC 5280 §5.3.1), those that fit keys of an administration.
REASONS = {
    "unspecified": x509.ReasonFlags.unspecified,
    "keyCompromise": x509.ReasonFlags.key_compromise,
    "affiliationChanged": x509.ReasonFlags.affiliation_changed,
    "superseded": x509.ReasonFlags.superseded,
    "cessationOfOperation": x509.ReasonFlags.cessation_of_operation,
    "privilegeWithdrawn": x509.ReasonFlags.privilege_withdrawn,
}
_NAMES = {flag: flag.value for flag in x509.ReasonFlags}
_EXPIRED_STAY = ObjectIdentifier("2.5.29.60")
#: Critical extensions of a list that is not complete, or is about others.
_PARTIAL = (ExtensionOID.DELTA_CRL_INDICATOR, ExtensionOID.ISSUING_DISTRIBUTION_POINT)


class CrlRefused(ValueError):
    """A list does not do; ``code`` is a short word, the text says why."""

    def __init__(self, code: str, text: str):
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class Entry:
    """A revoked certificate.

    :param revoked_at: aware UTC
    :param reason: name as in RFC 5280 §5.3.1, ``unspecified`` when none is said
    """

    serial: int
    revoked_at: datetime.datetime
    reason: str = "unspecified"


@dataclass(frozen=True)
class Crl:
    """What a list says; :func:`check` says who signed it.

    :param number: None when the list has none
    :param next_update: aware UTC, None when the list says none
    :param entries: by serial number
    """

    der: bytes = field(repr=False)
    issuer: str
    number: int | None
    this_update: datetime.datetime
    next_update: datetime.datetime | None
    authority_key_id: bytes | None
    entries: dict[int, Entry] = field(repr=False)

    @property
    def sha256(self) -> str:
        """SHA-256 of the DER, hexadecimal."""
        return hashlib.sha256(self.der).hexdigest()


def make(key, number: int, entries, now=None, valid=VALID) -> bytes:
    """Return the DER of a list signed by an authority.

    :param key: ``LoadedKey`` of the authority (its own certificate in it)
    :param number: greater than that of every earlier list of this authority
    :param entries: :class:`Entry` objects
    :param now: aware datetime
    :raise CrlRefused: the key may not sign lists, or two entries say one serial number
    """
    now = (now or datetime.datetime.now(datetime.UTC)).replace(microsecond=0)
    authority = x509.load_der_x509_certificate(key.certificate)
    _check_authority(authority)
    this_update = max(now - BACKDATED, authority.not_valid_before_utc)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.subject)
        .last_update(this_update)
        .next_update(now + valid)
        .add_extension(_key_id(authority), critical=False)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(_expired_stay(authority.not_valid_before_utc), critical=False)
    )
    seen = set()
    for entry in sorted(entries, key=lambda entry: (entry.revoked_at, entry.serial)):
        if entry.serial in seen:
            raise CrlRefused("twice", "a serial number is on the list twice")
        seen.add(entry.serial)
        builder = builder.add_revoked_certificate(_revoked(entry))
    made = builder.sign(key.private_key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.DER)


def parse(der: bytes) -> Crl:
    """Read a list strictly: DER, complete, nothing critical that is unknown.

    Whether it may be believed is what :func:`check` says.

    :raise CrlRefused: ``size``, ``syntax``, ``partial``, ``critical``, ``twice``
    """
    return _read(_load(der), der)


def check(der: bytes, ca_certificate: bytes, now=None) -> Crl:
    """Read a list and check that this authority signed it.

    :param ca_certificate: DER
    :param now: aware datetime: also refuse a list of the future or one that ran out
    :raise CrlRefused: as :func:`parse`, or ``issuer``, ``signature``, ``usage``,
        ``future``, ``stale``
    """
    found = _load(der)
    told = _read(found, der)
    authority = x509.load_der_x509_certificate(ca_certificate)
    _check_authority(authority)
    if found.issuer != authority.subject:
        raise CrlRefused("issuer", "the list is another authority's")
    try:
        signed = found.is_signature_valid(authority.public_key())
    except (TypeError, ValueError, InvalidSignature, UnsupportedAlgorithm):
        signed = False
    if not signed:
        raise CrlRefused("signature", "the authority did not sign this list")
    if now is not None:
        if told.this_update > now + BACKDATED:
            raise CrlRefused("future", "the list begins in the future")
        if told.next_update is not None and told.next_update < now:
            raise CrlRefused("stale", "the list ran out: a newer one is needed")
    return told


def _load(der):
    if not 0 < len(der) <= MAX_BYTES:
        raise CrlRefused("size", "the list is empty or too large")
    try:
        found = x509.load_der_x509_crl(der)
        again = found.public_bytes(serialization.Encoding.DER)
    except ValueError as error:
        raise CrlRefused("syntax", "this is no revocation list") from error
    if again != der:
        raise CrlRefused("syntax", "the list is not in DER form")
    return found


def _read(found, der):
    try:
        extensions = list(found.extensions)
        entries = {}
        for revoked in found:
            for extension in revoked.extensions:
                if extension.critical:
                    raise CrlRefused("critical", "an entry speaks of another authority")
            if revoked.serial_number in entries:
                raise CrlRefused("twice", "a serial number is on the list twice")
            entries[revoked.serial_number] = Entry(
                revoked.serial_number, revoked.revocation_date_utc, _reason(revoked)
            )
        this_update, next_update = found.last_update_utc, found.next_update_utc
        issuer = found.issuer.rfc4514_string()
    except CrlRefused:
        raise
    # Reading is lazy: each of these may meet what the first pass let through.
    except (ValueError, TypeError, OverflowError, x509.DuplicateExtension) as error:
        raise CrlRefused("syntax", "the list cannot be read") from error
    number = identifier = None
    for extension in extensions:
        if extension.oid in _PARTIAL:
            raise CrlRefused("partial", "the list is not a complete one")
        if isinstance(extension.value, x509.CRLNumber):
            number = extension.value.crl_number
        elif isinstance(extension.value, x509.AuthorityKeyIdentifier):
            identifier = extension.value.key_identifier
        elif extension.critical:
            raise CrlRefused("critical", "the list says something that is not known")
    return Crl(der, issuer, number, this_update, next_update, identifier, entries)


def _reason(revoked):
    for extension in revoked.extensions:
        if isinstance(extension.value, x509.CRLReason):
            return _NAMES[extension.value.reason]
    return "unspecified"


def _revoked(entry):
    builder = (
        x509.RevokedCertificateBuilder()
        .serial_number(entry.serial)
        .revocation_date(entry.revoked_at)
    )
    reason = REASONS[entry.reason]
    if reason != x509.ReasonFlags.unspecified:
        # RFC 5280 §5.3.1: no reason is said rather than "unspecified".
        builder = builder.add_extension(x509.CRLReason(reason), critical=False)
    return builder.build()


def _expired_stay(since):
    value = core.GeneralizedTime(since).dump()
    return x509.UnrecognizedExtension(_EXPIRED_STAY, value)


def _key_id(authority):
    identifier = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(
        identifier.value
    )


def _check_authority(authority):
    try:
        extensions = authority.extensions
        basic = extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension) as error:
        raise CrlRefused("usage", "the certificate is not an authority's") from error
    if not basic.ca or not usage.crl_sign:
        raise CrlRefused("usage", "the certificate may not sign revocation lists")
