"""Whether a certificate was revoked, from lists and answers somebody hands over.

Nothing is fetched. A list (RFC 5280 §5) counts when the issuer of the certificate signed
it and may sign lists; an answer (RFC 6960) when the issuer signed it, or somebody to
whom the issuer gave that task. What does not count is left out, never an error: a
hostile file may bring anything. Indirect and delta lists are left out too.
"""

import datetime
import functools
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

GOOD, REVOKED, UNKNOWN = "good", "revoked", "unknown"
_UNREADABLE = (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion)
#: Clocks of several servers differ a little.
_CLOCKS = datetime.timedelta(minutes=5)


class ListBroken(ValueError):
    """A revocation list cannot be used; the text says why."""


@dataclass(frozen=True)
class Status:
    """What is known of one certificate.

    :param state: ``good``, ``revoked`` (since :attr:`at`) or ``unknown``
    :param at: aware datetime of the revocation
    """

    state: str
    at: datetime.datetime | None = None


def status(leaf, issuer, moment, crls=(), ocsps=(), policy=None) -> Status:
    """What the lists and answers say of a certificate.

    A revocation is told whenever it happened, also after ``moment``: the caller compares.

    :param leaf: ``x509.Certificate``; ``issuer`` the one that issued it
    :param moment: aware datetime; "good" needs news that reach that far
    :param crls: DER of lists; ``ocsps`` DER of OCSP answers
    :param policy: :class:`~.algorithms.Policy` for the hashes of lists, or None
    """
    revoked, good = [], False
    for der in crls:
        found = _in_list(der, leaf, issuer, moment, policy)
        good |= found is GOOD
        if isinstance(found, datetime.datetime):
            revoked.append(found)
    for der in ocsps:
        found = _in_answer(der, leaf, issuer, moment, policy)
        good |= found is GOOD
        if isinstance(found, datetime.datetime):
            revoked.append(found)
    if revoked:
        return Status(REVOKED, min(revoked))
    return Status(GOOD if good else UNKNOWN)


def read_list(der: bytes, issuers) -> dict:
    """Check a revocation list somebody uploads.

    :param issuers: DER of the certificates that may have signed it
    :return: ``issuer`` (text), ``this_update``, ``next_update`` (naive UTC), ``count``,
        ``number``, ``certificate`` (DER of the one that signed it)
    :raise ListBroken: not a list, or signed by none of them
    """
    try:
        found = _parsed_list(der)
        told = {
            "issuer": found.issuer.rfc4514_string(),
            "this_update": found.last_update_utc.replace(tzinfo=None),
            "next_update": found.next_update_utc
            and found.next_update_utc.replace(tzinfo=None),
            "count": len(found),
            "number": _number(found),
        }
    except _UNREADABLE as error:
        raise ListBroken("this is not a revocation list") from error
    for issuer_der in issuers:
        issuer = x509.load_der_x509_certificate(issuer_der)
        if found.issuer == issuer.subject and _list_signed(found, issuer):
            return {**told, "certificate": issuer_der}
    raise ListBroken("no authority known here signed this revocation list")


def list_of(blob: bytes) -> bytes:
    """DER of a list given in DER or PEM.

    :raise ListBroken: it is neither
    """
    try:
        if b"-----BEGIN" in blob[:4096]:
            return x509.load_pem_x509_crl(blob).public_bytes(serialization.Encoding.DER)
        return x509.load_der_x509_crl(blob).public_bytes(serialization.Encoding.DER)
    except _UNREADABLE as error:
        raise ListBroken("this is not a revocation list") from error


@functools.lru_cache(maxsize=8)
def _parsed_list(der):
    return x509.load_der_x509_crl(der)


@functools.lru_cache(maxsize=1024)
def _list_issuer(der):
    """Name of who signed a list: most lists are not the certificate's, and long."""
    return _parsed_list(der).issuer


@functools.lru_cache(maxsize=256)
def _list_holds(der, issuer_der):
    """Whether the issuer signed the list (costly for a long one: remembered)."""
    return _list_signed(_parsed_list(der), x509.load_der_x509_certificate(issuer_der))


def _list_signed(found, issuer):
    try:
        usage = issuer.extensions.get_extension_for_class(x509.KeyUsage).value
        may = usage.crl_sign
    except x509.ExtensionNotFound:
        # RFC 5280 §6.3.3 (f): asked only where the extension is there.
        may = True
    except (x509.DuplicateExtension, *_UNREADABLE):
        may = False
    if not may:
        return False
    try:
        return found.is_signature_valid(issuer.public_key())
    except (*_UNREADABLE, InvalidSignature):
        return False


def _number(found):
    try:
        return found.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    except x509.ExtensionNotFound:
        return None


def _scope_covers(found, leaf):
    """Whether the list speaks of this kind of certificate (RFC 5280 §5.2.5)."""
    for extension in found.extensions:
        value = extension.value
        if isinstance(value, x509.DeltaCRLIndicator):
            return False
        if isinstance(value, x509.IssuingDistributionPoint):
            if value.indirect_crl or value.only_contains_attribute_certs:
                return False
            if value.only_some_reasons:
                return False
            if value.only_contains_user_certs and _is_authority(leaf):
                return False
            if value.only_contains_ca_certs and not _is_authority(leaf):
                return False
        elif extension.critical:
            return False
    return True


def _is_authority(leaf):
    try:
        return leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _in_list(der, leaf, issuer, moment, policy):
    try:
        if _list_issuer(der) != leaf.issuer:
            return UNKNOWN
        found = _parsed_list(der)
        if not _scope_covers(found, leaf):
            return UNKNOWN
        if not _list_holds(der, issuer.public_bytes(serialization.Encoding.DER)):
            return UNKNOWN
        if policy and not _counts(policy, found.signature_hash_algorithm, moment):
            return UNKNOWN
        entry = found.get_revoked_certificate_by_serial_number(leaf.serial_number)
        if entry is not None:
            reason = _reason(entry)
            if reason is not x509.ReasonFlags.remove_from_crl:
                return entry.revocation_date_utc
        # A list may leave out certificates that had expired when it was made.
        reaches = found.next_update_utc and found.next_update_utc >= moment
        if reaches and found.last_update_utc <= leaf.not_valid_after_utc:
            return GOOD
    except (x509.DuplicateExtension, *_UNREADABLE):
        return UNKNOWN
    return UNKNOWN


def _reason(entry):
    try:
        return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        return None


def _counts(policy, algorithm, moment):
    try:
        policy.check_hash(algorithm.name if algorithm else "none", moment)
    except ValueError:
        return False
    return True


def _in_answer(der, leaf, issuer, moment, policy):
    try:
        answer = ocsp.load_der_ocsp_response(der)
        if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            return UNKNOWN
        if not _answer_signed(answer, issuer):
            return UNKNOWN
        if policy and not _counts(policy, answer.signature_hash_algorithm, moment):
            return UNKNOWN
        for single in answer.responses:
            if not _is_about(single, leaf, issuer):
                continue
            if single.certificate_status is ocsp.OCSPCertStatus.REVOKED:
                return single.revocation_time_utc
            last = single.next_update_utc or single.this_update_utc + _CLOCKS
            if single.certificate_status is ocsp.OCSPCertStatus.GOOD:
                return GOOD if last >= moment else UNKNOWN
    except (x509.DuplicateExtension, x509.ExtensionNotFound, *_UNREADABLE):
        return UNKNOWN
    return UNKNOWN


def _is_about(single, leaf, issuer):
    if single.serial_number != leaf.serial_number:
        return False
    name = issuer.subject.public_bytes()
    digest = hashes.Hash(single.hash_algorithm)
    digest.update(name)
    return digest.finalize() == single.issuer_name_hash


def _answer_signed(answer, issuer):
    signers = [issuer]
    for extra in answer.certificates:
        try:
            extra.verify_directly_issued_by(issuer)
            purposes = extra.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
        except (x509.ExtensionNotFound, InvalidSignature, *_UNREADABLE):
            continue
        produced = answer.produced_at_utc
        in_time = extra.not_valid_before_utc <= produced <= extra.not_valid_after_utc
        if in_time and ExtendedKeyUsageOID.OCSP_SIGNING in purposes.value:
            signers.append(extra)
    return any(_verified(answer, signer.public_key()) for signer in signers)


def _verified(answer, public_key):
    signed, algorithm = answer.tbs_response_bytes, answer.signature_hash_algorithm
    try:
        if isinstance(public_key, rsa.RSAPublicKey):
            public_key.verify(answer.signature, signed, padding.PKCS1v15(), algorithm)
        elif isinstance(public_key, ec.EllipticCurvePublicKey):
            public_key.verify(answer.signature, signed, ec.ECDSA(algorithm))
        else:
            return False
    except (InvalidSignature, *_UNREADABLE):
        return False
    return True
