"""Small questions about the certificates and tokens inside a CMS (asn1crypto)."""

import datetime
import hashlib

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.ocsp import load_der_ocsp_response

_STAMP = "1.2.840.113549.1.9.16.2.14"


def signer(data):
    """DER of the certificate of the only signer of a SignedData; None when absent."""
    told = data["signer_infos"][0]["sid"]
    for one in bag(data):
        found = x509.load_der_x509_certificate(one)
        if told.name == "issuer_and_serial_number":
            wanted = told.chosen
            if (
                wanted["serial_number"].native == found.serial_number
                and wanted["issuer"].dump() == found.issuer.public_bytes()
            ):
                return one
        else:
            try:
                mark = found.extensions.get_extension_for_class(
                    x509.SubjectKeyIdentifier
                ).value.digest
            except x509.ExtensionNotFound:
                continue
            if mark == told.chosen.native:
                return one
    return None


def bag(data) -> list[bytes]:
    """DER of every certificate that comes with a SignedData."""
    return [
        choice.chosen.dump()
        for choice in data["certificates"] or ()
        if choice.name == "certificate"
    ]


def stamps_of(signer_info):
    """SignedData of each signature-time-stamp of a signer."""
    attributes = signer_info["unsigned_attrs"]
    return [
        token["content"]
        for item in (attributes if attributes else ())
        if item["type"].dotted == _STAMP
        for token in item["values"]
    ]


def stamps(one):
    """The same, of a signature read by :mod:`.structure`."""
    return stamps_of(one.content["signer"])


def stamp_time(data) -> datetime.datetime:
    """When a timestamp says it was made."""
    told = data["encap_content_info"]["content"].parsed["gen_time"].native
    return told.astimezone(datetime.UTC)


def name(certificate: bytes | None) -> str:
    """Name a certificate gives its holder; never what a file says beside it."""
    if not certificate:
        return ""
    subject = x509.load_der_x509_certificate(certificate).subject
    for oid in (
        x509.NameOID.COMMON_NAME,
        x509.NameOID.ORGANIZATION_NAME,
        x509.NameOID.PSEUDONYM,
    ):
        for attribute in subject.get_attributes_for_oid(oid):
            return str(attribute.value)[:200]
    return subject.rfc4514_string()[:200]


def astray(data, known) -> bool:
    """Whether a certificate in the bag was issued by nobody there nor known here.

    A bag is not signed: what leads nowhere may be anything.

    :param known: DER of anchors and intermediates known here
    """
    certificates = [x509.load_der_x509_certificate(der) for der in bag(data)]
    issuers = [*certificates, *map(x509.load_der_x509_certificate, known)]
    by_name = {}
    for one in issuers:
        by_name.setdefault(one.subject.public_bytes(), []).append(one)
    first = signer(data)
    for der, one in zip(bag(data), certificates, strict=True):
        above = by_name.get(one.issuer.public_bytes(), ())
        if der == first and not above:
            continue
        if not any(_issued(one, other) for other in above):
            return True
    return False


def issued_by(certificate: bytes, known) -> bool:
    """Whether one of ``known`` (DER) issued a certificate; itself too, for a root."""
    one = x509.load_der_x509_certificate(certificate)
    return any(_issued(one, x509.load_der_x509_certificate(der)) for der in set(known))


def list_signed_by(der: bytes, known) -> bool:
    """Whether one of ``known`` (DER) signed a revocation list, which fills its DER."""
    found = x509.load_der_x509_crl(der)
    if found.public_bytes(serialization.Encoding.DER) != der:
        return False
    for one in map(x509.load_der_x509_certificate, set(known)):
        try:
            if one.subject == found.issuer and found.is_signature_valid(
                one.public_key()
            ):
                return True
        except (TypeError, ValueError, UnsupportedAlgorithm):
            continue
    return False


def answer_signed_by(der: bytes, known) -> bool:
    """Whether an OCSP answer was signed under one of ``known`` (DER)."""
    from asn1crypto import ocsp

    found = load_der_ocsp_response(der)
    if ocsp.OCSPResponse.load(der, strict=True).dump() != der:
        return False
    candidates = [*found.certificates, *map(x509.load_der_x509_certificate, set(known))]
    for one in candidates:
        key, digest = one.public_key(), found.signature_hash_algorithm
        try:
            if isinstance(key, rsa.RSAPublicKey):
                key.verify(
                    found.signature,
                    found.tbs_response_bytes,
                    padding.PKCS1v15(),
                    digest,
                )
            else:
                key.verify(found.signature, found.tbs_response_bytes, ec.ECDSA(digest))
        except (InvalidSignature, TypeError, ValueError, AttributeError):
            continue
        return True
    return False


def _issued(one, other):
    try:
        one.verify_directly_issued_by(other)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def describe(certificate: bytes | None) -> dict:
    """What people want to know of a certificate; empty texts when there is none."""
    if not certificate:
        keys = ("name", "subject", "issuer", "serial", "certificate_sha256")
        return dict.fromkeys(keys, "")
    found = x509.load_der_x509_certificate(certificate)
    return {
        "name": name(certificate),
        "subject": found.subject.rfc4514_string()[:500],
        "issuer": found.issuer.rfc4514_string()[:500],
        "serial": f"{found.serial_number:x}",
        "certificate_sha256": hashlib.sha256(certificate).hexdigest(),
    }


def kind(certificate: bytes | None, stamp: bool) -> str:
    """``timestamp``, ``seal`` (a legal person's), ``person`` or ``unknown``.

    EN 319 412-2 and -3: a legal person has an organizationIdentifier; a natural one has
    a name of its own or a serialNumber.
    """
    if stamp:
        return "timestamp"
    if not certificate:
        return "unknown"
    oids = {
        attribute.oid
        for attribute in x509.load_der_x509_certificate(certificate).subject
    }
    person = {x509.NameOID.GIVEN_NAME, x509.NameOID.SURNAME, x509.NameOID.SERIAL_NUMBER}
    if x509.NameOID.ORGANIZATION_IDENTIFIER in oids:
        return "unknown" if oids & person else "seal"
    return "person" if oids & person else "unknown"
