"""The signature of a timestamp: one signer, its attributes, its certificate.

RFC 5652 §5 (CMS), RFC 3161 §2.3 and §2.4.2 (one signer, critical sole extended key
usage), RFC 5035 and RFC 5816 (which certificate signed).
"""

import hashlib
import hmac
from dataclasses import dataclass, field

from asn1crypto import cms, core
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

#: Hashes that a timestamp may use; SHA-1 and less are refused.
HASHES = {
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
}
#: ESSCertID of RFC 2634 names the certificate by SHA-1: as a name, beside a signature.
_NAMING = {**HASHES, "sha1": hashlib.sha1}
_HASH_CLASSES = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
#: Most certificates that may come with a timestamp.
MAX_CERTIFICATES = 20
MIN_RSA, MIN_EC = 2048, 256


class TimestampBroken(ValueError):
    """A timestamp does not hold; ``code`` for programs, the text for people."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class Signer:
    """Who signed, once the signature was checked."""

    certificate: bytes = field(repr=False)
    parsed: x509.Certificate = field(repr=False)
    others: tuple[bytes, ...] = field(repr=False)
    hash_name: str


def signed_data(content):
    """The SignedData of a TimeStampToken.

    :raise TimestampBroken: another kind of message
    """
    if content["content_type"].native != "signed_data":
        raise TimestampBroken("garbage", "it is not a signed message")
    signed = content["content"]
    # RFC 5652 §5.1: 3 for what is not plain data, more with other certificates.
    if signed["version"].native not in ("v3", "v4", "v5"):
        raise TimestampBroken("garbage", "its version is unknown")
    inner = signed["encap_content_info"]
    if inner["content_type"].native != "tst_info" or isinstance(
        inner["content"], core.Void
    ):
        raise TimestampBroken("garbage", "it is not a timestamp")
    return signed


def check(signed) -> Signer:
    """Check the one signature of a timestamp and return who made it.

    :raise TimestampBroken: with the reason
    """
    infos = signed["signer_infos"]
    if len(infos) != 1:
        raise TimestampBroken("garbage", "it has not exactly one signature")
    info = infos[0]
    name = info["digest_algorithm"]["algorithm"].native
    if name not in HASHES:
        raise TimestampBroken(
            "weak", f"it is signed with {name}: SHA-256 or more is needed"
        )
    told = {found["algorithm"].native for found in signed["digest_algorithms"]}
    if name not in told or info["version"].native not in ("v1", "v3"):
        raise TimestampBroken("garbage", "it contradicts itself")
    attributes = _attributes(info)
    content = signed["encap_content_info"]["content"].contents
    if _one(attributes, "content_type").native != "tst_info":
        raise TimestampBroken("garbage", "what it signs is not a timestamp")
    digest = HASHES[name](content).digest()
    if not hmac.compare_digest(_one(attributes, "message_digest").native, digest):
        raise TimestampBroken("bad_signature", "its signature covers something else")
    candidates, others = _certificates(signed, info["sid"])
    certificate = _named(attributes, candidates)
    parsed = x509.load_der_x509_certificate(certificate)
    _check_uses(parsed)
    # RFC 5652 §5.4: the attributes are signed as a SET OF, not with their own tag.
    covered = b"\x31" + info["signed_attrs"].dump()[1:]
    _verify(parsed.public_key(), info, name, covered)
    rest = tuple(
        dict.fromkeys(der for der in (*candidates, *others) if der != certificate)
    )
    return Signer(certificate, parsed, rest, name)


def _attributes(info) -> dict:
    """Signed attributes by name; one that comes twice is no attribute (RFC 5652 §5.3)."""
    if isinstance(info["signed_attrs"], core.Void):
        raise TimestampBroken("garbage", "its signature covers no attribute")
    found = {}
    for attribute in info["signed_attrs"]:
        name = attribute["type"].native
        if name in found:
            raise TimestampBroken("garbage", "it has an attribute twice")
        found[name] = attribute["values"]
    return found


def _one(attributes, name):
    values = attributes.get(name)
    if values is None or len(values) != 1:
        raise TimestampBroken("garbage", f"its attribute {name} is missing")
    return values[0]


def _certificates(signed, sid):
    """(certificates the signer's identifier names, all others), in DER."""
    given = signed["certificates"]
    if isinstance(given, core.Void) or not len(given):
        raise TimestampBroken("no_certificate", "it comes without a certificate")
    if len(given) > MAX_CERTIFICATES:
        raise TimestampBroken("garbage", "it carries too many certificates")
    named, others = [], []
    for choice in given:
        if choice.name != "certificate":
            continue
        certificate = choice.chosen
        (named if _is_named(sid, certificate) else others).append(certificate.dump())
    return named, others


def _is_named(sid, certificate):
    if isinstance(sid.chosen, cms.IssuerAndSerialNumber):
        return (
            sid.chosen["serial_number"].native == certificate.serial_number
            and sid.chosen["issuer"] == certificate.issuer
        )
    return certificate.key_identifier == sid.chosen.native


def _named(attributes, candidates) -> bytes:
    """The certificate that the signature itself names (RFC 5035, RFC 5816)."""
    references = []
    if "signing_certificate" in attributes:
        first = _one(attributes, "signing_certificate")["certs"][0]
        references.append((first, "sha1"))
    if "signing_certificate_v2" in attributes:
        first = _one(attributes, "signing_certificate_v2")["certs"][0]
        references.append((first, first["hash_algorithm"]["algorithm"].native))
    if not references:
        raise TimestampBroken(
            "wrong_certificate", "it does not say which certificate signed it"
        )
    for certificate in candidates:
        if all(_refers(certificate, *reference) for reference in references):
            return certificate
    raise TimestampBroken(
        "wrong_certificate", "the certificate that it names did not come with it"
    )


def _refers(certificate, reference, hash_name):
    if hash_name not in _NAMING:
        return False
    digest = _NAMING[hash_name](certificate).digest()
    if not hmac.compare_digest(reference["cert_hash"].native, digest):
        return False
    issuer_serial = reference["issuer_serial"]
    if isinstance(issuer_serial, core.Void):
        return True
    parsed = cms.Certificate.load(certificate)
    names = [
        name.chosen for name in issuer_serial["issuer"] if name.name == "directory_name"
    ]
    return issuer_serial["serial_number"].native == parsed.serial_number and names == [
        parsed.issuer
    ]


def _check_uses(certificate):
    """RFC 3161 §2.3: the extended key usage is critical and says timestamps alone."""
    try:
        extension = certificate.extensions.get_extension_for_class(
            x509.ExtendedKeyUsage
        )
        purposes = list(extension.value)
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension) as error:
        raise TimestampBroken(
            "wrong_usage", "its certificate is not for timestamps"
        ) from error
    if purposes != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise TimestampBroken(
            "wrong_usage", "its certificate is not for timestamps alone"
        )
    if not extension.critical:
        raise TimestampBroken(
            "wrong_usage", "its certificate does not say critically what it is for"
        )
    for extension in certificate.extensions:
        if isinstance(extension.value, x509.KeyUsage) and not (
            extension.value.digital_signature or extension.value.content_commitment
        ):
            raise TimestampBroken("wrong_usage", "its certificate is not for signing")
        if isinstance(extension.value, x509.BasicConstraints) and extension.value.ca:
            raise TimestampBroken("wrong_usage", "its certificate is an authority's")


def _verify(public_key, info, name, covered):
    signature = info["signature"].native
    algorithm = info["signature_algorithm"]
    kind = algorithm.signature_algo
    try:
        if kind == "rsassa_pkcs1v15" and isinstance(public_key, rsa.RSAPublicKey):
            _strong(public_key.key_size >= MIN_RSA)
            used = _signature_hash(algorithm, name)
            public_key.verify(signature, covered, padding.PKCS1v15(), used)
        elif kind == "rsassa_pss" and isinstance(public_key, rsa.RSAPublicKey):
            _strong(public_key.key_size >= MIN_RSA)
            parameters = algorithm["parameters"]
            mask = parameters["mask_gen_algorithm"]["parameters"]["algorithm"].native
            used = _signature_hash(algorithm, name)
            if mask != used.name:
                raise TimestampBroken("garbage", "its signature mixes two hashes")
            scheme = padding.PSS(padding.MGF1(used), parameters["salt_length"].native)
            public_key.verify(signature, covered, scheme, used)
        elif kind == "ecdsa" and isinstance(public_key, ec.EllipticCurvePublicKey):
            _strong(public_key.key_size >= MIN_EC)
            used = _signature_hash(algorithm, name)
            public_key.verify(signature, covered, ec.ECDSA(used))
        elif kind in ("ed25519", "ed448") and isinstance(
            public_key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey
        ):
            public_key.verify(signature, covered)
        else:
            raise TimestampBroken("weak", "its kind of signature is not accepted")
    except (InvalidSignature, UnsupportedAlgorithm) as error:
        raise TimestampBroken("bad_signature", "its signature does not hold") from error


def _strong(enough):
    if not enough:
        raise TimestampBroken("weak", "the key of its authority is too short")


def _signature_hash(algorithm, name):
    """The hash of the signature: its own, or the digest's for plain rsaEncryption."""
    plain = algorithm["algorithm"].native == "rsassa_pkcs1v15"
    used = name if plain else algorithm.hash_algo
    if used not in HASHES:
        raise TimestampBroken(
            "weak", f"it is signed with {used}: SHA-256 or more is needed"
        )
    return _HASH_CLASSES[used]()
