"""What a certificate of somebody else's authority is for.

Sources: RFC 5280 §4.2.1.3 and §4.2.1.12, RFC 9336, RFC 3161 §2.3, EN 319 412-2 (persons),
EN 319 412-3 (organisations), EN 319 412-5 (QcType).
"""

from asn1crypto import core
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

SIGNATURE, SEAL, TIMESTAMP = "signature", "seal", "timestamp"
PERSON, ORGANISATION, UNKNOWN = "person", "organisation", "unknown"
_SIGNERS = {
    ObjectIdentifier("1.3.6.1.5.5.7.3.36"),  # documentSigning, RFC 9336
    ObjectIdentifier("1.3.6.1.4.1.311.10.3.12"),  # documents, as Microsoft has it
    ObjectIdentifier("1.2.840.113583.1.1.5"),  # documents, as Adobe has it
    ExtendedKeyUsageOID.EMAIL_PROTECTION,
    ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
}
_QC_STATEMENTS = ObjectIdentifier("1.3.6.1.5.5.7.1.3")
_QC_TYPE = "0.4.0.1862.1.6"
_QC_KINDS = {"0.4.0.1862.1.6.1": PERSON, "0.4.0.1862.1.6.2": ORGANISATION}
_PERSON_NAMES = {NameOID.GIVEN_NAME, NameOID.SURNAME, NameOID.PSEUDONYM}


class WrongUsage(ValueError):
    """The certificate is not for this; the text says what it is."""


class _Statement(core.Sequence):
    _fields = [
        ("id", core.ObjectIdentifier),
        ("info", core.Any, {"optional": True}),
    ]


class _Statements(core.SequenceOf):
    _child_spec = _Statement


class _Kinds(core.SequenceOf):
    _child_spec = core.ObjectIdentifier


def check(certificate, use: str):
    """Check that a certificate may be used for this.

    :param certificate: ``x509.Certificate``
    :param use: ``signature`` (of a person), ``seal`` or ``timestamp``
    :raise WrongUsage: with the reason
    """
    usage = _value(certificate, x509.KeyUsage)
    basic = _value(certificate, x509.BasicConstraints)
    if (basic and basic.ca) or (usage and usage.key_cert_sign):
        raise WrongUsage("it is the certificate of an authority")
    if usage and not (usage.digital_signature or usage.content_commitment):
        raise WrongUsage("its key is not for signatures")
    purposes = _value(certificate, x509.ExtendedKeyUsage)
    if use == TIMESTAMP:
        _check_timestamp(certificate, purposes)
        return
    if purposes is not None and not _SIGNERS & set(purposes):
        # Certificates of persons that sign and log in say it by contentCommitment.
        commits = usage and usage.content_commitment
        if not commits or ExtendedKeyUsageOID.CLIENT_AUTH not in purposes:
            raise WrongUsage("it is not for signing documents")
    kind = holder_kind(certificate)
    if use == SIGNATURE and kind == ORGANISATION:
        raise WrongUsage("it is a seal of an organisation, not a person's")
    if use == SEAL and kind == PERSON:
        raise WrongUsage("it is a person's, not a seal")


def holder_kind(certificate) -> str:
    """Whether a certificate names a person or an organisation.

    :param certificate: ``x509.Certificate``
    :return: ``person``, ``organisation`` or ``unknown``
    """
    told = _qc_kinds(certificate)
    if len(told) == 1:
        return told.pop()
    has = {attribute.oid for attribute in certificate.subject}
    if has & _PERSON_NAMES:
        return PERSON
    if NameOID.ORGANIZATION_IDENTIFIER in has:
        return ORGANISATION
    return PERSON if NameOID.SERIAL_NUMBER in has else UNKNOWN


def _check_timestamp(certificate, purposes):
    extension = purposes and certificate.extensions.get_extension_for_class(
        x509.ExtendedKeyUsage
    )
    if (
        not extension
        or not extension.critical
        or list(purposes) != [ExtendedKeyUsageOID.TIME_STAMPING]
    ):
        raise WrongUsage("it is not for timestamps alone")


def _qc_kinds(certificate):
    try:
        extension = certificate.extensions.get_extension_for_oid(_QC_STATEMENTS)
        statements = _Statements.load(extension.value.value, strict=True)
        found = set()
        for statement in statements:
            if statement["id"].dotted == _QC_TYPE:
                kinds = statement["info"].parse(_Kinds)
                found |= {_QC_KINDS.get(kind.dotted) for kind in kinds}
    except (x509.ExtensionNotFound, ValueError, TypeError):
        return set()
    return found - {None}


def _value(certificate, kind):
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
