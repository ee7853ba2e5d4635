#!/usr/bin/env python3
# /// script
# requires-python = ">=3.11"
# dependencies = ["cryptography>=48,<51", "pikepdf>=9,<12"]
# ///
"""Check a document without Odoo and without network: verify.py FILE [--trust ca.pem]

FILE is a sealed receipt (PDF), the receipt.json it carries, or an act: a PDF signed by
persons and closed by a seal. Exit 0: valid, 1: invalid, 2: cannot be established (an act
that is not closed yet, for one). Trust anchor (/trust/ca.pem of the platform): --trust,
else $MAKTAB_TRUST, else trust/ca.pem in the state folder. Checked: every signature covers
its whole file, in the one form there is, and each revision of an act only adds its own;
the leaf is in the journal; the receipt says what the leaf says.
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
BYTE_RANGE = re.compile(rb"/ByteRange\s*\[0 (\d{1,10}) (\d{1,10}) (\d{1,10})\s*\]")
CLOCKS = datetime.timedelta(minutes=5)
VALUE_KEYS = {"/ByteRange", "/Contents", "/Filter", "/Location", "/M", "/Name"}
VALUE_KEYS |= {"/Reason", "/Reference", "/SubFilter", "/Type"}
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
    from cryptography.x509.oid import NameOID

    ALGORITHM = ec.ECDSA(hashes.SHA256())
    CODE = NameOID.ORGANIZATION_IDENTIFIER
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


def chained(leaf, roots, moment, use):
    """Check that a trusted root issued this certificate for a seal, person or journal."""
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
    documents = use in ("seal", "person")
    need(uses == (True, False, documents), "the certificate is for another use")
    if documents:
        more = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        need(DOCUMENT_SIGNING in more, "the certificate is not for signing documents")
        # EN 319 412-2 and -3: a person has a serialNumber, an administration its code.
        said = {part.oid for part in leaf.subject}
        person = {NameOID.SERIAL_NUMBER, NameOID.COMMON_NAME} <= said
        need(person == (use == "person"), f"the certificate is not one of a {use}")
        need(not person or CODE not in said, "the certificate names two holders")


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


def check_value(pdf, value, roots, use, report):
    """Check one signature over its part of the file; return where it stands."""
    zero, begin, end, length = map(int, value.ByteRange)
    size = end + length
    need(zero == 0 < begin < end < size <= len(pdf), "a signature leaves bytes out")
    before = pdf[begin - 32 : begin].rstrip()
    need(before.endswith(b"/Contents"), "a signature was moved")
    spelled = re.fullmatch(rb"<((?:[0-9A-F]{2})+)>", pdf[begin:end])
    need(spelled, "a signature is spelled otherwise")
    raw = bytes.fromhex(spelled[1].decode())
    need(bytes(value.Contents) == raw, "a field holds another value")
    need(value.SubFilter == "/ETSI.CAdES.detached", "a signature of another kind")
    certificate, digest, signature = taken(raw)
    leaf = x509.load_der_x509_certificate(certificate)
    r, s = utils.decode_dss_signature(signature)
    low = utils.encode_dss_signature(r, min(s, ORDER - s))
    only = written(leaf, certificate, digest, low).ljust(len(raw), b"\0")
    need(raw == only, "a signature is not in its one form")
    need(sha256(pdf[:begin] + pdf[end:size]) == digest, "the file was changed")
    claimed = re.fullmatch(r"D:(\d{14})(?:Z|[+]00'00'?)", str(value.M))
    moment = datetime.datetime.strptime(claimed[1] + "Z", "%Y%m%d%H%M%S%z")
    now = datetime.datetime.now(datetime.UTC) + CLOCKS
    need(moment < now, "a signature claims a time to come")
    chained(leaf, roots, moment, use)
    covered = tlv(49, attributes(certificate, digest))
    leaf.public_key().verify(signature, covered, ALGORITHM)
    names = leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    report["signatures"].append(
        {
            "kind": use,
            "name": names[0].value if names else "",
            "subject": leaf.subject.rfc4514_string(),
            "claimed_at": moment.isoformat(),
            "issuer": leaf.issuer.rfc4514_string(),
            "serial": f"{leaf.serial_number:x}",
            "size": size,
        }
    )
    if leaf.not_valid_after_utc < now:
        report["reasons"].append("The certificate expired since the seal was made.")
    return begin, end, size, moment


def covered_whole(pdf):
    """Check, before any of it is read as a PDF, that a signature covers these bytes."""
    ranges = [tuple(map(int, found.groups())) for found in BYTE_RANGE.finditer(pdf)]
    whole = [r for r in ranges if r[1] + r[2] == len(pdf) and r[0] < r[1]]
    need(whole, "the last signature does not cover the whole file")
    begin, end, _length = whole[-1]
    _certificate, digest, _signature = taken(
        bytes.fromhex(pdf[begin + 1 : end - 1].decode())
    )
    need(sha256(pdf[:begin] + pdf[end:]) == digest, "the file was changed")


def check_seal(pdf, opened, roots, report):
    """Check the seal of a receipt: the only signature, over every byte of the file."""
    (field,) = opened.Root.AcroForm.Fields
    *_gap, size, _moment = check_value(pdf, field.V, roots, "seal", report)
    need(size == len(pdf), "the seal does not cover the whole file")


def check_act(pdf, opened, roots, report):
    """Check signatures of persons, in order, and the seal that closes them."""
    fields = [act_field(field) for field in opened.Root.AcroForm.Fields]
    need(len({str(field.T) for field in fields}) == len(fields), "two fields of a name")
    need(sum("/Lock" in field for field in fields) <= 1, "two fields for a seal")
    signed = [field for field in fields if "/V" in field]
    signed.sort(key=lambda field: int(field.V.ByteRange[2]) + int(field.V.ByteRange[3]))
    need(len({field.V.objgen for field in signed}) == len(signed), "copied signature")
    marks = re.findall(rb"/ByteRange\s*\[", pdf)
    need(len(marks) == len(signed), "a signature stands outside the fields")
    last, then, old = 0, None, None
    for field in signed:
        use = "seal" if "/Lock" in field else "person"
        begin, _end, size, moment = check_value(pdf, field.V, roots, use, report)
        report["signatures"][-1]["field"] = str(field.T)
        need(begin > last, "two signatures overlap")
        need(not set(field.V.keys()) - VALUE_KEYS, "a signature of another kind")
        need(locks(field.V) == (use == "seal"), "a signature locks what it may not")
        need(then is None or moment >= then - CLOCKS, "a signature goes back in time")
        need(use == "person" or field is signed[-1], "signed after the closing seal")
        new = revision(pdf[:size])
        if old is not None and added_one(old, new, field):
            told = f"The box {field.T} was added after the first signature."
            report["reasons"].append(told)
        last, then, old = size, moment, new
    need(last == len(pdf), "the last signature does not cover the whole file")
    if "/Lock" not in signed[-1]:
        raise Unknown("Not closed yet: the signatures hold, the seal is missing.")


def act_field(field):
    need(field.FT == "/Sig" and field.Subtype == "/Widget", "a field of another kind")
    odd = {"/Kids", "/Parent", "/A", "/AA", "/MK"} & set(field.keys())
    need(field.is_indirect and not odd, "a field of another kind")
    if "/Lock" in field:
        need(
            field.Lock.Action == "/All" and field.Lock.P == 1, "the seal locks nothing"
        )
    return field


def locks(value):
    if "/Reference" not in value:
        return False
    (told,) = value.Reference
    by_field = told.TransformMethod == "/FieldMDP"
    params = told.TransformParams
    need(
        by_field and params.Action == "/All" and params.P == 1, "the seal locks nothing"
    )
    return True


def revision(pdf):
    """Open what one signature covers: a file of its own, read without repair."""
    need(re.search(rb"startxref\s+\d+\s+%%EOF\s*\Z", pdf[-64:]), "a revision is cut")
    opened = pikepdf.open(io.BytesIO(pdf), attempt_recovery=False)
    need(not opened.is_encrypted, "the file is encrypted")
    return opened


def text_of(thing):
    """Text of an object as it is written, references not followed."""
    if isinstance(thing, pikepdf.Stream):
        return thing.stream_dict.unparse() + sha256(thing.read_raw_bytes())
    return (
        thing.unparse(resolved=True)
        if isinstance(thing, pikepdf.Object)
        else word(thing)
    )


def numbered(opened):
    """Every object of a file by its number; plain numbers come without theirs."""
    things = [thing for thing in opened.objects if thing is not None]
    marks = {thing.objgen for thing in things if isinstance(thing, pikepdf.Object)}
    rest = {(at, 0) for at in range(1, int(opened.trailer.Size))} - marks
    plain = {mark: opened.get_object(mark) for mark in rest}
    plain = {mark: thing for mark, thing in plain.items() if thing is not None}
    bare = [x for x in plain.values() if not isinstance(x, pikepdf.Object)]
    need(len(bare) == len(things) - len(marks), "the objects cannot be numbered")
    return plain | {mark: opened.get_object(mark) for mark in marks}


def word(thing):
    told = isinstance(thing, pikepdf.Object)
    return thing.unparse() if told else repr(thing).encode()


def entries(thing):
    return {key: word(thing.get(key)) for key in thing}


def added_one(old, new, field):
    """Check that a revision only filled this field; tell whether it added it first."""
    was, now = numbered(old), numbered(new)
    for name in ("/Root", "/Info"):
        pair = [
            str(file.trailer.get(name, pikepdf.Array()).objgen) for file in (old, new)
        ]
        need(pair[0] == pair[1], "a revision put another document in place")
    mine = field.objgen
    added = mine not in was
    grown = {}
    if added:
        need("/Lock" not in field, "the seal's box was added late")
        form, page = new.Root.AcroForm, now[mine].P
        for owner, key in ((form, "/Fields"), (page, "/Annots")):
            grown[owner.objgen] = key
            grown[owner[key].objgen] = None
        grown.pop((0, 0), None)
        for other in new.Root.AcroForm.Fields:
            near = other.objgen != mine and other.P.objgen == page.objgen
            need(
                not (near and meet(field.Rect, other.Rect)), "one box lies over another"
            )
    text = b""
    for mark, thing in was.items():
        before = text_of(thing)
        text += before + b" "
        after = text_of(now[mark]) if mark in now else b""
        if before == after:
            continue
        if mark in grown:
            need(only_grown(thing, now[mark], grown[mark], mine), "a page was changed")
            continue
        need(mark == mine and not added, "something else than the field was changed")
        one, other = entries(thing), entries(now[mark])
        same = {key: other.get(key) for key in one if key not in ("/V", "/AP")}
        kept = {key: one[key] for key in same}
        need("/V" not in one and kept == same, "the field was changed")
        need(not set(other) - set(one) - {"/V", "/AP"}, "the field was changed")
    empty = {(int(a), int(b)) for a, b in re.findall(rb"(\d+) (\d+) R\b", text)}
    need(not empty & set(now) - set(was), "content was given to what was empty")
    return added


def meet(one, other):
    (a, b, c, d), (e, f, g, h) = (map(float, rect) for rect in (one, other))
    return a < g and e < c and b < h and f < d


def only_grown(one, other, key, mine):
    """Whether an array (or that of a dictionary) only got one more reference."""
    if key is not None:
        rest = [{k: v for k, v in entries(x).items() if k != key} for x in (one, other)]
        if rest[0] != rest[1] or isinstance(other, pikepdf.Stream):
            return False
        one, other = one.get(key, pikepdf.Array()), other[key]
        if other.is_indirect:  # looked at under its own number, unless it is new
            return one.objgen == other.objgen or not len(one) and len(other) == 1
    names = [[word(part) for part in array] for array in (one, other)]
    return names[1][:-1] == names[0] and other[-1].objgen == mine


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
    chained(signer, roots, instant(head["time"]), "journal")
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
        if raw.lstrip().startswith(b"{") or b"/ByteRange" not in raw:
            need(canonical(json.loads(raw)) == raw.strip(), "there is no seal")
            check_evidence(json.loads(raw), roots, report, sealed=False)
        else:
            covered_whole(raw)
            opened = revision(raw)
            fields = opened.Root.AcroForm.Fields
            alone = len(fields) == 1 and "/Lock" in fields[0]
            (check_seal if alone else check_act)(raw, opened, roots, report)
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
