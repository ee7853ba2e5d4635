#!/usr/bin/env python3
# /// script
# requires-python = ">=3.11"
# dependencies = ["cryptography>=48,<51", "pikepdf>=9,<12"]
# ///
"""Check a receipt without Odoo and without network: verify.py FILE [--trust ca.pem]

FILE is a sealed receipt (PDF), or the receipt.json it carries. Exit 0: valid, 1: invalid,
2: cannot be established. Trust anchor (/trust/ca.pem of the platform): --trust, else
$MAKTAB_TRUST, else trust/ca.pem in the state folder. Checked: the seal covers every byte,
in the one form there is; the leaf is in the journal; the receipt says what the leaf says.
"""

import argparse
import base64
import contextlib
import datetime
import hashlib
import io
import json
import os
import re
import sys
from pathlib import Path

STATE = Path(__file__).resolve().parents[1] / os.getenv("MAKTAB_STATE", ".local")
CODES = {"valid": 0, "invalid": 1, "indeterminate": 2}
BYTE_RANGE = re.compile(rb"/ByteRange\s*\[0 (\d{1,10}) (\d{1,10}) (\d{1,10})\]")
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
DER = bytes.fromhex
SHA256, ECDSA = DER("300b0609608648016503040201"), DER("300a06082a8648ce3d040302")
DATA, SIGNED_DATA = DER("06092a864886f70d010701"), DER("06092a864886f70d010702")
CONTENT_TYPE, MESSAGE_DIGEST = (DER(f"06092a864886f70d01090{last}") for last in (3, 4))
SIGNING_CERTIFICATE = DER("060b2a864886f70d010910022f")

try:
    import pikepdf
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, utils

    ALGORITHM = ec.ECDSA(hashes.SHA256())
    DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
except ImportError as missing:
    python = STATE / "venv" / "bin" / "python"
    if python.is_file() and not os.environ.get("MAKTAB_VERIFY_AGAIN"):
        os.environ["MAKTAB_VERIFY_AGAIN"] = "1"
        os.execv(python, [str(python), __file__, *sys.argv[1:]])
    print(f"Cannot be established: {missing}. Run: pip install cryptography pikepdf")
    sys.exit(2)


class Unknown(ValueError):
    """Nothing can be said; any other exception means: not as issued."""


def need(condition, reason):
    if not condition:
        raise ValueError(reason)


def sha256(data):
    return hashlib.sha256(data).digest()


def instant(text):
    return datetime.datetime.fromisoformat(text).replace(microsecond=0)


def canonical(value):
    """Sorted keys (all ours are ASCII), no space, UTF-8."""
    tight = {"separators": (",", ":"), "sort_keys": True}
    return json.dumps(value, ensure_ascii=False, **tight).encode()


def root_from(node, index, size, proof):
    """Root that an inclusion proof leads to (RFC 9162 §2.1.3.2)."""
    need(0 <= index < size, "the line is outside the tree")
    last = size - 1
    for sibling in map(bytes.fromhex, proof):
        need(last, "the inclusion proof is too long")
        left = index & 1 or index == last
        pair = sibling + node if left else node + sibling
        node = sha256(b"\x01" + pair)
        while left and index and not index & 1:
            index, last = index >> 1, last >> 1
        index, last = index >> 1, last >> 1
    need(last == 0, "the inclusion proof is too short")
    return node


def chained(leaf, roots, moment, seal):
    """Check that a trusted root issued this certificate for this use."""
    named = [root for root in roots if root.subject == leaf.issuer]
    if not named:
        raise Unknown("The trusted authority did not issue the certificate.")
    for root in named:
        with contextlib.suppress(InvalidSignature, ValueError, TypeError):
            leaf.verify_directly_issued_by(root)
            break
    else:
        raise ValueError("the certificate is forged")
    for part in (leaf, root):
        begin, end = part.not_valid_before_utc, part.not_valid_after_utc
        need(begin <= moment <= end, "the certificate was not valid at that time")
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    uses = (usage.digital_signature, usage.key_cert_sign, usage.content_commitment)
    need(uses == (True, False, seal), "the certificate is for another use")
    if seal:
        more = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        need(DOCUMENT_SIGNING in more, "the certificate is not for sealing documents")


def tlv(tag, *parts):
    value = b"".join(parts)
    size = len(value).to_bytes((len(value).bit_length() + 7) // 8 or 1, "big")
    long = b"" if len(value) < 128 else bytes([128 | len(size)])
    return bytes([tag]) + long + size + value


def attributes(certificate, digest):
    """The signed attributes; no signing-time in a PDF (EN 319 142-1)."""
    reference = tlv(48, tlv(48, tlv(48, tlv(4, sha256(certificate)))))
    values = (
        CONTENT_TYPE + tlv(49, DATA),
        MESSAGE_DIGEST + tlv(49, tlv(4, digest)),
        SIGNING_CERTIFICATE + tlv(49, reference),
    )
    return b"".join(sorted(tlv(48, value) for value in values))


def written(leaf, certificate, digest, signature):
    """The one CMS there is for these; anything else in the file is a change."""
    serial = leaf.serial_number
    serial = tlv(2, serial.to_bytes(serial.bit_length() // 8 + 1, "big"))
    signer = tlv(48, leaf.issuer.public_bytes(), serial)
    attrs = tlv(160, attributes(certificate, digest))
    info = tlv(48, b"\2\1\1", signer, SHA256, attrs, ECDSA, tlv(4, signature))
    parts = (tlv(49, SHA256), tlv(48, DATA), tlv(160, certificate), tlv(49, info))
    return tlv(48, SIGNED_DATA, tlv(160, tlv(48, b"\2\1\1", *parts)))


def taken(raw):
    """Take certificate, digest, signature where they must be; ``written`` decides."""
    end = 4 + int.from_bytes(raw[2:4], "big")
    at = raw.index(DATA) + len(DATA) + 4
    certificate = raw[at : at + 4 + int.from_bytes(raw[at + 2 : at + 4], "big")]
    at = raw.rindex(MESSAGE_DIGEST) + len(MESSAGE_DIGEST) + 4
    return certificate, raw[at : at + 32], raw[raw.rindex(ECDSA) + len(ECDSA) + 2 : end]


def check_seal(pdf, roots, report):
    """Check the seal over every byte of the file; return the opened PDF."""
    ranges = [tuple(map(int, found.groups())) for found in BYTE_RANGE.finditer(pdf)]
    whole = [r for r in ranges if r[1] + r[2] == len(pdf) and r[0] < r[1]]
    need(whole, "the seal does not cover the whole file")
    begin, end, length = whole[-1]
    need(pdf[:begin].rstrip().endswith(b"/Contents"), "the seal was moved")
    spelled = re.fullmatch(rb"<((?:[0-9A-F]{2})+)>", pdf[begin:end])
    need(spelled, "the seal is spelled otherwise")
    raw = bytes.fromhex(spelled[1].decode())
    certificate, digest, signature = taken(raw)
    leaf = x509.load_der_x509_certificate(certificate)
    r, s = utils.decode_dss_signature(signature)
    low = utils.encode_dss_signature(r, min(s, ORDER - s))
    only = written(leaf, certificate, digest, low).ljust(len(raw), b"\0")
    need(raw == only, "the seal is not in its one form")
    need(sha256(pdf[:begin] + pdf[end:]) == digest, "the file was changed")
    opened = pikepdf.open(io.BytesIO(pdf))
    (field,) = opened.Root.AcroForm.Fields
    need([*field.V.ByteRange] == [0, begin, end, length], "another signature")
    need(bytes(field.V.Contents) == raw, "another value")
    claimed = re.fullmatch(r"D:(\d{14})(?:Z|[+]00'00'?)", str(field.V.M))
    moment = datetime.datetime.strptime(claimed[1] + "Z", "%Y%m%d%H%M%S%z")
    now = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=5)
    need(moment < now, "the seal claims a time to come")
    chained(leaf, roots, moment, seal=True)
    covered = tlv(49, attributes(certificate, digest))
    leaf.public_key().verify(signature, covered, ALGORITHM)
    told = {"subject": leaf.subject.rfc4514_string(), "claimed_at": moment.isoformat()}
    told |= {
        "issuer": leaf.issuer.rfc4514_string(),
        "serial": f"{leaf.serial_number:x}",
    }
    report["signatures"].append(told)
    if leaf.not_valid_after_utc < now:
        report["reasons"].append("The certificate expired since the seal was made.")
    return opened


def check_leaf(evidence, roots):
    """Check that the leaf is in the tree under a signed head; return it parsed."""
    if evidence is None:
        raise Unknown("The journal's head was not signed yet: ask for a new copy.")
    leaf, head = json.loads(evidence["leaf"]), evidence["head"]
    size, index, proof = evidence["size"], evidence["index"], evidence["proof"]
    node = sha256(b"\x00" + evidence["leaf"].encode())
    root = root_from(node, index, size, proof).hex()
    need((root, size) == (head["root"], head["size"]), "the line is not in the tree")
    need((head["stream"], index + 1) == (leaf["stream"], leaf["seq"]), "another line")
    signer = x509.load_pem_x509_certificate(evidence["certificates"][0].encode())
    signature = base64.b64decode(evidence["head_signature"], validate=True)
    chained(signer, roots, instant(head["time"]), seal=False)
    signer.public_key().verify(signature, canonical(head), ALGORITHM)
    return leaf


def check_evidence(told, roots, report, sealed):
    """Check leaf, tree, head and salts, and that the receipt says what they say."""
    need(told["v"] == 1, "receipt.json is of another version")
    receipt, leaf = told["receipt"], check_leaf(told["evidence"], roots)
    body, number = leaf["body"], leaf["number"] or {}
    proven = {name: given["value"] for name, given in told["salts"].items()}
    for name, given in told["salts"].items():
        salted = bytes.fromhex(given["salt"]) + canonical(given["value"])
        need(sha256(salted).hex() == body["salted"].get(name), f"another {name}")
    registered = receipt["dates"]["registered_at"]
    printed, content = receipt["number"], receipt["content"]
    same = {name: printed[name] for name in ("registration_number", "year", "sequence")}
    kept = [number.get(name) for name in ("text", "year", "sequence")]
    need([*same.values()] == kept, "the receipt's number is not the journal's")
    need(instant(registered) == instant(leaf["instant"]), "the instants differ")
    line = {name: leaf[name] for name in receipt["journal"]}
    need(receipt["journal"] == line, "the receipt names another line")
    fixed = ("order", "role", "sha256", "size")
    parts = [{name: part[name] for name in fixed} for part in content["parts"]]
    hashed = [content["content_hash"], sha256(canonical(parts)).hex()]
    later = sealed and receipt["supersedes"]  # rectified: same line, new sealed receipt
    need(later or hashed == [body.get("content_hash")] * 2, "other pieces")
    about = receipt["object"]
    told = {"subject": about["subject"], "sender": receipt["depositor"]["name"]}
    told["sender_reference"] = about["own_reference"] or ""
    for name in [name for name in told if proven.get(name, told[name]) != told[name]]:
        need(later, f"the receipt's {name} was changed")
        report["reasons"].append(f"The {name} was rectified after registration.")
    if not sealed:
        report["reasons"].append("No seal here: only what the journal holds is proven.")
        receipt = {"number": same, "dates": {"registered_at": registered}}
        receipt |= {"journal": line, "content": {"parts": parts}, "proven": proven}
    report["receipt"] = receipt


def ours(raw, roots):
    """Tell whether a file claims to come from here, be it broken."""
    marks = [root.subject.public_bytes().hex().upper().encode() for root in roots]
    marks += [b"receipt.json", b'"evidence"', b'"salts"']
    if any(mark in raw for mark in marks):
        return True
    with contextlib.suppress(Exception), pikepdf.open(io.BytesIO(raw)) as opened:
        return "receipt.json" in opened.attachments
    return False


def check(raw, roots):
    """Return the verdict object of the contract for the bytes of a file."""
    report = {"verdict": "valid", "reasons": [], "signatures": [], "receipt": None}
    try:
        if not roots:
            raise Unknown("No trust anchor: give --trust ca.pem (from /trust/ca.pem).")
        if not ours(raw, roots):
            raise Unknown("Nothing of this platform was found in this file.")
        if raw.lstrip().startswith(b"{") or b"/ByteRange" not in raw[-65536:]:
            need(canonical(json.loads(raw)) == raw.strip(), "there is no seal")
            check_evidence(json.loads(raw), roots, report, sealed=False)
        else:
            opened = check_seal(raw, roots, report)
            if file := opened.attachments.get("receipt.json"):
                told = json.loads(file.get_file().read_bytes())
                check_evidence(told, roots, report, sealed=True)
    except Unknown as unknown:
        report |= {"verdict": "indeterminate", "reasons": [str(unknown)]}
    except Exception as broken:  # noqa: BLE001 – hostile input breaks in any way
        reason = f"Not as issued: {str(broken)[:200] or 'a signature does not match'}."
        report |= {"verdict": "invalid", "reasons": [reason]}
    return report


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--trust", type=Path, help="root certificates, PEM")
    parser.add_argument("--json", action="store_true", help="print the verdict object")
    asked = parser.parse_args()
    trust = asked.trust or Path(os.getenv("MAKTAB_TRUST") or STATE / "trust" / "ca.pem")
    raw, roots = b"", []
    try:
        raw = asked.file.read_bytes()
        roots = x509.load_pem_x509_certificates(trust.read_bytes())
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
    report = check(raw, roots)
    seals = [f"{seal['claimed_at']} {seal['subject']}" for seal in report["signatures"]]
    text = "\n  ".join([report["verdict"].upper(), *seals, *report["reasons"]])
    print(json.dumps(report, ensure_ascii=False, indent=2) if asked.json else text)
    return CODES[report["verdict"]]


if __name__ == "__main__":
    sys.exit(main())
