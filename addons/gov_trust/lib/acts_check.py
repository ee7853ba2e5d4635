"""Strict check of an act: who signed, in which order, and whether it is closed.

Nothing a reader says about a signature by itself is enough: a file of several revisions
holds when every signature is in the one form there is, covers the file from its first
byte to its own end, and each later revision only filled the box of its own signature.
Sources: as :mod:`.pades`; the attacks are those of the "shadow", "incremental saving" and
"signature wrapping" papers of Ruhr-Universität Bochum.
"""

import datetime
import hashlib
import io
import re
from dataclasses import dataclass
from itertools import pairwise

from . import acts_diff, ca, cms, keys
from .acts_form import SEAL, SIGNATURE, SIGNATURE_MARK, entry
from .pades import SUBFILTER

_CLAIMED = re.compile(r"D:(\d{14})(?:Z|[+]00'00'?)")
#: Clocks of several servers differ a little.
_CLOCKS = datetime.timedelta(minutes=5)
_VALUE_KEYS = {
    "/ByteRange",
    "/Contents",
    "/Filter",
    "/Location",
    "/M",
    "/Name",
    "/Reason",
    "/Reference",
    "/SubFilter",
    "/Type",
}


class ActBroken(ValueError):
    """The file does not hold as an act; the text says what was found."""


@dataclass(frozen=True)
class Found:
    """One signature that holds.

    :param field: name of its field
    :param kind: ``signature`` (a person's) or ``seal``
    :param subject: distinguished name on the certificate
    :param name: common name on the certificate
    :param claimed_at: aware datetime
    :param size: the first ``size`` bytes are the file as it was signed
    """

    field: str
    kind: str
    subject: str
    name: str
    issuer: str
    serial: str
    certificate_sha256: str
    claimed_at: datetime.datetime
    size: int


@dataclass(frozen=True)
class Act:
    """Signatures in the order they were made; ``closed`` by the seal, or still open."""

    signatures: list[Found]
    closed: bool


def check(pdf: bytes, roots, now: datetime.datetime | None = None) -> Act:
    """Check every signature of an act, strictly.

    :param pdf: whole file
    :param roots: DER certificates of the only authorities to trust
    :param now: aware datetime; no claimed time may be later
    :raise ActBroken: no signature, or anything that does not hold
    """
    now = now or datetime.datetime.now(datetime.UTC)
    try:
        places = _places(pdf)
        signatures = [_holds(pdf, place, roots, now) for place in places]
    except ActBroken:
        raise
    except ValueError as error:
        # Of cms, ca and acts_diff: their text says what was found.
        raise ActBroken(str(error)) from error
    except Exception as error:
        # pyHanko answers a hostile file with eight unrelated exception classes.
        raise ActBroken(f"the file cannot be read: {error}") from error
    times = [found.claimed_at for found in signatures]
    if any(after < before - _CLOCKS for before, after in pairwise(times)):
        raise ActBroken("a signature claims a time before the one it follows")
    return Act(signatures, closed=signatures[-1].kind == SEAL)


def _holds(pdf, place, roots, now):
    begin, end, size = place["begin"], place["end"], place["size"]
    read = cms.read(pdf[begin + 1 : end - 1])
    if read.timestamp or read.chain:
        raise ActBroken("the signature is not of the internal authority")
    certificate, digest, signature = read.certificate, read.digest, read.signature
    covered = hashlib.sha256(memoryview(pdf)[:begin])
    covered.update(memoryview(pdf)[end:size])
    if covered.digest() != digest:
        raise ActBroken("the file was changed after it was signed")
    if place["claimed_at"] > now + _CLOCKS:
        raise ActBroken("a signature claims a time that has not come yet")
    use = ca.SEAL if place["kind"] == SEAL else ca.PERSON
    leaf = ca.check(certificate, roots, use, place["claimed_at"])
    signed = cms.to_sign(certificate, digest)
    if not keys.verify(leaf.public_key(), signature, signed):
        raise ActBroken("a signature does not match")
    told = ca.describe(certificate)
    return Found(
        field=place["field"],
        kind=place["kind"],
        subject=told["subject"],
        name=ca.common_name(certificate),
        issuer=told["issuer"],
        serial=told["serial"],
        certificate_sha256=told["sha256"],
        claimed_at=place["claimed_at"],
        size=size,
    )


def _places(pdf):
    """Find the signatures, first made first, and check the revisions round them."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(io.BytesIO(pdf), strict=True)
    if reader.encrypted or reader.xrefs.hybrid_xrefs_present:
        raise ActBroken("the file is encrypted or has two tables of contents")
    fields = _fields(reader)
    places = sorted(
        (_place(pdf, *field) for field in fields if "/V" in field[1]),
        key=lambda place: place["size"],
    )
    if not places:
        raise ActBroken("the file carries no signature")
    if len(SIGNATURE_MARK.findall(pdf)) != len(places):
        raise ActBroken("the file holds a signature outside its fields")
    if len({place["value"] for place in places}) != len(places) or len(
        {pdf[place["begin"] : place["end"]] for place in places}
    ) != len(places):
        raise ActBroken("one signature stands in two fields")
    if SEAL in [place["kind"] for place in places[:-1]]:
        raise ActBroken("the file was signed after its closing seal")
    start = 0
    for place in places:
        if place["begin"] <= start:
            raise ActBroken("two signatures overlap")
        start = place["size"]
    if start != len(pdf):
        raise ActBroken("the last signature does not cover the whole file")
    acts_diff.check(reader, pdf, places)
    return places


def _fields(reader):
    """All fields as (name, dictionary, reference): signature fields, and these alone."""
    form = entry(reader.root, "/AcroForm", {})
    fields, names = [], set()
    for ref in entry(form, "/Fields", ()):
        field = ref.get_object()
        name = str(entry(field, "/T", ""))
        if (
            entry(field, "/FT") != "/Sig"
            or entry(field, "/Subtype") != "/Widget"
            or {"/Kids", "/Parent", "/A", "/AA", "/MK"} & field.keys()
            or not name
            or name in names
        ):
            raise ActBroken("the file has a field that is not for a signature")
        names.add(name)
        fields.append((name, field, ref.reference))
    locks = [field["/Lock"] for _name, field, _ref in fields if "/Lock" in field]
    if len(locks) > 1 or any(
        entry(lock, "/Action") != "/All" or entry(lock, "/P") != 1 for lock in locks
    ):
        raise ActBroken("the field of the seal does not lock the file")
    return fields


def _place(pdf, name, field, ref):
    value = field["/V"]
    zero, begin, end, length = (int(number) for number in value["/ByteRange"])
    gap = pdf[begin:end]
    if zero or begin < 32 or length < 1 or end + length > len(pdf):
        raise ActBroken("a signature does not cover the file from its first byte")
    if gap[:1] != b"<" or gap[-1:] != b">":
        raise ActBroken("a signature leaves more than its own value out")
    if not pdf[begin - 32 : begin].rstrip().endswith(b"/Contents"):
        raise ActBroken("a signature's value is not where it must be")
    if value["/Contents"].original_bytes != bytes.fromhex(gap[1:-1].decode()):
        raise ActBroken("a signature field holds another value")
    kind = SEAL if "/Lock" in field else SIGNATURE
    if (
        value["/SubFilter"] != SUBFILTER
        or value["/Type"] != "/Sig"
        or set(value) - _VALUE_KEYS
        or not _references(value, kind)
    ):
        raise ActBroken("a signature is of another kind")
    claimed = _CLAIMED.fullmatch(str(value["/M"]))
    if not claimed:
        raise ActBroken("a signature claims no readable time")
    moment = datetime.datetime.strptime(claimed[1], "%Y%m%d%H%M%S")
    return {
        "field": name,
        "field_ref": ref,
        "value": field.raw_get("/V").reference,
        "kind": kind,
        "begin": begin,
        "end": end,
        "size": end + length,
        "claimed_at": moment.replace(tzinfo=datetime.UTC),
    }


def _references(value, kind):
    """The seal locks all fields; a person's signature locks none."""
    found = entry(value, "/Reference", ())
    if kind == SIGNATURE:
        return not found
    if len(found) != 1:
        return False
    told = found[0]["/TransformParams"]
    return (
        found[0]["/TransformMethod"] == "/FieldMDP"
        and told["/Action"] == "/All"
        and told["/P"] == 1
    )
