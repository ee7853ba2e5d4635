"""CMS signatures of other programs, read strictly and without believing anybody.

One SignerInfo over detached data, DER with definite lengths, every attribute once, the
certificate that the signature names, and nothing but zeros after it. What is accepted
afterwards (algorithms, anchors, times) is for the caller to say: old hashes are named,
not hidden. RFC 5652 (CMS), RFC 5035 and RFC 2634 (which certificate), RFC 5753, 5754,
4056, 8419 (algorithms), EN 319 122-1 (CAdES), ISO 32000-2 §12.8.3 (PDF).
"""

import datetime
import hashlib
from dataclasses import dataclass, field

from asn1crypto import cms as asn1, core
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from . import cms_parts, der_walk
from .cms_parts import OtherBroken

#: Hashes that are known; SHA-1 and SHA-224 so that a policy can name and refuse them.
HASHES = {
    "sha1": hashes.SHA1,
    "sha224": hashes.SHA224,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
#: A signature with its chain, lists and tokens; more is not a signature.
MAX_SIZE = 8 * 1024 * 1024
_DATA = "1.2.840.113549.1.7.1"
_CONTENT_TYPE = "1.2.840.113549.1.9.3"
_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
_UNREADABLE = (
    ArithmeticError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    UnsupportedAlgorithm,
    ValueError,
    x509.DuplicateExtension,
    x509.InvalidVersion,
)


@dataclass(frozen=True)
class Other:
    """What a CMS of another program says; only :func:`verify` says that it holds.

    :ivar certificate: DER of the signer's certificate; ``certificates``: of the others
    :ivar digest: what it says of the document, by ``digest_algorithm`` (sha256…)
    :ivar signature_algorithm: rsassa_pkcs1v15, rsassa_pss, ecdsa or ed25519
    :ivar signature_hash: hash that the signature itself uses
    :ivar signing_certificate_ok: True when signed attributes name the certificate
        (RFC 5035), None when they name none
    :ivar signing_time: aware datetime that the signer claims, or None
    :ivar timestamps: DER of the tokens over the signature value
    :ivar crls: DER of lists, ``ocsps``: of OCSP responses, that came along
    :ivar signed: what the signature covers
    """

    certificate: bytes = field(repr=False)
    certificates: tuple[bytes, ...] = field(repr=False)
    digest: bytes
    digest_algorithm: str
    signature: bytes = field(repr=False)
    signature_algorithm: str
    signature_hash: str
    signing_certificate_ok: bool | None
    signing_time: datetime.datetime | None
    timestamps: tuple[bytes, ...] = field(default=(), repr=False)
    crls: tuple[bytes, ...] = field(default=(), repr=False)
    ocsps: tuple[bytes, ...] = field(default=(), repr=False)
    signed: bytes = field(default=b"", repr=False)
    salt_length: int = 0


def read(der: bytes) -> Other:
    """Read a signature of another program.

    :param der: content of /Contents; zeros after its end are allowed
    :raise OtherBroken: one class for whatever is wrong, with a code and the reason
    """
    try:
        return _read(_cut(der))
    except OtherBroken:
        raise
    except _UNREADABLE as error:
        raise OtherBroken("unreadable", "the signature cannot be read") from error


def verify(other: Other) -> None:
    """Check the signature value with the key of the signer's certificate.

    :raise OtherBroken: it does not match, or its kind is not known
    """
    try:
        public = x509.load_der_x509_certificate(other.certificate).public_key()
        kind, used = other.signature_algorithm, HASHES[other.signature_hash]()
        given, signed = other.signature, other.signed
        if kind == "rsassa_pkcs1v15" and isinstance(public, rsa.RSAPublicKey):
            public.verify(given, signed, padding.PKCS1v15(), used)
        elif kind == "rsassa_pss" and isinstance(public, rsa.RSAPublicKey):
            scheme = padding.PSS(padding.MGF1(used), other.salt_length)
            public.verify(given, signed, scheme, used)
        elif kind == "ecdsa" and isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(given, signed, ec.ECDSA(used))
        elif kind == "ed25519" and isinstance(public, ed25519.Ed25519PublicKey):
            public.verify(given, signed)
        else:
            raise OtherBroken(
                "algorithm", "the signature is not of the kind of its certificate's key"
            )
    except InvalidSignature as error:
        raise OtherBroken("signature", "the signature does not match") from error
    except OtherBroken:
        raise
    except _UNREADABLE as error:
        raise OtherBroken("unreadable", "the signer's key cannot be used") from error


def digest_of(other: Other, *parts) -> bytes:
    """Digest of a document, by the hash that the signature names."""
    made = hashlib.new(other.digest_algorithm)
    for part in parts:
        made.update(part)
    return made.digest()


def end_of(raw: bytes) -> int:
    """Where the DER element ends that a padded value begins with.

    :raise OtherBroken: no DER, or something else than zeros after it
    """
    return len(_cut(raw))


def _cut(raw):
    if not 2 < len(raw) <= MAX_SIZE:
        raise OtherBroken("structure", "the signature has an impossible size")
    end = der_walk.check(raw)
    if raw[end:].strip(b"\0"):
        raise OtherBroken("structure", "something stands after the signature's value")
    return raw[:end]


def _read(der):
    message = asn1.ContentInfo.load(der, strict=True)
    if message["content_type"].native != "signed_data":
        raise OtherBroken("structure", "the value is not a signature")
    data = message["content"]
    inner = data["encap_content_info"]
    if inner["content_type"].dotted != _DATA or not cms_parts.void(inner["content"]):
        raise OtherBroken("structure", "the signature is not over the file")
    if len(data["signer_infos"]) != 1:
        raise OtherBroken("structure", "the value holds not exactly one signature")
    info = data["signer_infos"][0]
    _check_shape(message, data, info)
    signed = cms_parts.attributes(info["signed_attrs"])
    if not signed:
        raise OtherBroken("attributes", "the signature covers no attribute")
    if (
        cms_parts.one_value(signed, _CONTENT_TYPE, core.ObjectIdentifier).dotted
        != _DATA
    ):
        raise OtherBroken("attributes", "the signature says it covers something else")
    digest_name = info["digest_algorithm"]["algorithm"].native
    digest = cms_parts.one_value(signed, _MESSAGE_DIGEST, core.OctetString).native
    if digest_name not in HASHES or len(digest) != HASHES[digest_name].digest_size:
        raise OtherBroken("algorithm", f"the hash {digest_name!s:.40} is not known")
    kind, used, salt = _algorithm(info["signature_algorithm"], digest_name)
    certificate, others, named = cms_parts.certificates(
        data["certificates"], info, signed
    )
    crls, ocsps = cms_parts.revocation(data["crls"], signed)
    return Other(
        certificate=certificate,
        certificates=others,
        digest=digest,
        digest_algorithm=digest_name,
        signature=info["signature"].native,
        signature_algorithm=kind,
        signature_hash=used,
        signing_certificate_ok=named,
        signing_time=cms_parts.signing_time(signed),
        timestamps=cms_parts.tokens(info["unsigned_attrs"]),
        crls=crls,
        ocsps=ocsps,
        # RFC 5652 §5.4: signed as a SET OF, not with the tag they have here.
        signed=b"\x31" + info["signed_attrs"].dump()[1:],
        salt_length=salt,
    )


def _check_shape(message, data, info):
    """Nothing more than RFC 5652 names, the version it says, one hash for one signer."""
    algorithms = [
        info["digest_algorithm"],
        info["signature_algorithm"],
        *data["digest_algorithms"],
    ]
    parts = [message, data.untag(), data["encap_content_info"], info, *algorithms]
    for part in parts:
        named = sum(not cms_parts.void(part[name]) for name in part)
        if der_walk.count(part.dump()) != named:
            raise OtherBroken("structure", "the value holds more than a signature")
    wanted = "v1" if info["sid"].name == "issuer_and_serial_number" else "v3"
    hashes_told = [one["algorithm"].dotted for one in data["digest_algorithms"]]
    if (
        info["version"].native != wanted
        or data["version"].native != _version(data, wanted)
        or hashes_told != [info["digest_algorithm"]["algorithm"].dotted]
        or not all(map(_is_plain, (info["digest_algorithm"], *algorithms[2:])))
    ):
        raise OtherBroken("structure", "the value contradicts itself")


def _version(data, signer):
    """Version of a SignedData over data (RFC 5652 §5.1)."""
    names = set()
    for key in ("certificates", "crls"):
        if not cms_parts.void(data[key]):
            names |= {one.name for one in data[key]}
    if "other" in names:
        return "v5"
    if "v2_attr_cert" in names:
        return "v4"
    return "v3" if "v1_attr_cert" in names else signer


def _is_plain(algorithm):
    """Without parameters, or with the NULL that some programs write (RFC 5754 §2)."""
    parameters = algorithm["parameters"]
    return cms_parts.void(parameters) or parameters.dump() == b"\x05\0"


def _algorithm(given, digest_name):
    """(kind, hash, salt length); plain rsaEncryption takes the hash of the digest."""
    name, kind, salt = given["algorithm"].native, given.signature_algo, 0
    if kind != "rsassa_pss" and not _is_plain(given):
        raise OtherBroken("algorithm", "the signature has odd parameters")
    if kind == "ed25519":
        return kind, "sha512", 0
    if kind not in ("rsassa_pkcs1v15", "rsassa_pss", "ecdsa"):
        raise OtherBroken("algorithm", "this kind of signature is not known")
    used = digest_name if name in ("rsassa_pkcs1v15", "ecdsa") else given.hash_algo
    if kind == "rsassa_pss":
        parameters = given["parameters"]
        mask = parameters["mask_gen_algorithm"]["parameters"]["algorithm"].native
        salt = parameters["salt_length"].native
        if mask != used or not 0 <= salt <= 512:
            raise OtherBroken("algorithm", "the signature mixes two hashes")
    if used not in HASHES:
        raise OtherBroken("algorithm", f"the hash {used!s:.40} is not known")
    return kind, used, salt
