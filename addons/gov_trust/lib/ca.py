"""The internal certificate authority: one root, leaf certificates, strict checks.

Profiles follow RFC 5280; names follow EN 319 412-3 (certificates for legal persons).
The level it gives is "simple": its root is trusted because the platform says so.
"""

import datetime
import hashlib
import secrets
import stringprep
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID, ObjectIdentifier

ROOT_YEARS = 20
LEAF_YEARS = 5
#: RFC 9336: EKU for signing documents.
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
#: X.520 upper bound of names.
NAME_MAX = 64
#: Clocks differ a little between servers and readers.
BACKDATED = datetime.timedelta(minutes=5)
SEAL, JOURNAL, CA = "seal", "journal", "ca"


class CertificateRefused(ValueError):
    """A certificate does not do for the use; the text says why."""


@dataclass(frozen=True)
class Holder:
    """Whom a certificate names.

    :param name: the administration's name
    :param code: its official code (organizationIdentifier)
    :param country: ISO 3166 two letters, or empty
    :param title: what the certificate is for, put before the name
    """

    name: str
    code: str = ""
    country: str = ""
    title: str = ""


def make_root(private_key, holder: Holder, now=None) -> bytes:
    """Return the DER of a self-signed root (P-256, 20 years, no sub-authority)."""
    name = _name(holder)
    builder = _builder(name, name, private_key.public_key(), ROOT_YEARS, now)
    builder = builder.add_extension(x509.BasicConstraints(True, 0), critical=True)
    builder = builder.add_extension(_usage(sign=True, authority=True), critical=True)
    builder = builder.add_extension(
        x509.SubjectKeyIdentifier.from_public_key(private_key.public_key()),
        critical=False,
    )
    return _signed(builder, private_key)


def issue(root: bytes, root_key, public_key, holder: Holder, use: str, now=None):
    """Return the DER of a leaf certificate.

    :param use: :data:`SEAL` (digitalSignature, contentCommitment, document signing)
        or :data:`JOURNAL` (digitalSignature only)
    """
    issuer = x509.load_der_x509_certificate(root)
    builder = _builder(_name(holder), issuer.subject, public_key, LEAF_YEARS, now)
    extensions = issuer.extensions
    identifier = extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    for extension, critical in (
        (x509.BasicConstraints(False, None), True),
        (_usage(sign=True, commit=use == SEAL), True),
        (x509.SubjectKeyIdentifier.from_public_key(public_key), False),
        (
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier),
            False,
        ),
    ):
        builder = builder.add_extension(extension, critical=critical)
    if use == SEAL:
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([DOCUMENT_SIGNING]), critical=False
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
        if use == SEAL:
            purposes = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
            if not usage.content_commitment or DOCUMENT_SIGNING not in purposes:
                raise CertificateRefused("the certificate is not for sealing documents")
        elif usage.content_commitment:
            raise CertificateRefused("the certificate is not for the journal")
    except (x509.ExtensionNotFound, x509.DuplicateExtension) as error:
        raise CertificateRefused("the certificate lacks its uses") from error
    return leaf


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


def public_key(certificate: bytes) -> ec.EllipticCurvePublicKey:
    """Public key of a DER certificate."""
    return x509.load_der_x509_certificate(certificate).public_key()


def _name(holder: Holder) -> x509.Name:
    name = _one_direction(holder.name) or _one_direction(holder.code)
    titled = f"{holder.title} – {name}" if holder.title else name
    common = titled if _one_direction(titled) == titled else name
    parts = [
        (NameOID.COUNTRY_NAME, holder.country.upper()),
        (NameOID.ORGANIZATION_NAME, _fit(name)),
        (NameOID.ORGANIZATION_IDENTIFIER, _fit(_one_direction(holder.code))),
        (NameOID.COMMON_NAME, _fit(common, wide=True)),
    ]
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in parts if text])


def _one_direction(text: str) -> str:
    """Keep what RFC 4518 (by RFC 3454 §6) allows in a name that programs compare.

    A name with Arabic letters must begin and end with one and hold no Latin letter;
    validators refuse the whole certificate otherwise. Of a mixed name the script it
    begins with is kept.
    """
    # Letters younger than Unicode 3.2 (Tifinagh) are refused the same way.
    text = "".join(char for char in text if not stringprep.in_table_a1(char))
    text = " ".join(text.split())
    if not any(map(stringprep.in_table_d1, text)):
        return text
    strong = next(
        char
        for char in text
        if stringprep.in_table_d1(char) or stringprep.in_table_d2(char)
    )
    if stringprep.in_table_d2(strong):
        kept = "".join(char for char in text if not stringprep.in_table_d1(char))
        return " ".join(kept.split()).strip(" -–—/|,;:([")
    kept = "".join(char for char in text if not stringprep.in_table_d2(char))
    right = [place for place, char in enumerate(kept) if stringprep.in_table_d1(char)]
    return " ".join(kept[right[0] : right[-1] + 1].split())


def _fit(text: str, wide=False) -> str:
    """Cut at the bound of X.520, visibly where the direction of the text allows it.

    :param wide: count bytes, as cryptography does for common names
    """
    if len(text.encode() if wide else text) <= NAME_MAX:
        return text
    if wide:
        cut = text.encode()[: NAME_MAX - 3].decode(errors="ignore")
    else:
        cut = text[: NAME_MAX - 1]
    if any(map(stringprep.in_table_d1, cut)):
        return _one_direction(cut.rpartition(" ")[0] or cut)
    return cut.rstrip() + "…"


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
