"""Where the signatures of a file are: fields, byte ranges, kinds.

Nothing is believed here: every place is read from the field itself and from the bytes
round it, and both must say the same (ISO 32000-2 §12.8).
"""

import datetime
import re

from . import pdf_reader
from .acts_form import (
    SEAL,
    SIGNATURE,
    SIGNATURE_MARK,
    entry,
)

TIMESTAMP = "timestamp"
SUBFILTER = "/ETSI.CAdES.detached"
#: What other programs write; both are CMS over the byte range.
SUBFILTERS = {SUBFILTER, "/adbe.pkcs7.detached"}
_UPPER_HEX = re.compile(rb"[0-9A-F]+")
_CLAIMED = re.compile(r"D:(\d{14})(?:Z|[+]00'00'?)")
_ZONED = re.compile(r"D:(\d{14})([+-])(\d\d)'(\d\d)'?")
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
#: What other programs add to tell of themselves; nothing relies on it.
_FOREIGN_KEYS = {"/ContactInfo", "/Prop_Build"}
#: What makes a field more than a place for a signature.
_ACTIVE = {"/Kids", "/Parent", "/A", "/AA"}


class OutOfPlace(ValueError):
    """A signature is not where it must be; the text says what was found."""


def open_reader(pdf: bytes):
    """pyHanko's strict reader of a file that is neither encrypted nor ambiguous.

    :raise OutOfPlace: encrypted, or with two tables of contents
    """
    reader = pdf_reader.open_strict(pdf)
    if reader.encrypted or reader.xrefs.hybrid_xrefs_present:
        raise OutOfPlace("the file is encrypted or has two tables of contents")
    return reader


def find(pdf: bytes, reader) -> list[dict]:
    """Find the filled signature fields, the one signed first coming first.

    :return: dicts with ``field`` (name), ``field_ref`` and ``value`` (references),
        ``kind`` (signature, seal, timestamp), ``begin`` and ``end`` of the value between
        its brackets, ``size`` of what is covered, ``claimed_at``, ``cades``, and
        ``ours``: written the way we write; ``fit``: as another program may write it
        in a box of ours
    :raise OutOfPlace: with what was found
    """
    fields = _fields(reader)
    places = sorted(
        (_place(pdf, *field) for field in fields if "/V" in field[1]),
        key=lambda place: place["size"],
    )
    if not places:
        raise OutOfPlace("the file carries no signature")
    if len(SIGNATURE_MARK.findall(pdf)) != len(places):
        raise OutOfPlace("the file holds a signature outside its fields")
    if len({place["value"] for place in places}) != len(places) or len(
        {pdf[place["begin"] : place["end"]] for place in places}
    ) != len(places):
        raise OutOfPlace("one signature stands in two fields")
    closing = [at for at, place in enumerate(places) if place["kind"] == SEAL]
    if closing and any(
        place["kind"] != TIMESTAMP for place in places[closing[0] + 1 :]
    ):
        raise OutOfPlace("the file was signed after its closing seal")
    start = 0
    for place in places:
        if place["begin"] <= start:
            raise OutOfPlace("two signatures overlap")
        start = place["size"]
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
            or _ACTIVE & field.keys()
            or not name
            or name in names
        ):
            raise OutOfPlace("the file has a field that is not for a signature")
        names.add(name)
        fields.append((name, field, ref.reference))
    locks = [field["/Lock"] for _name, field, _ref in fields if "/Lock" in field]
    if len(locks) > 1 or any(
        entry(lock, "/Action") != "/All" or entry(lock, "/P") != 1 for lock in locks
    ):
        raise OutOfPlace("the field of the seal does not lock the file")
    return fields


def _place(pdf, name, field, ref):
    value = field["/V"]
    zero, begin, end, length = (int(number) for number in value["/ByteRange"])
    if zero or begin < 32 or end <= begin + 2 or length < 1 or end + length > len(pdf):
        raise OutOfPlace("a signature does not cover the file from its first byte")
    gap = pdf[begin:end]
    if gap[:1] != b"<" or gap[-1:] != b">":
        raise OutOfPlace("a signature leaves more than its own value out")
    if not pdf[begin - 32 : begin].rstrip().endswith(b"/Contents"):
        raise OutOfPlace("a signature's value is not where it must be")
    if value["/Contents"].original_bytes != bytes.fromhex(gap[1:-1].decode()):
        raise OutOfPlace("a signature field holds another value")
    stamp = entry(value, "/SubFilter") == "/ETSI.RFC3161"
    kind = TIMESTAMP if stamp else SEAL if "/Lock" in field else SIGNATURE
    claimed = str(entry(value, "/M", ""))
    ours = bool(
        _is_ours(value, kind)
        and "/MK" not in field
        and _UPPER_HEX.fullmatch(gap[1:-1])
        and (stamp or _CLAIMED.fullmatch(claimed))
    )
    if stamp and not ours:
        raise OutOfPlace("a document time-stamp is of another kind")
    if entry(value, "/SubFilter") not in SUBFILTERS and not stamp:
        raise OutOfPlace("a signature is of another kind")
    return {
        "field": name,
        "field_ref": ref,
        "value": field.raw_get("/V").reference,
        "kind": kind,
        "begin": begin,
        "end": end,
        "size": end + length,
        "claimed_at": _moment(claimed),
        "cades": entry(value, "/SubFilter") == SUBFILTER,
        "ours": ours,
        "fit": ours or _is_ours(value, kind, _VALUE_KEYS | _FOREIGN_KEYS),
    }


def _is_ours(value, kind, known=frozenset(_VALUE_KEYS)):
    if set(value) - known:
        return False
    if kind == TIMESTAMP:
        # Its time is in its token; it says nothing else.
        return value["/Type"] == "/DocTimeStamp" and not entry(value, "/Reference", ())
    return (
        value["/SubFilter"] == SUBFILTER
        and entry(value, "/Type") == "/Sig"
        and _references(value, kind)
    )


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


def _moment(text):
    """Time of /M (ISO 32000-2 §7.9.4); None when it cannot be read."""
    plain, zoned = _CLAIMED.fullmatch(text), _ZONED.fullmatch(text)
    found = plain or zoned
    if not found:
        return None
    try:
        moment = datetime.datetime.strptime(found[1], "%Y%m%d%H%M%S")
        if zoned:
            away = datetime.timedelta(hours=int(zoned[3]), minutes=int(zoned[4]))
            moment -= away if zoned[2] == "+" else -away
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=datetime.UTC)
