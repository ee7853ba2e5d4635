#!/usr/bin/env python3
# /// script
# requires-python = ">=3.11"
# dependencies = ["asn1crypto>=1.5,<2", "cryptography>=48,<51", "pikepdf>=9,<12"]
# ///
"""Check a document without Odoo and without network: verify.py FILE [--trust ca.pem]

FILE is a sealed receipt (PDF), the receipt.json it carries, or an act: a PDF signed by
persons and closed by a seal. Exit 0: valid, 1: invalid, 2: cannot be established (an act
that is not closed yet, for one). Trust anchors (/trust/ca.pem of the platform, and those
of other authorities, in one PEM file): --trust, else $MAKTAB_TRUST, else trust/ca.pem in
the state folder. Checked: every signature covers its whole file, in the one form there
is; each revision of an act only adds its own; time-stamps are of these bytes; lists of
revoked certificates that the file carries; the leaf is in the journal; the receipt says
what the leaf says. What the platform alone knows (a later version, a cancellation) is not
seen here: ask its /verify page.
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
from itertools import pairwise
from pathlib import Path

STATE = Path(__file__).resolve().parents[1] / os.getenv("MAKTAB_STATE", ".local")
CODES = {"valid": 0, "invalid": 1, "indeterminate": 2}
BYTE_RANGE = re.compile(rb"/ByteRange\s*\[0 (\d{1,10}) (\d{1,10}) (\d{1,10})\s*\]")
END = re.compile(rb"startxref\s+\d+\s+%%EOF(?:\r\n|[\r\n])?")
ENTRY = re.compile(rb"(\d{10}) \d{5} n")
OBJECT = re.compile(rb"(?<!\d)(\d{1,10})\s+(\d{1,10})\s+obj\b")
CLOCKS = datetime.timedelta(minutes=5)
VALUE_KEYS = {"/ByteRange", "/Contents", "/Filter", "/Location", "/M", "/Name"}
VALUE_KEYS |= {"/Reason", "/Reference", "/SubFilter", "/Type"}
#: Documents (RFC 9336, Microsoft, Adobe), mail, anything.
SIGNERS = {"1.3.6.1.5.5.7.3.36", "1.3.6.1.4.1.311.10.3.12", "1.2.840.113583.1.1.5"}
SIGNERS |= {"1.3.6.1.5.5.7.3.4", "2.5.29.37.0"}
HASHES = {"sha256": 32, "sha384": 48, "sha512": 64}
DER = bytes.fromhex
SHA256 = DER("300b0609608648016503040201")
ECDSA, RSA = DER("300a06082a8648ce3d040302"), DER("300d06092a864886f70d01010b0500")
DATA, SIGNED_DATA = DER("06092a864886f70d010701"), DER("06092a864886f70d010702")
CONTENT_TYPE, MESSAGE_DIGEST = (DER(f"06092a864886f70d01090{last}") for last in (3, 4))
SIGNING_CERTIFICATE = DER("060b2a864886f70d010910022f")
TIME_STAMP = DER("060b2a864886f70d010910020e")
DIALECTS = ("/DeveloperExtensions",)
TYPES = {"/Sig": "/ETSI.CAdES.detached", "/DocTimeStamp": "/ETSI.RFC3161"}
ORDERS = {  # SEC 2: of two ECDSA signatures (r, s) and (r, n-s), the low one is ours
    256: 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    384: 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
    521: 0x01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409,
}

try:
    import pikepdf
    from asn1crypto import cms as asn1, tsp
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    ALGORITHM = ec.ECDSA(hashes.SHA256())
    CODE = NameOID.ORGANIZATION_IDENTIFIER
    DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
except ImportError as missing:
    python = STATE / "venv" / "bin" / "python"
    if python.is_file() and not os.environ.get("MAKTAB_VERIFY_AGAIN"):
        os.environ["MAKTAB_VERIFY_AGAIN"] = "1"
        os.execv(python, [str(python), __file__, *sys.argv[1:]])
    needed = "asn1crypto cryptography pikepdf"
    print(f"Cannot be established: {missing}. Run: pip install {needed}")
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


def extension(certificate, kind, default=None):
    with contextlib.suppress(x509.ExtensionNotFound):
        return certificate.extensions.get_extension_for_class(kind).value
    return default


def issuer_of(certificate, candidates):
    """The candidate that issued a certificate: its name alone is not enough."""
    named = [one for one in candidates if one.subject == certificate.issuer]
    for one in named:
        with contextlib.suppress(InvalidSignature, ValueError, TypeError):
            certificate.verify_directly_issued_by(one)
            return one, True
    return None, bool(named)


def path_of(leaf, others, roots, moment):
    """Certificates from the leaf to a trusted root, each valid at that moment."""
    path, direct = [leaf], True
    while True:
        root, named = issuer_of(path[-1], roots)
        if root:
            path.append(root)
            break
        need(not (named and direct), "the certificate is forged")
        above, _named = issuer_of(path[-1], [one for one in others if one not in path])
        if not above or len(path) > 8:
            raise Unknown("The trusted authority did not issue the certificate.")
        path.append(above)
        direct = False
    for below, part in enumerate(path[1:]):
        basic, usage = (
            extension(part, kind) for kind in (x509.BasicConstraints, x509.KeyUsage)
        )
        need(basic and basic.ca, "a certificate was issued by one who may not")
        need(
            not usage or usage.key_cert_sign, "a certificate was issued by no authority"
        )
        deep = basic.path_length
        need(deep is None or below <= deep, "the chain of certificates is too long")
    for part in path:
        begin, end = part.not_valid_before_utc, part.not_valid_after_utc
        need(begin <= moment <= end, "the certificate was not valid at that time")
        strong_enough(part)
    return path


def strong_enough(certificate):
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        need(key.key_size >= 2048, "a key is too weak")
    elif isinstance(key, ec.EllipticCurvePublicKey):
        need(key.curve.key_size >= 256, "a key is too weak")
    hashed = certificate.signature_hash_algorithm
    need(not hashed or hashed.name in HASHES, "a certificate has a weak signature")


def is_own(path):
    """Whether the platform's own authority issued it (a root without sub-authority)."""
    basic = extension(path[-1], x509.BasicConstraints)
    return len(path) == 2 and basic.path_length == 0


def fit_for(path, use):
    """Check what the signer's certificate may be used for."""
    leaf, own = path[0], is_own(path)
    usage = extension(leaf, x509.KeyUsage)
    basic = extension(leaf, x509.BasicConstraints)
    more = extension(leaf, x509.ExtendedKeyUsage)
    need(not (basic and basic.ca), "the certificate is an authority's")
    if not own:
        signs = usage and (usage.digital_signature or usage.content_commitment)
        need(signs, "the certificate is for another use")
        signs = more is None or SIGNERS & {one.dotted_string for one in more}
        need(signs, "the certificate is for another use")
        return
    documents = use in ("seal", "person")
    uses = (usage.digital_signature, usage.key_cert_sign, usage.content_commitment)
    need(uses == (True, False, documents), "the certificate is for another use")
    if documents:
        need(more and DOCUMENT_SIGNING in more, "the certificate is for another use")
        # EN 319 412-2 and -3: a person has a serialNumber, an administration its code.
        said = {part.oid for part in leaf.subject}
        person = {NameOID.SERIAL_NUMBER, NameOID.COMMON_NAME} <= said
        need(person == (use == "person"), f"the certificate is not one of a {use}")
        need(not person or CODE not in said, "the certificate names two holders")


def chained(leaf, roots, moment, use):
    """Check that a trusted root issued this certificate for the heads of a journal."""
    path = path_of(leaf, [], roots, moment)
    need(is_own(path), "the certificate is for another use")
    fit_for(path, use)


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


def written(leaf, certificates, digest, signature, token):
    """The one CMS there is for these; anything else in the file is a change."""
    certificate, serial = certificates[0], leaf.serial_number
    serial = tlv(2, serial.to_bytes(serial.bit_length() // 8 + 1, "big"))
    signer = tlv(48, leaf.issuer.public_bytes(), serial)
    attrs = tlv(160, attributes(certificate, digest))
    scheme = RSA if isinstance(leaf.public_key(), rsa.RSAPublicKey) else ECDSA
    info = [b"\2\1\1", signer, SHA256, attrs, scheme, tlv(4, signature)]
    if token:
        info.append(tlv(161, tlv(48, TIME_STAMP, tlv(49, token))))
    held = tlv(160, *sorted(certificates))
    parts = (tlv(49, SHA256), tlv(48, DATA), held, tlv(49, tlv(48, *info)))
    return tlv(48, SIGNED_DATA, tlv(160, tlv(48, b"\2\1\1", *parts)))


class Cms:
    """What one signature value holds, read by a library of its own."""

    def __init__(self, raw):
        size = 2 + raw[1] if raw[1] < 128 else 2 + (raw[1] & 127)
        if raw[1] >= 128:
            size += int.from_bytes(raw[2:size], "big")
        need(not raw[size:].strip(b"\0"), "a signature value hides something")
        self.der = raw[:size]
        info = asn1.ContentInfo.load(self.der, strict=True)
        need(info["content_type"].native == "signed_data", "another kind of value")
        self.signed = info["content"]
        (self.signer,) = self.signed["signer_infos"]
        held = [one.chosen.dump() for one in self.signed["certificates"]]
        parsed = [x509.load_der_x509_certificate(one) for one in held]
        mine = [
            (der, one)
            for der, one in zip(held, parsed, strict=True)
            if self._names(one)
        ]
        ((self.certificate, self.leaf),) = mine
        self.others = [one for one in parsed if one != self.leaf]
        self.held = [self.certificate, *(x for x in held if x != self.certificate)]
        self.attributes = self._attributes(self.signer["signed_attrs"])
        self.digest = self.attributes["message_digest"].native
        self.hash = self.signer["digest_algorithm"]["algorithm"].native
        need(self.hash in HASHES, "a signature uses a weak digest")
        named = [one["algorithm"].native for one in self.signed["digest_algorithms"]]
        need(self.hash in named, "a signature names another digest")
        self.signature = self.signer["signature"].native
        more = self.signer["unsigned_attrs"]
        tokens = self._attributes(more, True).get("signature_time_stamp_token")
        self.token = tokens.dump() if tokens else None

    def _names(self, certificate):
        sid = self.signer["sid"]
        need(sid.name == "issuer_and_serial_number", "a signer is named otherwise")
        told = sid.chosen
        return (
            told["serial_number"].native == certificate.serial_number
            and told["issuer"].dump() == certificate.issuer.public_bytes()
        )

    @staticmethod
    def _attributes(attributes, foreign=False):
        found = {}
        for one in attributes or ():
            name, values = one["type"].native, one["values"]
            need(name not in found, "an attribute stands twice")
            if not foreign or name == "signature_time_stamp_token":
                need(len(values) == 1, "an attribute has two values")
                found[name] = values[0]
        return found

    def hash_of(self, data):
        return hashlib.new(self.hash, data).digest()

    def holds(self, kind):
        """Check the attributes and the signature over them."""
        told = self.attributes["content_type"].native
        need(told == kind, "a signature is of something else")
        self._check_reference()
        covered = b"\x31" + self.signer["signed_attrs"].dump()[1:]
        algorithm = self.signer["signature_algorithm"]
        name = algorithm["algorithm"].native
        key, digest = self.leaf.public_key(), getattr(hashes, self.hash.upper())()
        if isinstance(key, ec.EllipticCurvePublicKey):
            need(name == f"{self.hash}_ecdsa", "a signature names another algorithm")
            key.verify(self.signature, covered, ec.ECDSA(digest))
        elif name == "rsassa_pss":
            salt = algorithm["parameters"]["salt_length"].native
            pss = padding.PSS(padding.MGF1(digest), salt)
            key.verify(self.signature, covered, pss, digest)
        else:
            plain = ("rsassa_pkcs1v15", f"{self.hash}_rsa")
            need(name in plain, "a signature names another algorithm")
            key.verify(self.signature, covered, padding.PKCS1v15(), digest)

    def _check_reference(self):
        """The certificate is the one that was signed with (RFC 5035)."""
        new = self.attributes.get("signing_certificate_v2")
        old = self.attributes.get("signing_certificate")
        need(new or old, "a signature does not name its certificate")
        first = (new or old)["certs"][0]
        kind = first["hash_algorithm"]["algorithm"].native if new else "sha1"
        told = first["cert_hash"].native
        same = hashlib.new(kind, self.certificate).digest() == told
        need(same, "a signature names another certificate")

    def in_one_form(self):
        """Whether the bytes are the only ones the platform writes for these parts."""
        signature, key = self.signature, self.leaf.public_key()
        if isinstance(key, ec.EllipticCurvePublicKey):
            r, s = utils.decode_dss_signature(signature)
            low = min(s, ORDERS[key.curve.key_size] - s)
            signature = utils.encode_dss_signature(r, low)
        certificates = (self.held, self.digest, signature, self.token)
        return self.der == written(self.leaf, *certificates)


def stamped(token, data, roots):
    """Time a token gives for these bytes and its certificate; none without an anchor.

    RFC 3161 §2.4.2: of these bytes, by one whose only (critical) use it is.
    """
    cms = Cms(token)
    content = cms.signed["encap_content_info"]
    need(content["content_type"].native == "tst_info", "a time-stamp is none")
    info = content["content"].parsed
    need(isinstance(info, tsp.TSTInfo), "a time-stamp is none")
    imprint = info["message_imprint"]
    name = imprint["hash_algorithm"]["algorithm"].native
    need(name in HASHES, "a time-stamp uses a weak digest")
    same = hashlib.new(name, data).digest() == imprint["hashed_message"].native
    need(same, "a time-stamp is of other bytes")
    need(cms.hash_of(bytes(content["content"])) == cms.digest, "a time-stamp is broken")
    cms.holds("tst_info")
    use = cms.leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    only = set(use.value) == {ExtendedKeyUsageOID.TIME_STAMPING} and use.critical
    need(only, "a time-stamp is by one who may not")
    moment = info["gen_time"].native
    need(moment < datetime.datetime.now(datetime.UTC) + CLOCKS, "a time to come")
    try:
        path_of(cms.leaf, cms.others, roots, moment)
    except Unknown:
        return None, cms.leaf
    return moment, cms.leaf


def common_name(certificate):
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return names[0].value if names else ""


def check_value(pdf, value, roots, use, report):
    """Check one signature over its part of the file; return what was found."""
    zero, begin, end, length = map(int, value.ByteRange)
    size = end + length
    need(zero == 0 < begin < end < size <= len(pdf), "a signature leaves bytes out")
    before = pdf[begin - 32 : begin].rstrip()
    need(before.endswith(b"/Contents"), "a signature was moved")
    spelled = re.fullmatch(rb"<((?:[0-9A-Fa-f]{2})+)>", pdf[begin:end])
    need(spelled, "a signature is spelled otherwise")
    alike = spelled[1] in (spelled[1].upper(), spelled[1].lower())
    need(alike, "a signature is spelled otherwise")
    raw = bytes.fromhex(spelled[1].decode())
    need(bytes(value.Contents) == raw, "a field holds another value")
    need(value.SubFilter == TYPES[str(value.Type)], "a signature of another kind")
    covered = pdf[:begin] + pdf[end:size]
    place = {"begin": begin, "size": size, "use": use}
    if use == "timestamp":
        moment, signer = stamped(raw, covered, roots)
        tell_time(moment, signer, report)
        return place | {"moment": moment, "path": [signer]}
    cms = Cms(raw)
    need(cms.hash_of(covered) == cms.digest, "the file was changed")
    claimed = claimed_time(value, cms)
    now = datetime.datetime.now(datetime.UTC) + CLOCKS
    need(claimed < now, "a signature claims a time to come")
    stamp = None
    if cms.token:
        stamp, authority = stamped(cms.token, cms.signature, roots)
        tell_time(stamp, authority, report)
        need(not stamp or claimed < stamp + CLOCKS, "a time-stamp is older")
    path = path_of(cms.leaf, cms.others, roots, stamp or claimed)
    fit_for(path, use)
    if is_own(path):
        upper = spelled[1] == spelled[1].upper()
        need(upper and cms.in_one_form(), "a signature is not in its one form")
    cms.holds("data")
    report["signatures"].append(
        {
            "kind": use,
            "name": common_name(cms.leaf),
            "subject": cms.leaf.subject.rfc4514_string(),
            "claimed_at": claimed.isoformat(),
            "timestamp": stamp.isoformat() if stamp else None,
            "issuer": cms.leaf.issuer.rfc4514_string(),
            "serial": f"{cms.leaf.serial_number:x}",
            "size": size,
        }
    )
    return place | {"moment": claimed, "stamp": stamp, "path": path}


def claimed_time(value, cms):
    told = cms.attributes.get("signing_time")
    if "/M" not in value:
        need(told is not None, "a signature claims no time")
        return told.native
    text = str(value.M).replace("'", "")
    claimed = re.fullmatch(r"D:(\d{14})(?:Z|([+-]\d{4}))?", text.removesuffix("0000Z"))
    need(claimed, "a signature claims no readable time")
    zone = claimed[2] or "+0000"
    return datetime.datetime.strptime(claimed[1] + zone, "%Y%m%d%H%M%S%z")


def stored_lists(opened, places, roots):
    """Revocation lists in the file; all that is stored must come from somebody known."""
    store = opened.Root.get("/DSS", {})
    held = [
        x509.load_der_x509_certificate(bytes(one.read_bytes()))
        for one in store.get("/Certs", ())
    ]
    known = [*roots, *held, *(part for place in places for part in place["path"])]
    # Anybody can append a store: what is strange in it forges nothing, and proves nothing.
    odd = "The file carries certificates or lists of somebody unknown."
    if not all(one in roots or issuer_of(one, known)[0] for one in held):
        raise Unknown(odd)
    lists = [
        x509.load_der_x509_crl(bytes(one.read_bytes()))
        for one in store.get("/CRLs", ())
    ]
    for crl in lists:
        named = [one for one in known if one.subject == crl.issuer]
        if not any(crl.is_signature_valid(one.public_key()) for one in named):
            raise Unknown(odd)
    return lists


def check_revoked(opened, places, roots, report):
    """Refuse what was signed after its certificate was revoked, by the lists inside."""
    lists = stored_lists(opened, places, roots)
    later = [one["moment"] for one in places if one["use"] == "timestamp"]
    for place in [one for one in places if one["use"] != "timestamp"]:
        known = place["stamp"] or min((m for m in later if m), default=place["moment"])
        for part, above in pairwise(place["path"]):
            for crl in lists:
                if crl.issuer != above.subject:
                    continue
                if not crl.is_signature_valid(above.public_key()):
                    continue  # of another authority of that name
                entry = crl.get_revoked_certificate_by_serial_number(part.serial_number)
                if entry is None:
                    continue
                after = entry.revocation_date_utc
                need(known < after, "signed after its certificate was revoked")
                report["reasons"].append(
                    f"The certificate of {common_name(part)} was revoked after it signed."
                )


def covered_first(pdf):
    """Check, before any of it is read as a PDF, that a signature covers these bytes."""
    ranges = [tuple(map(int, found.groups())) for found in BYTE_RANGE.finditer(pdf)]
    whole = [r for r in ranges if r[0] < r[1] < r[1] + r[2] <= len(pdf)]
    need(whole, "no signature covers the file")
    begin, end, length = max(whole, key=lambda r: r[1] + r[2])
    cms = Cms(bytes.fromhex(pdf[begin + 1 : end - 1].decode()))
    covered = pdf[:begin] + pdf[end : end + length]
    if cms.signed["encap_content_info"]["content_type"].native == "data":
        need(cms.hash_of(covered) == cms.digest, "the file was changed")


def check_act(pdf, opened, roots, report):
    """Check signatures of persons, in order, the seal that closes them, and time-stamps."""
    fields = [act_field(field) for field in opened.Root.AcroForm.Fields]
    need(len({str(field.T) for field in fields}) == len(fields), "two fields of a name")
    need(sum("/Lock" in field for field in fields) <= 1, "two fields for a seal")
    signed = [field for field in fields if "/V" in field]
    signed.sort(key=lambda field: int(field.V.ByteRange[2]) + int(field.V.ByteRange[3]))
    need(len({field.V.objgen for field in signed}) == len(signed), "copied signature")
    marks = re.findall(rb"/ByteRange\s*\[", pdf)
    need(len(marks) == len(signed), "a signature stands outside the fields")
    places, then, old, last, prepared = [], None, None, 0, False
    for field in signed:
        use = use_of(field)
        need(use == "timestamp" or not closed(places), "signed after the closing seal")
        place = check_value(pdf, field.V, roots, use, report)
        need(place["begin"] > last, "two signatures overlap")
        need(not set(field.V.keys()) - VALUE_KEYS, "a signature of another kind")
        need(locks(field.V) == (use == "seal"), "a signature locks what it may not")
        moment, last = place["moment"], place["size"]
        if use == "timestamp":
            need(not moment or not then or moment >= then - CLOCKS, "time goes back")
        else:
            report["signatures"][-1]["field"] = str(field.T)
            back = then and moment < then - CLOCKS
            need(not back, "a signature goes back in time")
        then = moment or then
        new = revision(pdf[:last])
        # Boxes for an act are added once, to what came signed by others before.
        boxes = old is not None and use != "timestamp" and not prepared
        boxes = boxes and for_an_act(old, new, field, use, places)
        prepared = prepared or boxes
        if boxes:
            written_once(pdf[places[-1]["size"] : last], old, field)
        if old is not None and added_one(old, new, field, use, boxes) and not boxes:
            told = f"The box {field.T} was added after the first signature."
            report["reasons"].append(told)
        if old is not None:
            all_named(pdf[:last], places[-1]["size"])
        places, old = [*places, place], new
    if last != len(pdf):
        # A store of certificates and revocation lists may follow (EN 319 142-1 B-LT).
        all_named(pdf, last)
        for found in END.finditer(pdf, last):
            new = revision(pdf[: found.end()])
            added_one(old, new, None, "store")
            old = new
    check_revoked(opened, places, roots, report)
    tell_times(places, report)
    need(report["signatures"], "there is no signature")
    if not closed(places):
        raise Unknown("Not closed yet: the signatures hold, the seal is missing.")


def for_an_act(old, new, field, use, places):
    """Whether the boxes of an act were added here, behind signatures of others."""
    was, now = (
        {one.objgen for one in opened.Root.AcroForm.Fields} for opened in (old, new)
    )
    late = use == "seal" and field.objgen not in was
    if not (now - was - {field.objgen} or late):
        return False
    signed = [place for place in places if place["use"] != "timestamp"]
    theirs = all(one["use"] == "person" and not is_own(one["path"]) for one in signed)
    need(theirs, "boxes were added after the first signature")
    return True


def written_once(part, old, field):
    """Check that boxes stay as they were added, until one is filled."""
    marks = [(int(a), int(b)) for a, b in OBJECT.findall(part)]
    was = set(numbered(old))
    for mark in set(marks) - was:
        most = 2 if mark == field.objgen else 1
        need(marks.count(mark) <= most, "a box was changed before it was signed")


def closed(places):
    return "seal" in [place["use"] for place in places]


def use_of(field):
    if field.V.Type == "/DocTimeStamp":
        return "timestamp"
    return "seal" if "/Lock" in field else "person"


def tell_time(moment, authority, report):
    """Say of a time-stamp what a reader would not guess."""
    name = common_name(authority)
    if not moment:
        told = f"The time-stamp of {name} is by an authority not trusted here."
        report["reasons"].append(told)
    elif "NON PROBANT" in name:
        told = "A time-stamp is by the platform's own authority: NON PROBANT."
        if told not in report["reasons"]:
            report["reasons"].append(told)


def tell_times(places, report):
    """Say what the times rest on, and what expired since."""
    now = datetime.datetime.now(datetime.UTC)
    signed = [place for place in places if place["use"] != "timestamp"]
    stamps = [place for place in places if place["use"] == "timestamp"]
    for place, told in zip(signed, report["signatures"], strict=True):
        after = [one["moment"] for one in stamps if one["size"] > place["size"]]
        archived = min((moment for moment in after if moment), default=None)
        told["archived_at"] = archived.isoformat() if archived else None
        end = min(part.not_valid_after_utc for part in place["path"])
        if end < now and not (place["stamp"] or archived):
            told = "The certificate expired since; no time-stamp says when it signed."
            report["reasons"].append(told)


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
    ends = [found.end() for found in END.finditer(pdf, max(0, len(pdf) - 64))]
    need(ends and ends[-1] == len(pdf), "a revision is cut")
    # As it is written: what pages inherit stays where it is.
    as_is = {"attempt_recovery": False, "inherit_page_attributes": False}
    opened = pikepdf.open(io.BytesIO(pdf), **as_is)
    need(not opened.is_encrypted, "the file is encrypted")
    for table in opened.objects:
        if isinstance(table, pikepdf.Stream) and table.get("/Type") == "/XRef":
            # A type that is not known is no object to some readers.
            widths = [int(width) for width in table.W]
            types = set(table.read_bytes()[:: sum(widths)]) if widths[0] else set()
            need(widths[0] < 2 and types <= {0, 1, 2}, "an odd table of contents")
    return opened


def all_named(pdf, begin):
    """Check that each revision behind ``begin`` names every object that it holds."""
    for end in [found.end() for found in END.finditer(pdf, begin)]:
        named_in(pdf[:end], begin, revision(pdf[:end]))
        begin = end
    need(begin == len(pdf), "a revision is cut")


def named_in(pdf, begin, new):
    at = int(re.search(rb"startxref\s+(\d+)", pdf[-64:])[1])
    if pdf.startswith(b"xref", at):
        places = {int(found[1]) for found in ENTRY.finditer(pdf, at)}
    else:
        number, generation = OBJECT.match(pdf, at).groups()
        table = new.get_object(int(number), int(generation))
        one, two, three = map(int, table.W)
        data, size = table.read_bytes(), one + two + three
        rows = [data[row : row + size] for row in range(0, len(data), size)]
        used = [row for row in rows if not one or row[0] == 1]
        places = {int.from_bytes(row[one : one + two], "big") for row in used} | {at}
    found = {match.start() for match in OBJECT.finditer(pdf, begin)}
    need(found <= places, "a revision holds what nobody reads")


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


#: A reference; its digits are counted, so that a signature's zeros cost nothing.
REFERENCE = re.compile(rb"(?<!\d)(\d{1,10}) (\d{1,5}) R\b")


def word(thing):
    told = isinstance(thing, pikepdf.Object)
    return thing.unparse() if told else repr(thing).encode()


def entries(thing):
    return {key: word(thing.get(key)) for key in thing}


def grown_by(new, fields):
    """Where new fields appear: {number: key, None for an array}; over no other one."""
    grown, form = {}, new.Root.AcroForm
    for one in fields:
        for owner, key in ((form, "/Fields"), (one.P, "/Annots")):
            grown[owner.objgen] = key
            grown[owner[key].objgen] = None
        for other in form.Fields:
            near = other.objgen != one.objgen and other.P.objgen == one.P.objgen
            near = near and meet(one.Rect, other.Rect)
            need(not near, "one box lies over another")
    grown.pop((0, 0), None)
    return grown


def added_one(old, new, field, use, boxes=False):
    """Check that a revision only filled this field; tell whether it added it first.

    A store of certificates and lists (/DSS) may come with it, and may only grow; the
    field of a time-stamp is new and draws nothing.
    """
    was, now = numbered(old), numbered(new)
    for name in ("/Root", "/Info"):
        pair = [
            str(file.trailer.get(name, pikepdf.Array()).objgen) for file in (old, new)
        ]
        need(pair[0] == pair[1], "a revision put another document in place")
    mine = field.objgen if field is not None else None
    added = mine is not None and mine not in was
    need(added or use != "timestamp", "a time-stamp was prepared before")
    grown, fresh_ones = {}, {mine}
    if boxes:
        fresh_ones = {one.objgen for one in new.Root.AcroForm.Fields} - set(was)
        filled = [one for one in fresh_ones if "/V" in now[one]]
        need(added and filled == [mine], "a box was filled by nobody")
    if added:
        need(boxes or "/Lock" not in field, "the seal's box was added late")
        if use == "timestamp":
            need(not any(map(float, field.Rect)), "a time-stamp draws something")
        grown = grown_by(new, [now[one] for one in fresh_ones])
    stored = store_grew(old, new)
    kept, held = (held_by(file.Root.get("/DSS")) for file in (old, new))
    need(not (held - kept) & set(was), "the store holds what was something else")
    text = b""
    for mark, thing in was.items():
        before = text_of(thing)
        text += before + b" "
        after = text_of(now[mark]) if mark in now else b""
        if before == after or mark in stored:
            continue
        if tells_only(old, new, mark, was, now):
            continue
        # What follows looks at the entries alone: an object with data has more.
        plain = not isinstance(thing, pikepdf.Stream)
        plain = plain and not isinstance(now.get(mark), pikepdf.Stream)
        need(plain, "something else than the field was changed")
        if mark == old.Root.objgen:
            # The store alone is new in the catalog (and the name of its dialect),
            # and what a program tells of itself.
            names = ("/DSS", "/Extensions", *told_in_catalog(old, new, was))
            parts = [
                {k: v for k, v in entries(x).items() if k not in names}
                for x in (thing, now[mark])
            ]
            need(parts[0] == parts[1], "the catalog was changed")
            continue
        if mark in grown:
            need(
                only_grown(thing, now[mark], grown[mark], fresh_ones),
                "a page was changed",
            )
            continue
        need(mark == mine and not added, "something else than the field was changed")
        one, other = entries(thing), entries(now[mark])
        same = {key: other.get(key) for key in one if key not in ("/V", "/AP")}
        kept = {key: one[key] for key in same}
        need("/V" not in one and kept == same, "the field was changed")
        need(not set(other) - set(one) - {"/V", "/AP"}, "the field was changed")
    empty = {(int(a), int(b)) for a, b in re.findall(REFERENCE, text)}
    fresh = set(now) - set(was)
    need(not empty & fresh, "content was given to what was empty")
    if mine is None:
        held = held_by(new.Root.get("/DSS", pikepdf.Dictionary()))
        tables = {
            mark
            for mark in fresh
            if isinstance(now[mark], pikepdf.Stream)
            and now[mark].get("/Type") in ("/XRef", "/ObjStm")
        }
        about = new.Root.get("/Metadata")
        tables |= {about.objgen} if is_metadata(about) else set()
        stays = held <= set(was) or fresh - held - tables
        need(not stays, "the file was changed after its last signature")
    return added and use != "timestamp"


def is_metadata(thing):
    keys = {"/Type", "/Subtype", "/Length", "/Filter"}
    return (
        isinstance(thing, pikepdf.Stream)
        and set(thing.stream_dict.keys()) <= keys
        and thing.get("/Type") == "/Metadata"
        and thing.get("/Subtype") == "/XML"
    )


def tells_only(old, new, mark, was, now):
    """Whether an object only says which program wrote the file, and when."""
    before, after = was[mark], now.get(mark)
    info = [file.trailer.get("/Info") for file in (old, new)]
    if all(one is not None and one.objgen == mark for one in info):
        if isinstance(before, pikepdf.Stream) or isinstance(after, pikepdf.Stream):
            return False
        told = ("/Producer", "/ModDate")
        rest = [
            {key: text for key, text in entries(one).items() if key not in told}
            for one in (before, after)
        ]
        texts = [after.get(key) for key in told if key in after]
        plain = all(isinstance(one, (str, pikepdf.String)) for one in texts)
        return rest[0] == rest[1] and plain
    about = [file.Root.get("/Metadata") for file in (old, new)]
    if not all(is_metadata(one) and one.objgen == mark for one in about):
        return False
    # The same stream could also be what a page shows.
    text = b" ".join(text_of(thing) for thing in was.values())
    marks = [(int(a), int(b)) for a, b in re.findall(REFERENCE, text)]
    return marks.count(mark) == 1


def told_in_catalog(old, new, was):
    """Keys of the catalog that may differ: metadata that are new, a later version."""
    keys = set()
    about = new.Root.get("/Metadata")
    if "/Metadata" not in old.Root and is_metadata(about) and about.objgen not in was:
        keys.add("/Metadata")
    versions = [str(file.Root.get("/Version", "/1.0")) for file in (old, new)]
    if re.fullmatch(r"/(1\.[0-7]|2\.0)", versions[1]) and versions[0] <= versions[1]:
        keys.add("/Version")
    return keys


def held_by(thing, found=None, depth=0):
    """Numbers of everything an object is made of."""
    found = set() if found is None else found
    need(depth < 8, "the store is too deep")
    if not isinstance(thing, pikepdf.Object):
        return found
    if thing.is_indirect:
        if thing.objgen in found:
            return found
        found.add(thing.objgen)
    parts = ()
    if isinstance(thing, pikepdf.Array):
        parts = list(thing)
    elif isinstance(thing, pikepdf.Dictionary):
        parts = [thing[key] for key in thing.keys()]  # noqa: SIM118 – not a dict
    for part in parts:
        held_by(part, found, depth + 1)
    return found


def store_grew(old, new):
    """Numbers of what makes up the old store; the new one holds all of it still."""
    extensions = [file.Root.get("/Extensions", {}) for file in (old, new)]
    for name in set(extensions[1]) - set(extensions[0]):
        told = extensions[1][name]
        if name == "/ISO_":
            several = told if isinstance(told, pikepdf.Array) else [told]
            plain = all(
                isinstance(one, pikepdf.Dictionary)
                and not any(
                    isinstance(
                        part, (pikepdf.Dictionary, pikepdf.Array, pikepdf.Stream)
                    )
                    for part in one.values()
                )
                for one in several
            )
            need(plain, "an odd extension")
            continue
        keys = {"/Type", "/BaseVersion", "/ExtensionLevel"}
        level = str(told.get("/ExtensionLevel", 0))
        sane = set(told.keys()) <= keys and told.get("/BaseVersion") == "/1.7"
        sane = sane and told.get("/Type", "/DeveloperExtensions") in DIALECTS
        need(name == "/ESIC" and sane and level.isdigit(), "an odd extension")
    before, after = (file.Root.get("/DSS") for file in (old, new))
    if before is None:
        need(after is None or sane_store(after), "the store holds something else")
        return set()
    need(after is not None and sane_store(after), "the store was taken away")
    marks = {before.objgen}
    for key in set(before.keys()) - {"/Type"}:
        one, other = before[key], after.get(key)
        need(other is not None, "something was taken from the store")
        marks.add(one.objgen)
        if key == "/VRI":
            need(not set(one.keys()) - set(other.keys()), "the store was changed")
            for name in one.keys():  # noqa: SIM118 – not a dict
                marks.add(one[name].objgen)
        else:
            held = [[part.objgen for part in array] for array in (one, other)]
            need(held[1][: len(held[0])] == held[0], "the store was changed")
    return marks - {(0, 0)}


def sane_store(store):
    """Only certificates, lists and answers, each a stream of its own."""
    if set(store.keys()) - {"/Type", "/Certs", "/CRLs", "/OCSPs", "/VRI"}:
        return False
    arrays = [store.get(key, ()) for key in ("/Certs", "/CRLs", "/OCSPs")]
    streams = [part for array in arrays for part in array]
    plain = {"/Length", "/Filter", "/DecodeParms"}
    return bool(streams) and all(
        isinstance(part, pikepdf.Stream)
        and not set(part.stream_dict.keys()) - plain
        and sequence(part.read_bytes())
        for part in streams
    )


def sequence(der):
    """Whether these bytes are one DER SEQUENCE and no more."""
    wide = der[1] & 0x7F if der[1:] and der[1] & 0x80 else 0
    told = int.from_bytes(der[2 : 2 + wide], "big") if wide else der[1:2] and der[1]
    return der[:1] == b"0" and len(der) == 2 + wide + (told or 0)


def meet(one, other):
    (a, b, c, d), (e, f, g, h) = (map(float, rect) for rect in (one, other))
    return a < g and e < c and b < h and f < d


def only_grown(one, other, key, fresh):
    """Whether an array (or that of a dictionary) only got references to new fields."""
    if key is not None:
        rest = [{k: v for k, v in entries(x).items() if k != key} for x in (one, other)]
        if rest[0] != rest[1] or isinstance(other, pikepdf.Stream):
            return False
        one, other = one.get(key, pikepdf.Array()), other[key]
        if other.is_indirect:  # looked at under its own number, unless it is new
            same = one.objgen == other.objgen
            return same or not len(one) and {part.objgen for part in other} <= fresh
    names = [[word(part) for part in array] for array in (one, other)]
    more = [part.objgen for part in list(other)[len(one) :]]
    kept = names[1][: len(one)] == names[0]
    return kept and len(set(more)) == len(more) > 0 and set(more) <= fresh


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
            covered_first(raw)
            opened = revision(raw)
            check_act(raw, opened, roots, report)
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
