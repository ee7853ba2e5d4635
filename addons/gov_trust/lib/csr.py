"""Requests for a certificate (PKCS#10, RFC 2986), whoever holds the key."""

import base64
import textwrap

from asn1crypto import algos, core, csr as asn1, keys as asn1_keys, x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from . import ca, keys


def make(subject, public_key, sign, emails=()) -> str:
    """Return the PEM of a request to certify a key for signing documents.

    :param subject: ``x509.Name``
    :param public_key: of :mod:`cryptography`
    :param sign: callable(data) → signature as :meth:`.keys.LoadedKey.sign` makes it
    :param emails: addresses to name in the certificate
    """
    spki = public_key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    information = asn1.CertificationRequestInfo(
        {
            "version": "v1",
            "subject": asn1_x509.Name.load(subject.public_bytes()),
            "subject_pk_info": asn1_keys.PublicKeyInfo.load(spki),
            "attributes": [
                {"type": "extension_request", "values": [_extensions(emails)]}
            ],
        }
    )
    scheme = keys.scheme_of(public_key)
    algorithm = {"algorithm": f"sha256_{scheme}"}
    if scheme == keys.RSA:
        # RFC 4055 §5: the parameters of RSA are NULL.
        algorithm["parameters"] = core.Null()
    request = asn1.CertificationRequest(
        {
            "certification_request_info": information,
            "signature_algorithm": algos.SignedDigestAlgorithm(algorithm),
            "signature": core.OctetBitString(sign(information.dump())),
        }
    )
    text = "\n".join(textwrap.wrap(base64.b64encode(request.dump()).decode(), 64))
    return (
        f"-----BEGIN CERTIFICATE REQUEST-----\n{text}\n"
        "-----END CERTIFICATE REQUEST-----\n"
    )


def _extensions(emails):
    wanted = [
        (_usage(), True),
        (x509.ExtendedKeyUsage([ca.DOCUMENT_SIGNING]), False),
        (x509.BasicConstraints(False, None), True),
    ]
    if emails:
        names = [x509.RFC822Name(one) for one in emails]
        wanted.append((x509.SubjectAlternativeName(names), False))
    return [
        {
            "extn_id": extension.oid.dotted_string,
            "critical": critical,
            "extn_value": core.ParsableOctetString(extension.public_bytes()),
        }
        for extension, critical in wanted
    ]


def _usage():
    others = ("key_encipherment", "data_encipherment", "key_agreement")
    others += ("key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        **dict.fromkeys(others, False),
    )
