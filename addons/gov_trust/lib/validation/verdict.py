"""The shape of an answer, and what each reason means for the verdict.

Indications and sub-indications are those of EN 319 102-1, kept as they are written there;
``verdict`` says the same in one word: valid, invalid, indeterminate.
"""

import hashlib

VALID, INDETERMINATE, INVALID = "valid", "indeterminate", "invalid"
_RANK = {VALID: 0, INDETERMINATE: 1, INVALID: 2}
PASSED, FAILED, UNSURE = "TOTAL-PASSED", "TOTAL-FAILED", "INDETERMINATE"
INDICATION = {VALID: PASSED, INVALID: FAILED, INDETERMINATE: UNSURE}
#: Named in every answer and every report (EN 319 102-1 §5.1.4.1).
POLICY = {"name": "maktab-strict", "version": "1.0"}

#: Reasons that prove something; every other one only prevents a proof.
BROKEN = frozenset(
    {
        "signature_broken",
        "byte_range",
        "contents_gap",
        "contents_encoding",
        "contents_padding",
        "digest_mismatch",
        "crypto_failure",
        "overlap",
        "duplicate_signature",
        "changed_after_signature",
        "unsigned_revision",
        "trailing_data",
        "structure",
        "profile",
        "timestamp_mismatch",
        "certificate_revoked",
        "signature_removed",
        "etsi_revoked",
        "etsi_hash_failure",
        "etsi_sig_crypto_failure",
        "etsi_not_yet_valid",
    }
)
#: Sub-indication of EN 319 102-1 that says best what a reason of ours means.
SUB_INDICATION = {
    "digest_mismatch": "HASH_FAILURE",
    "changed_after_signature": "HASH_FAILURE",
    "unsigned_revision": "HASH_FAILURE",
    "trailing_data": "HASH_FAILURE",
    "signature_removed": "HASH_FAILURE",
    "crypto_failure": "SIG_CRYPTO_FAILURE",
    "certificate_revoked": "REVOKED",
    "no_anchor": "NO_CERTIFICATE_CHAIN_FOUND",
    "not_signed": "SIGNED_DATA_NOT_FOUND",
    "timestamp_mismatch": "SIG_CRYPTO_FAILURE",
    "unsupported_format": "FORMAT_FAILURE",
}
_FORMAT = (
    *("signature_broken", "byte_range", "contents_gap", "contents_encoding"),
    *("contents_padding", "overlap", "duplicate_signature", "structure", "profile"),
    *("unreadable", "not_pdf", "empty_file", "encrypted", "hybrid", "too_large"),
    *("too_many_pages", "too_many_objects", "too_many_signatures"),
    *("too_many_revisions", "too_complex"),
)
SUB_INDICATION |= dict.fromkeys(_FORMAT, "FORMAT_FAILURE")


def reason(code: str, **params) -> dict:
    """One reason: a code of :mod:`.sentences` and what its sentence names."""
    return {"code": code, "params": {key: str(value) for key, value in params.items()}}


def worst(*verdicts: str) -> str:
    """The worst of several verdicts; ``valid`` when there is none."""
    return max(verdicts, key=_RANK.__getitem__, default=VALID)


def of(reasons) -> str:
    """What reasons mean together."""
    return worst(
        *(INVALID if one["code"] in BROKEN else INDETERMINATE for one in reasons)
    )


def sub_indication(reasons) -> str | None:
    """Sub-indication of the heaviest reason that has one."""
    heavy = sorted(reasons, key=lambda one: one["code"] not in BROKEN)
    for one in heavy:
        code = one["code"]
        if code.startswith("etsi_"):
            return code[5:].upper()
        if code in SUB_INDICATION:
            return SUB_INDICATION[code]
    return "GENERIC" if reasons else None


def answer(reasons, *, size=0, sha256="", **more) -> dict:
    """The whole answer, in plain values; keys as the public contract has them."""
    reasons = list(reasons)
    told = {
        "verdict": (verdict := of(reasons)),
        "indication": INDICATION[verdict],
        "sub_indication": sub_indication(reasons),
        "reasons": reasons,
        "notes": [],
        "signatures": [],
        "revisions": [],
        "pages": None,
        "size": size,
        "sha256": sha256,
        "policy": dict(POLICY),
        "etsi_xml": None,
    }
    return told | more


def unreadable(pdf: bytes, code: str, **params) -> dict:
    """Answer about a file that could not be judged."""
    digest = hashlib.sha256(pdf).hexdigest()
    return answer([reason(code, **params)], size=len(pdf), sha256=digest)
