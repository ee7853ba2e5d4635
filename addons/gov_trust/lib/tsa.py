"""The platform's own timestamp authority: answers of RFC 3161, written here.

It has the clock of this server and no audit: its certificate says NON PROBANT.
Profile of EN 319 422: SHA-256 or more, accuracy, ESSCertIDv2, no ordering.
"""

import datetime
import hashlib
import secrets

from asn1crypto import algos, cms, core, tsp as asn1_tsp, x509 as asn1_x509
from cryptography.hazmat.primitives.asymmetric import rsa

from . import ca
from .names import Holder
from .tsp import NON_PROBANT
from .tsp_signature import HASHES

#: Policy of the own authority, in the arc of UUIDs (X.667), which nobody allots.
POLICY = "2.25.285930175210459263387451076294405821377"
#: What it says of its clock, in seconds.
ACCURACY = 1
#: Longest request it reads (bytes).
MAX_REQUEST = 4096
QUERY_TYPE = "application/timestamp-query"
REPLY_TYPE = "application/timestamp-reply"
#: Bits of PKIFailureInfo (RFC 3161 §2.4.2).
BAD_ALG, BAD_REQUEST, BAD_DATA_FORMAT = 0, 2, 5
UNACCEPTED_POLICY, UNACCEPTED_EXTENSION, SYSTEM_FAILURE = 15, 16, 25
_ODD = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    RecursionError,
)


class _Refused(Exception):
    def __init__(self, failure, text):
        super().__init__(text)
        self.failure = failure


def holder(name: str, code: str = "", country: str = "") -> Holder:
    """Whom the certificate of the own authority names: first that it proves nothing."""
    return Holder(name, code, country, warning=f"TSA {NON_PROBANT}")


def respond(request: bytes, key, policy: str = POLICY, now=None) -> bytes:
    """Return the DER of the TimeStampResp for a request; refusals are answers too.

    :param request: DER of a TimeStampReq, hostile
    :param key: :class:`lib.keys.LoadedKey` whose certificate is for timestamps
    :param policy: OID that tokens carry; a request for another one is refused
    :param now: aware datetime of the token; None reads the clock
    """
    now = (now or datetime.datetime.now(datetime.UTC)).replace(microsecond=0)
    try:
        asked = _read(request, policy)
        token = _token(asked, key, policy, now)
    except _Refused as refusal:
        return reject(refusal.failure, str(refusal))
    return _response({"status": "granted"}, token)


def reject(failure: int, text: str) -> bytes:
    """Return the DER of a refusal (RFC 3161 §2.4.2).

    :param failure: bit of PKIFailureInfo
    """
    # A named bit list has no zero bits at its end (X.690 §11.2.2).
    bits = tuple(int(bit == failure) for bit in range(failure + 1))
    status = {
        "status": "rejection",
        "status_string": [text],
        "fail_info": asn1_tsp.PKIFailureInfo(bits),
    }
    return _response(status, None)


def _read(request, policy):
    if len(request) > MAX_REQUEST:
        raise _Refused(BAD_DATA_FORMAT, "The request is too long.")
    try:
        asked = asn1_tsp.TimeStampReq.load(request, strict=True)
        version = asked["version"].native
        imprint = asked["message_imprint"]
        algorithm = imprint["hash_algorithm"]
        name = algorithm["algorithm"].native
        parameters = algorithm["parameters"]
        digest = imprint["hashed_message"].native
        wanted = asked["req_policy"]
        wanted = None if isinstance(wanted, core.Void) else wanted.dotted
        nonce = asked["nonce"].native
        certificates = asked["cert_req"].native
        extended = not isinstance(asked["extensions"], core.Void)
        # Read to the end: what is lazily parsed may still be broken.
        if extended:
            len(asked["extensions"])
    except _ODD as error:
        raise _Refused(
            BAD_DATA_FORMAT, "The request is not a timestamp request."
        ) from error
    if version != "v1":
        raise _Refused(BAD_REQUEST, "Only version 1 is known.")
    if name not in HASHES:
        raise _Refused(BAD_ALG, "SHA-256, SHA-384 or SHA-512 is needed.")
    plain = parameters is None or isinstance(parameters, core.Null | core.Void)
    if not plain or len(digest) != HASHES[name]().digest_size:
        raise _Refused(BAD_DATA_FORMAT, "The digest does not fit its algorithm.")
    if wanted not in (None, policy):
        raise _Refused(UNACCEPTED_POLICY, f"The policy here is {policy}.")
    if extended:
        raise _Refused(UNACCEPTED_EXTENSION, "No extension is known here.")
    return {"imprint": imprint, "nonce": nonce, "certificates": certificates}


def _token(asked, key, policy, now):
    certificate = asn1_x509.Certificate.load(key.certificate)
    info = {
        "version": "v1",
        "policy": policy,
        "message_imprint": asked["imprint"],
        "serial_number": secrets.randbits(127) | 1 << 127,
        "gen_time": now,
        "accuracy": {"seconds": ACCURACY},
        "tsa": asn1_x509.GeneralName("directory_name", certificate.subject),
    }
    if asked["nonce"] is not None:
        info["nonce"] = asked["nonce"]
    content = asn1_tsp.TSTInfo(info).dump()
    attributes = cms.CMSAttributes(
        [
            {"type": "content_type", "values": ["tst_info"]},
            {
                "type": "message_digest",
                "values": [hashlib.sha256(content).digest()],
            },
            {
                "type": "signing_certificate_v2",
                "values": [
                    {"certs": [{"cert_hash": hashlib.sha256(key.certificate).digest()}]}
                ],
            },
        ]
    )
    signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            "issuer_and_serial_number",
            {
                "issuer": certificate.issuer,
                "serial_number": certificate.serial_number,
            },
        ),
        "digest_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
        "signed_attrs": attributes,
        "signature_algorithm": algos.SignedDigestAlgorithm(
            {"algorithm": _signature_algorithm(key.certificate)}
        ),
        "signature": key.sign(attributes.dump()),
    }
    signed = {
        "version": "v3",
        "digest_algorithms": [{"algorithm": "sha256"}],
        "encap_content_info": {
            "content_type": "tst_info",
            "content": core.ParsableOctetString(content),
        },
        "signer_infos": [signer],
    }
    if asked["certificates"]:
        # The root is not sent: whoever trusts it has it.
        signed["certificates"] = [
            asn1_x509.Certificate.load(der)
            for der in (key.certificate, *key.chain[:-1])
        ]
    return cms.ContentInfo({"content_type": "signed_data", "content": signed})


def _signature_algorithm(certificate):
    if isinstance(ca.public_key(certificate), rsa.RSAPublicKey):
        return "sha256_rsa"
    return "sha256_ecdsa"


def _response(status, token):
    parts = asn1_tsp.PKIStatusInfo(status).dump() + (token.dump() if token else b"")
    return core.Sequence(contents=parts).dump()
