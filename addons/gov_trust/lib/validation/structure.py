"""The signatures of a PDF as its bytes have them: fields, byte ranges, values.

Every signature field of any depth is looked at, and nothing is taken from a reader's
word: the byte range starts at 0, leaves exactly the hexadecimal string of the /Contents
of that very dictionary out, and the CMS in it fills that string but for zeros.
Sources: ISO 32000-2 §12.8; "universal signature forgery" and "signature wrapping" papers.
"""

import hashlib
import re
from dataclasses import dataclass, field

from . import limits
from .verdict import reason

DETACHED = ("/ETSI.CAdES.detached", "/adbe.pkcs7.detached")
STAMP = "/ETSI.RFC3161"
_HEX = re.compile(rb"(?:[0-9A-F]{2})+|(?:[0-9a-f]{2})+")
_MARK = re.compile(rb"/(?:#42|B)yteRange\b")


class TooMany(ValueError):
    """More signatures or fields than one file may have."""


@dataclass
class Signature:
    """One signature field that has a value."""

    name: str
    field: object
    field_ref: object
    value: object
    value_ref: object
    widgets: list
    begin: int = 0
    end: int = 0
    size: int = 0
    subfilter: str = ""
    cms: bytes = b""
    content: object = None
    reasons: list = field(default_factory=list)

    @property
    def stamp(self):
        return self.subfilter == STAMP

    def refuse(self, code, **params):
        self.reasons.append(reason(code, **params))


def entry(dictionary, key, default=None):
    """Value of a key, references followed; ``default`` when there is none."""
    try:
        return dictionary[key]
    except (KeyError, IndexError):
        return default


def fields(root):
    """Every terminal field as (name, type, dictionary, reference, widgets)."""
    from pyhanko.pdf_utils import generic

    found, seen = [], set()
    form = entry(root, "/AcroForm")
    if not isinstance(form, generic.DictionaryObject):
        return found
    stack = [(ref, "", None, 0) for ref in reversed(entry(form, "/Fields") or ())]
    while stack:
        ref, prefix, kind, depth = stack.pop()
        reference = getattr(ref, "reference", None)
        if reference in seen or depth > 32:
            raise ValueError("fields in a circle")
        if reference is not None:
            seen.add(reference)
        item = ref.get_object() if reference is not None else ref
        if not isinstance(item, generic.DictionaryObject):
            continue
        own = entry(item, "/T")
        name = f"{prefix}.{own}" if prefix and own is not None else str(own or prefix)
        kind = entry(item, "/FT", kind)
        kids = list(entry(item, "/Kids") or ())
        named = [kid for kid in kids if "/T" in kid.get_object()]
        stack += [(kid, name, kind, depth + 1) for kid in reversed(named)]
        if not named:
            found.append((name, kind, item, reference, kids or [ref]))
        if len(found) > limits.MAX_OBJECTS:
            raise TooMany
    return found


def signatures(reader, pdf: bytes) -> list[Signature]:
    """The filled signature fields, in the order of their byte ranges.

    :raise TooMany: more than :data:`.limits.MAX_SIGNATURES`
    """
    from pyhanko.pdf_utils import generic

    found = []
    for name, kind, item, reference, widgets in fields(reader.root):
        if kind != "/Sig" or "/V" not in item:
            continue
        raw = item.raw_get("/V")
        value = entry(item, "/V")
        if isinstance(value, generic.NullObject) and not isinstance(
            raw, generic.IndirectObject
        ):
            continue
        value_ref = raw.reference if isinstance(raw, generic.IndirectObject) else None
        one = Signature(name, item, reference, value, value_ref, widgets)
        if len(found) >= limits.MAX_SIGNATURES:
            raise TooMany
        try:
            _read(one, reader, pdf)
        except Exception as error:  # noqa: BLE001 hostile dictionaries break in any way
            if not one.reasons:
                one.refuse("signature_broken", why=type(error).__name__)
        found.append(one)
    return sorted(found, key=lambda one: one.size)


def together(found, pdf: bytes):
    """Reasons that concern signatures together: twice the same, overlapping, astray."""
    reasons = []
    values = [one.value_ref or id(one.value) for one in found]
    contents = [one.cms for one in found if one.cms]
    # The same signature may have been copied with another padding or reference.
    signed = [one.content["signature"] for one in found if one.content]
    for told in (values, contents, signed):
        if len(set(told)) != len(told):
            reasons.append(reason("duplicate_signature"))
            break
    sound = [one for one in found if one.size]
    for before, after in zip(sound, sound[1:], strict=False):
        if after.begin < before.size:
            reasons.append(reason("overlap", field=after.name))
    if len(_MARK.findall(pdf)) > len(found):
        reasons.append(reason("signature_outside_field"))
    return reasons


def _read(one, reader, pdf):
    from pyhanko.pdf_utils import generic

    value = one.value
    if not isinstance(value, generic.DictionaryObject):
        return one.refuse("signature_broken", why="value")
    numbers = entry(value, "/ByteRange")
    if not isinstance(numbers, generic.ArrayObject) or not all(
        type(number) is generic.NumberObject for number in map(_raw(numbers), range(4))
    ):
        return one.refuse("byte_range")
    if len(numbers) != 4:
        return one.refuse("byte_range")
    zero, begin, end, length = (int(number) for number in numbers)
    one.subfilter = str(entry(value, "/SubFilter", ""))
    if zero != 0 or not 0 < begin < end < end + length <= len(pdf) or length < 1:
        return one.refuse("byte_range")
    one.begin, one.end, one.size = begin, end, end + length
    if not _gap_is_contents(one, reader, pdf):
        return one.refuse("contents_gap")
    if one.subfilter not in (*DETACHED, STAMP) or "/Cert" in value:
        return one.refuse("unsupported_format", format=one.subfilter[:40])
    if (entry(value, "/Type", "/Sig") == "/DocTimeStamp") != one.stamp:
        return one.refuse("signature_broken", why="type")
    text = pdf[begin + 1 : end - 1]
    if not _HEX.fullmatch(text):
        return one.refuse("contents_encoding")
    raw = bytes.fromhex(text.decode())
    if raw != bytes(entry(value, "/Contents").original_bytes):
        return one.refuse("contents_gap")
    _read_cms(one, raw, pdf)


def _raw(numbers):
    return lambda at: numbers.raw_get(at)


def _gap_is_contents(one, reader, pdf):
    """Whether the hole is the /Contents of this very dictionary, in plain sight."""
    begin, end = one.begin, one.end
    if pdf[begin : begin + 1] != b"<" or pdf[end - 1 : end] != b">":
        return False
    if not pdf[max(0, begin - 32) : begin].rstrip(b" \r\n\t").endswith(b"/Contents"):
        return False
    owner = one.value_ref or one.field_ref
    start = owner and reader.xrefs[owner]
    if type(start) is not int or not start < begin:
        return False
    stop = pdf.find(b"endobj", end)
    before, after = pdf[start:begin], pdf[end:stop]
    return (
        stop > 0
        and b"endobj" not in before
        and re.match(rb"%d\s+%d\s+obj\b" % (owner.idnum, owner.generation), before)
        and len(_MARK.findall(before + after)) == 1
        and (before + after).count(b"/Contents") == 1
    )


def _read_cms(one, raw, pdf):
    """Read the CMS strictly: one signer, no second value of an attribute, zeros after."""
    from asn1crypto import cms, parser

    _class, _method, _tag, header, content, trailer = parser.parse(raw, strict=False)
    length = len(header) + len(content) + len(trailer)
    one.cms = raw[:length]
    if raw[length:].strip(b"\0") or not _filled(content):
        one.refuse("contents_padding")
    info = cms.ContentInfo.load(one.cms, strict=True)
    if info["content_type"].native != "signed_data":
        return one.refuse("signature_broken", why="CMS")
    data = info["content"]
    if len(data["signer_infos"]) != 1:
        return one.refuse("signature_broken", why="signers")
    signer = data["signer_infos"][0]
    attributes = [item["type"].dotted for item in signer["signed_attrs"]]
    if len(set(attributes)) != len(attributes):
        return one.refuse("signature_broken", why="attributes")
    told = {item["type"].native: item["values"] for item in signer["signed_attrs"]}
    if len(told["message_digest"]) != 1 or len(told["content_type"]) != 1:
        return one.refuse("signature_broken", why="attributes")
    kind = data["encap_content_info"]["content_type"].native
    if told["content_type"][0].native != kind:
        return one.refuse("signature_broken", why="content type")
    one.content = {
        "data": data,
        "signer": signer,
        "signature": signer["signature"].native,
    }
    if (kind == "tst_info") != one.stamp or kind not in ("data", "tst_info"):
        return one.refuse("signature_broken", why="content type")
    if one.stamp:
        imprint = data["encap_content_info"]["content"].parsed["message_imprint"]
        name = imprint["hash_algorithm"]["algorithm"].native
        expected = imprint["hashed_message"].native
    else:
        if data["encap_content_info"]["content"].native is not None:
            return one.refuse("signature_broken", why="content")
        name = signer["digest_algorithm"]["algorithm"].native
        expected = told["message_digest"][0].native
    covered = hashlib.new(name, memoryview(pdf)[: one.begin])
    covered.update(memoryview(pdf)[one.end : one.size])
    if covered.digest() != expected:
        one.refuse("digest_mismatch")


def _filled(content):
    """Whether a ContentInfo holds its type and its one content, and no byte more."""
    from asn1crypto import parser

    kind = parser.parse(content, strict=False)
    rest = content[sum(map(len, kind[3:6])) :]
    box = parser.parse(rest, strict=True)
    inner = parser.parse(box[4], strict=True)
    return inner[2] == 16
