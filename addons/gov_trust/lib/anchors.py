"""What somebody uploads to have an authority believed: read strictly, once."""

import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from . import algorithms, ca, chains

#: Bytes of an upload; certificates of authorities are about 2 kB.
LIMIT = 200_000
#: Intermediates of one anchor.
MOST = 20
_BEGIN = b"-----BEGIN CERTIFICATE-----"
_UNREADABLE = (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion)


class AnchorRefused(ValueError):
    """The upload does not do as an anchor.

    :param code: private_key, unreadable, several, not_authority, weak, expired,
        not_yet_valid, forged, too_big, foreign
    """

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


def read(blob: bytes, policy: algorithms.Policy, now: datetime.datetime) -> bytes:
    """Return the DER of the one authority an upload holds.

    :param blob: PEM or DER, as uploaded
    :param now: aware datetime
    :raise AnchorRefused: with a code
    """
    found = _certificates(blob)
    if len(found) != 1:
        raise AnchorRefused("several", f"the file holds {len(found)} certificates")
    certificate = _authority(found[0])
    if now > certificate.not_valid_after_utc:
        raise AnchorRefused("expired", "the certificate has expired")
    if now < certificate.not_valid_before_utc:
        raise AnchorRefused("not_yet_valid", "the certificate is not valid yet")
    try:
        policy.check_key(certificate.public_key(), now)
    except ValueError as error:
        raise AnchorRefused("weak", str(error)) from error
    if certificate.issuer == certificate.subject and not chains.issued(
        certificate, certificate
    ):
        raise AnchorRefused("forged", "the certificate is not signed by its own key")
    return found[0]


def read_intermediates(blob: bytes, anchor: bytes) -> list[bytes]:
    """Return the DER of the authorities below an anchor, without the anchor.

    :param blob: PEM or DER, as uploaded; empty: none
    :raise AnchorRefused: with a code; foreign: one does not lead to the anchor
    """
    if not blob.strip():
        return []
    found = [der for der in dict.fromkeys(_certificates(blob)) if der != anchor]
    if len(found) > MOST:
        raise AnchorRefused("several", f"more than {MOST} certificates")
    waiting = {der: _authority(der) for der in found}
    reached, above = [], [chains.parsed(anchor)]
    while above and waiting:
        issuer = above.pop()
        for der, certificate in list(waiting.items()):
            if chains.issued(certificate, issuer):
                reached.append(der)
                above.append(waiting.pop(der))
    if waiting:
        raise AnchorRefused("foreign", "a certificate does not lead to the anchor")
    return reached


def describe(certificate: bytes) -> dict:
    """What people want to know of an authority (plain values).

    :return: as :func:`.ca.describe`, with ``name`` and ``algorithm``
    """
    parsed = chains.parsed(certificate)
    name, bits = algorithms.describe_key(parsed.public_key())
    told = ca.describe(certificate)
    return {
        **told,
        "name": ca.common_name(certificate) or told["subject"],
        "algorithm": f"{name.upper() if name == 'rsa' else name} ({bits})",
    }


def refuse_private(blob: bytes):
    """Refuse a file that holds a private key, in any usual form.

    :raise AnchorRefused: private_key, too_big
    """
    if len(blob) > LIMIT:
        raise AnchorRefused("too_big", "the file is too large")
    if b"PRIVATE KEY" in blob or _is_private(blob) or _is_bag(blob):
        raise AnchorRefused("private_key", "the file holds a private key")


def _certificates(blob):
    refuse_private(blob)
    try:
        if _BEGIN in blob:
            return ca.der(blob)
        return [chains.der(x509.load_der_x509_certificate(_without_blanks(blob)))]
    except _UNREADABLE as error:
        raise AnchorRefused("unreadable", "no certificate can be read") from error


def _without_blanks(blob):
    """Cut blanks before and after DER; its own last octet may look like one.

    The length of the outermost SEQUENCE (ITU-T X.690 §8.1.3) says where it ends.
    """
    der = blob.lstrip()  # it begins with 0x30, which is no blank
    if len(der) < 2:
        return der
    wide = der[1] & 0x7F if der[1] & 0x80 else 0
    length = int.from_bytes(der[2 : 2 + wide], "big") if wide else der[1]
    end = 2 + wide + length
    return der if der[end:].strip() else der[:end]


def _is_private(blob):
    try:
        serialization.load_der_private_key(blob, password=None)
    except TypeError:
        return True  # encrypted
    except (ValueError, UnsupportedAlgorithm):
        return False
    return True


def _is_bag(blob):
    """Whether it is a PKCS#12 (RFC 7292): a SEQUENCE that begins with version 3."""
    head = blob.lstrip()[:16]
    if head[:1] != b"\x30" or len(head) < 8:
        return False
    wide = head[1] & 0x7F if head[1] & 0x80 else 0
    return head[2 + wide : 5 + wide] == b"\x02\x01\x03"


def _authority(der):
    try:
        certificate = chains.parsed(der)
        extensions = certificate.extensions
        basic = extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound as error:
        raise AnchorRefused("not_authority", "not an authority's") from error
    except ValueError as error:
        raise AnchorRefused("unreadable", str(error)) from error
    try:
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
        signs = usage.key_cert_sign
    except x509.ExtensionNotFound:
        signs = True  # RFC 5280 §4.2.1.3: not asked of an anchor
    if not basic.ca or not signs:
        raise AnchorRefused("not_authority", "not an authority's")
    return certificate
