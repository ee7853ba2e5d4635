"""Timestamps of others, asked for and read strictly.

RFC 3161 (protocol), RFC 5816 (ESSCertIDv2), RFC 5652 (CMS), EN 319 421/422 (profile).
What a token proves is read here; whether its authority is believed is asked of a store
of trust anchors (:func:`check_token`), never of the token.
"""

import datetime
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from asn1crypto import algos, cms, core, tsp as asn1_tsp
from cryptography import x509

from . import algorithms, tsp_signature
from .trust import TIMESTAMP, NotTrusted
from .tsp_signature import HASHES, TimestampBroken

#: Written into the name of every certificate of the platform's own authority.
NON_PROBANT = "NON PROBANT"
#: Bytes of a nonce: an answer to another request is never taken for ours.
NONCE_BYTES = 16
_UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError)
_TOO_ODD = (OverflowError, RecursionError, UnicodeError)


class TimestampUnavailable(Exception):
    """No authority gave a usable timestamp.

    :ivar reasons: list of (authority, code, text), one for each that was asked
    """

    def __init__(self, text, reasons=()):
        super().__init__(text)
        self.reasons = list(reasons)


class _Response(core.Sequence):
    """TimeStampResp of RFC 3161 §2.4.2: a refusal carries no token."""

    _fields = [
        ("status", asn1_tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


@dataclass(frozen=True)
class Asked:
    """A request and what its answer has to repeat."""

    der: bytes = field(repr=False)
    digest: bytes
    nonce: int
    policy: str = ""


@dataclass(frozen=True)
class Token:
    """A timestamp that was read; every value in it is signed by its authority.

    :ivar imprint: digest of what is stamped, by ``hash_name`` (sha256…)
    :ivar name: common name of the authority's certificate
    :ivar certificate: DER of the certificate that signed
    :ivar certificates: DER of every other certificate that came with it
    :ivar accuracy: what the authority says of its clock
    """

    der: bytes = field(repr=False)
    gen_time: datetime.datetime
    serial: int
    policy: str
    imprint: bytes
    hash_name: str
    nonce: int | None
    name: str
    certificate: bytes = field(repr=False)
    certificates: tuple[bytes, ...] = field(default=(), repr=False)
    accuracy: datetime.timedelta = datetime.timedelta(0)
    signature_hash: str = "sha256"

    @property
    def non_probant(self) -> bool:
        """Whether its authority says itself that it proves nothing to others."""
        return NON_PROBANT in self.name


def request(digest: bytes, *, policy: str = "", nonce: int | None = None) -> Asked:
    """Return the request for a timestamp of a SHA-256 digest.

    It has a nonce and asks for the certificate (RFC 3161 §2.4.1).

    :param policy: OID of the policy that is asked for; empty leaves it to the authority
    :raise ValueError: not a SHA-256 digest
    """
    if len(digest) != hashlib.sha256().digest_size:
        raise ValueError("a SHA-256 digest has 32 bytes")
    if nonce is None:
        nonce = secrets.randbits(8 * NONCE_BYTES - 1) | 1 << (8 * NONCE_BYTES - 2)
    values = {
        "version": "v1",
        "message_imprint": {
            "hash_algorithm": algos.DigestAlgorithm(
                {"algorithm": "sha256", "parameters": core.Null()}
            ),
            "hashed_message": digest,
        },
        "nonce": nonce,
        "cert_req": True,
    }
    if policy:
        values["req_policy"] = policy
    return Asked(asn1_tsp.TimeStampReq(values).dump(), digest, nonce, policy)


def read_response(der: bytes, asked: Asked, policies=()) -> Token:
    """Read the answer to a request (RFC 3161 §2.4.2).

    :param policies: OIDs that are accepted; empty accepts any, unless one was asked for
    :raise TimestampBroken: refused by the authority, or not an answer to this request
    """
    try:
        answer = _Response.load(der, strict=True)
        status = answer["status"]["status"].native
        given = answer["time_stamp_token"]
        token_der = b"" if isinstance(given, core.Void) else given.dump()
        why = _why(answer["status"]) if status not in _GRANTED else ""
    except (*_UNREADABLE, *_TOO_ODD) as error:
        raise TimestampBroken("garbage", "the answer is not a timestamp's") from error
    if status not in _GRANTED:
        raise TimestampBroken("refused", f"the authority refused: {why}")
    if not token_der:
        raise TimestampBroken("garbage", "the answer has no timestamp")
    token = read_token(token_der)
    if token.nonce != asked.nonce:
        raise TimestampBroken("wrong_nonce", "it answers another request (nonce)")
    check_imprint(token, asked.digest)
    accepted = [asked.policy] if asked.policy else list(policies)
    if accepted and token.policy not in accepted:
        raise TimestampBroken(
            "wrong_policy", f"its policy {token.policy} is not one that is accepted"
        )
    return token


def read_token(der: bytes, digest: bytes | None = None) -> Token:
    """Read a TimeStampToken: its form, its signature, its signer's certificate.

    The authority itself is believed only after :func:`check_token`.

    :param digest: SHA-256 of what it must stamp; None when the caller compares
    :raise TimestampBroken: with the code and the reason
    """
    try:
        content = cms.ContentInfo.load(der, strict=True)
        signed = tsp_signature.signed_data(content)
        info = asn1_tsp.TSTInfo.load(
            signed["encap_content_info"]["content"].contents, strict=True
        )
        signer = tsp_signature.check(signed)
        token = _token(der, info, signer)
    except TimestampBroken:
        raise
    except (*_UNREADABLE, *_TOO_ODD) as error:
        raise TimestampBroken("garbage", "the timestamp cannot be read") from error
    certificate = signer.parsed
    if not (
        certificate.not_valid_before_utc
        <= token.gen_time
        <= certificate.not_valid_after_utc
    ):
        raise TimestampBroken(
            "expired", "its certificate was not valid at the time that it says"
        )
    if digest is not None:
        check_imprint(token, digest)
    return token


def check_imprint(token: Token, digest: bytes) -> None:
    """Check that a token stamps this SHA-256 digest.

    :raise TimestampBroken: it stamps something else
    """
    if token.hash_name != "sha256" or not hmac.compare_digest(token.imprint, digest):
        raise TimestampBroken("wrong_imprint", "it is the timestamp of something else")


def check_data(token: Token, data: bytes) -> None:
    """Check that a token stamps these bytes, by the hash it names (≥ SHA-256).

    :raise TimestampBroken: it stamps something else
    """
    if not hmac.compare_digest(token.imprint, HASHES[token.hash_name](data).digest()):
        raise TimestampBroken("wrong_imprint", "it is the timestamp of something else")


def check_token(token: Token, store, moment: datetime.datetime | None = None):
    """Check that the authority of a token is believed.

    :param store: :class:`lib.trust.Store`; its anchors for timestamps alone count
    :param moment: aware datetime at which its certificate must hold; None takes the
        time of the token itself
    :return: :class:`lib.trust.Path`
    :raise TimestampBroken: no anchor, expired, revoked… with the store's reason
    """
    moment = moment or token.gen_time
    try:
        for name in {token.hash_name, token.signature_hash}:
            store.policy.check_hash(name, moment)
        return store.path(token.certificate, token.certificates, moment, TIMESTAMP)
    except algorithms.Weak as error:
        raise TimestampBroken("weak", str(error)) from error
    except NotTrusted as error:
        raise TimestampBroken(
            error.code, f"its authority is not trusted: {error}"
        ) from error


#: Statuses of RFC 3161 §2.4.2 that carry a token.
_GRANTED = ("granted", "granted_with_mods")


def _why(status) -> str:
    parts = [status["status"].native]
    failure, text = status["fail_info"], status["status_string"]
    if not isinstance(failure, core.Void):
        parts += sorted(map(str, failure.native))
    if not isinstance(text, core.Void):
        parts += [str(line)[:200] for line in text.native[:3]]
    # It goes into a log and before people: on one line, and no sign that shows nothing.
    told = ", ".join(map(str, parts))
    return "".join(char if char.isprintable() else " " for char in told)


def _token(der, info, signer) -> Token:
    imprint = info["message_imprint"]
    name = imprint["hash_algorithm"]["algorithm"].native
    digest = imprint["hashed_message"].native
    if name not in HASHES:
        raise TimestampBroken("weak", f"it stamps by {name}: SHA-256 or more is needed")
    if len(digest) != HASHES[name]().digest_size:
        raise TimestampBroken("garbage", "its digest does not have the right length")
    if info["version"].native != "v1":
        raise TimestampBroken("garbage", "its version is unknown")
    extensions = info["extensions"]
    if not isinstance(extensions, core.Void) and any(
        extension["critical"].native for extension in extensions
    ):
        raise TimestampBroken("garbage", "it has a critical extension that is unknown")
    nonce = info["nonce"]
    return Token(
        der=der,
        gen_time=_time(info["gen_time"]),
        serial=info["serial_number"].native,
        policy=info["policy"].dotted,
        imprint=digest,
        hash_name=name,
        nonce=None if isinstance(nonce, core.Void) else nonce.native,
        name=_name(signer.parsed),
        certificate=signer.certificate,
        certificates=signer.others,
        accuracy=_accuracy(info["accuracy"]),
        signature_hash=signer.hash_name,
    )


def _time(value) -> datetime.datetime:
    """RFC 3161 §2.4.2: GeneralizedTime in UTC, with seconds, ended by Z."""
    if not str(value).endswith("Z"):
        raise TimestampBroken("garbage", "its time is not in UTC")
    return value.native.astimezone(datetime.UTC)


def _accuracy(value) -> datetime.timedelta:
    if isinstance(value, core.Void):
        return datetime.timedelta(0)
    told = {name: value[name].native or 0 for name in ("seconds", "millis", "micros")}
    if any(amount < 0 or amount > 10**6 for amount in told.values()):
        raise TimestampBroken("garbage", "its accuracy makes no sense")
    return datetime.timedelta(
        seconds=told["seconds"],
        milliseconds=told["millis"],
        microseconds=told["micros"],
    )


def _name(certificate: x509.Certificate) -> str:
    for oid in (
        x509.NameOID.COMMON_NAME,
        x509.NameOID.ORGANIZATIONAL_UNIT_NAME,
        x509.NameOID.ORGANIZATION_NAME,
    ):
        for attribute in certificate.subject.get_attributes_for_oid(oid):
            if isinstance(attribute.value, str) and attribute.value.strip():
                return attribute.value
    return certificate.subject.rfc4514_string()
