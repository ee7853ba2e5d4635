"""The internal certificate authority: one root, leaf certificates, strict checks.

Profiles follow RFC 5280; names follow EN 319 412-2 (persons) and EN 319 412-3 (legal
persons): a person's has a serialNumber and no organizationIdentifier.
The level it gives is "simple": its root is trusted because the platform says so.
"""

import datetime
import hashlib
import secrets
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import (
    AuthorityInformationAccessOID,
    ExtendedKeyUsageOID,
    NameOID,
    ObjectIdentifier,
)

from .names import Holder, subject as subject_of

ROOT_YEARS = 20
LEAF_YEARS = 5
#: RFC 9336: EKU for signing documents.
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
#: Clocks differ a little between servers and readers.
BACKDATED = datetime.timedelta(minutes=5)
SEAL, JOURNAL, CA, PERSON = "seal", "journal", "ca", "person"
#: The own timestamp authority.
TSA = "tsa"
#: Uses that sign documents, not heads of journals.
DOCUMENTS = (SEAL, PERSON)


class CertificateRefused(ValueError):
    """A certificate does not do for the use; the text says why."""


def make_root(private_key, holder: Holder, now=None) -> bytes:
    """Return the DER of a self-signed root (P-256, 20 years, no sub-authority)."""
    name = subject_of(holder)
    builder = _builder(name, name, private_key.public_key(), ROOT_YEARS, now)
    builder = builder.add_extension(x509.BasicConstraints(True, 0), critical=True)
    builder = builder.add_extension(_usage(sign=True, authority=True), critical=True)
    builder = builder.add_extension(
        x509.SubjectKeyIdentifier.from_public_key(private_key.public_key()),
        critical=False,
    )
    return _signed(builder, private_key)


@dataclass(frozen=True)
class Places:
    """Where readers of a certificate find the list of its authority, and the authority.

    :param crl: address of the list (RFC 5280 §4.2.1.13)
    :param issuers: addresses of the authority's certificate (RFC 5280 §4.2.2.1)
    """

    crl: str
    issuers: tuple[str, ...] = ()

    @classmethod
    def of(cls, base: str, root: bytes):
        """Addresses on this platform: each authority keeps its own list for ever."""
        mark = hashlib.sha256(root).hexdigest()[:16]
        base = _ascii(base)
        return cls(
            f"{base}/trust/crl?ca={mark}",
            (f"{base}/trust/ca.cer?ca={mark}", f"{base}/trust/ca.pem"),
        )


def issue(
    root: bytes,
    root_key,
    public_key,
    holder: Holder,
    use: str,
    now=None,
    places: Places | None = None,
):
    """Return the DER of a leaf certificate.

    :param use: :data:`SEAL` or :data:`PERSON` (digitalSignature, contentCommitment,
        document signing), :data:`JOURNAL` (digitalSignature only), :data:`TSA`
        (digitalSignature, critical timeStamping alone: RFC 3161 §2.3)
    :param places: where the revocation list and the authority are found
    """
    issuer = x509.load_der_x509_certificate(root)
    builder = _builder(subject_of(holder), issuer.subject, public_key, LEAF_YEARS, now)
    extensions = issuer.extensions
    identifier = extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    for extension, critical in (
        (x509.BasicConstraints(False, None), True),
        (_usage(sign=True, commit=use in DOCUMENTS), True),
        (x509.SubjectKeyIdentifier.from_public_key(public_key), False),
        (
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier),
            False,
        ),
    ):
        builder = builder.add_extension(extension, critical=critical)
    if use in DOCUMENTS:
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([DOCUMENT_SIGNING]), critical=False
        )
    for extension in _places(places) if places else ():
        builder = builder.add_extension(extension, critical=False)
    if use == TSA:
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
        )
    return _signed(builder, root_key)


def check(certificate: bytes, roots, use: str, moment: datetime.datetime):
    """Check that a root issued this certificate for that use, valid at ``moment``.

    :param certificate: DER
    :param roots: DER of the trusted roots; nothing else is trusted
    :param moment: aware datetime
    :return: the parsed certificate
    :raise CertificateRefused: with the reason
    """
    leaf = x509.load_der_x509_certificate(certificate)
    if leaf.public_bytes(serialization.Encoding.DER) != certificate:
        raise CertificateRefused("the certificate is not in DER form")
    root = _issuer(leaf, roots)
    for found in (leaf, root):
        if not found.not_valid_before_utc <= moment <= found.not_valid_after_utc:
            raise CertificateRefused("the certificate was not valid at that time")
    try:
        extensions = leaf.extensions
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
        basic = extensions.get_extension_for_class(x509.BasicConstraints).value
        if basic.ca or not usage.digital_signature or usage.key_cert_sign:
            raise CertificateRefused("the certificate is not a signer's")
        if use in DOCUMENTS:
            purposes = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
            if not usage.content_commitment or DOCUMENT_SIGNING not in purposes:
                raise CertificateRefused("the certificate is not for signing documents")
            if is_person(certificate) != (use == PERSON):
                raise CertificateRefused(
                    "the certificate is a person's, not a seal"
                    if use == SEAL
                    else "the certificate is a seal, not a person's"
                )
        elif usage.content_commitment:
            raise CertificateRefused("the certificate is not for the journal")
    except (x509.ExtensionNotFound, x509.DuplicateExtension) as error:
        raise CertificateRefused("the certificate lacks its uses") from error
    return leaf


def is_person(certificate: bytes) -> bool:
    """Whether the subject is a person (EN 319 412-2 §4.2.4), not an administration.

    :param certificate: DER
    :raise CertificateRefused: it says both, or names nobody
    """
    subject = x509.load_der_x509_certificate(certificate).subject
    has = {attribute.oid for attribute in subject}
    person = NameOID.SERIAL_NUMBER in has
    if person and (
        NameOID.ORGANIZATION_IDENTIFIER in has or NameOID.COMMON_NAME not in has
    ):
        raise CertificateRefused("the certificate says both a person and a seal")
    return person


def common_name(certificate: bytes) -> str:
    """Name a certificate gives its holder; empty when it gives none."""
    subject = x509.load_der_x509_certificate(certificate).subject
    names = subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return names[0].value if names else ""


def _issuer(leaf, roots):
    for der in roots:
        root = x509.load_der_x509_certificate(der)
        if root.subject != leaf.issuer:
            continue
        try:
            leaf.verify_directly_issued_by(root)
            constraints = root.extensions.get_extension_for_class(
                x509.BasicConstraints
            ).value
            usage = root.extensions.get_extension_for_class(x509.KeyUsage).value
        except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
            continue
        if constraints.ca and usage.key_cert_sign:
            return root
    raise CertificateRefused("no trusted authority issued the certificate")


def describe(certificate: bytes) -> dict:
    """What people and records want to know of a certificate (plain values)."""
    found = x509.load_der_x509_certificate(certificate)
    return {
        "subject": found.subject.rfc4514_string(),
        "issuer": found.issuer.rfc4514_string(),
        "serial": f"{found.serial_number:x}",
        "not_before": found.not_valid_before_utc.replace(tzinfo=None),
        "not_after": found.not_valid_after_utc.replace(tzinfo=None),
        "sha256": hashlib.sha256(certificate).hexdigest(),
    }


def pem(certificate: bytes) -> str:
    """DER → PEM text."""
    return (
        x509.load_der_x509_certificate(certificate)
        .public_bytes(serialization.Encoding.PEM)
        .decode()
    )


def der(text: str | bytes) -> list[bytes]:
    """Every certificate of a PEM text, in DER."""
    raw = text.encode() if isinstance(text, str) else text
    return [
        found.public_bytes(serialization.Encoding.DER)
        for found in x509.load_pem_x509_certificates(raw)
    ]


def der_all(text: str | None) -> list[bytes]:
    """Like :func:`der`; an empty text holds none."""
    return der(text) if text else []


def public_key(certificate: bytes) -> ec.EllipticCurvePublicKey:
    """Public key of a DER certificate."""
    return x509.load_der_x509_certificate(certificate).public_key()


def _builder(subject, issuer, public_key, years, now):
    now = now or datetime.datetime.now(datetime.UTC)
    begin = (now - BACKDATED).replace(microsecond=0)
    end = begin + datetime.timedelta(days=round(years * 365.25))
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        # RFC 5280 §4.1.2.2: positive, at most 20 octets.
        .serial_number(secrets.randbits(127) | 1 << 127)
        .not_valid_before(begin)
        .not_valid_after(end)
    )


def _places(places):
    point = x509.DistributionPoint(_uri(places.crl), None, None, None)
    yield x509.CRLDistributionPoints([point])
    if places.issuers:
        method = AuthorityInformationAccessOID.CA_ISSUERS
        yield x509.AuthorityInformationAccess(
            [
                x509.AccessDescription(method, *_uri(address))
                for address in places.issuers
            ]
        )


def _uri(address):
    return [x509.UniformResourceIdentifier(address)]


def _ascii(base):
    """An address of the platform as certificates can hold it (RFC 5280 §7.4)."""
    parts = urlsplit(base.rstrip("/"))
    host = parts.netloc.encode("idna").decode() if parts.netloc else ""
    return urlunsplit((parts.scheme, host, quote(parts.path, safe="/%"), "", ""))


def _usage(*, sign=False, commit=False, authority=False):
    return x509.KeyUsage(
        digital_signature=sign and not authority,
        content_commitment=commit,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _signed(builder, private_key) -> bytes:
    return builder.sign(private_key, hashes.SHA256()).public_bytes(
        serialization.Encoding.DER
    )
