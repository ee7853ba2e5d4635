"""The boxes of an act: fields that wait for a signature, and what is drawn in them."""

import io
import re
from dataclasses import dataclass

SIGNATURE, SEAL = "signature", "seal"
#: Each signature has one; nothing else in an act may look like it.
SIGNATURE_MARK = re.compile(rb"/ByteRange\s*\[")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")
#: In points; a box may touch the edge of its page.
_TOLERANCE = 0.5


class ActRefused(ValueError):
    """The file cannot be prepared or signed this way; the text says why."""


@dataclass(frozen=True)
class Box:
    """Where a signature is drawn.

    :param page: 0 for the first page
    :param rect: (x0, y0, x1, y1) in points
    """

    page: int
    rect: tuple[float, float, float, float]


@dataclass(frozen=True)
class Field:
    """A place for one signature (of a person) or for the seal (of the administration)."""

    name: str
    kind: str
    box: Box


def entry(dictionary, key, default=None):
    """Value of a key, references followed (pyHanko's ``get`` does not follow them)."""
    try:
        return dictionary[key]
    except KeyError:
        return default


def is_signed(writer, pdf: bytes) -> bool:
    """Whether a file holds a signature, or anything that looks like one."""
    return bool(
        SIGNATURE_MARK.search(pdf)
        or any("/V" in ref.get_object() for ref in sig_fields(writer).values())
    )


def refuse_form(writer, signed=False):
    """Refuse fields that somebody fills in after the signature.

    :param signed: the form holds signatures, which are looked at elsewhere
    """
    form = entry(writer.root, "/AcroForm", {})
    if "/XFA" in form or (len(entry(form, "/Fields", ())) and not signed):
        raise ActRefused("the file holds a form to fill in: print it to PDF again")


def sig_fields(writer):
    """Signature fields by name, as references."""
    from pyhanko.sign.fields import enumerate_sig_fields

    return {name: ref for name, _value, ref in enumerate_sig_fields(writer)}


def append_fields(writer, fields, taken):
    from pyhanko.sign import fields as pdf_fields

    names = [*taken, *(field.name for field in fields)]
    if len(set(names)) != len(names) or not all(map(_NAME.fullmatch, names)):
        raise ActRefused("the names of the fields must be simple and different")
    boxes = [place_of(taken[name].get_object()) for name in taken]
    lock = pdf_fields.FieldMDPSpec(pdf_fields.FieldMDPAction.ALL)
    for field in fields:
        page_ref = writer.find_page_for_modification(field.box.page)[0]
        rect = _rect(page_ref.get_object(), field)
        if any(
            page_ref.reference == other_page and meet(rect, other)
            for other_page, other in boxes
        ):
            raise ActRefused(f"the box of {field.name} lies over another one")
        boxes.append((page_ref.reference, rect))
        spec = {"sig_field_name": field.name, "on_page": field.box.page, "box": rect}
        if field.kind == SEAL:
            spec |= {
                "field_mdp_spec": lock,
                "doc_mdp_update_value": pdf_fields.MDPPerm.NO_CHANGES,
            }
        pdf_fields.append_signature_field(
            writer, pdf_fields.SigFieldSpec(**spec, empty_field_appearance=False)
        )
    # Now, so that no signature has to change the form.
    pdf_fields.ensure_sig_flags(writer, lock_sig_flags=True)


def place_of(field):
    """(reference of the page, rectangle) of a field."""
    page = field.raw_get("/P").reference
    return page, tuple(float(number) for number in field["/Rect"])


def _rect(page, field):
    x0, y0, x1, y1 = (float(number) for number in field.box.rect)
    left, low, right, high = _visible(page)
    if not (
        left - _TOLERANCE <= x0 < x1 <= right + _TOLERANCE
        and low - _TOLERANCE <= y0 < y1 <= high + _TOLERANCE
    ):
        raise ActRefused(f"the box of {field.name} is not inside its page")
    return x0, y0, x1, y1


def _visible(page):
    """The part of a page that is shown: its crop box within its media box."""
    from pyhanko.pdf_utils.misc import rd
    from pyhanko.pdf_utils.rw_common import find_inherited_value_in_tree as find

    media = find(page, "/MediaBox", "/Parent")
    crop = find(page, "/CropBox", "/Parent") or media
    (ax, ay, bx, by), (cx, cy, dx, dy) = (
        (
            min(box[0], box[2]),
            min(box[1], box[3]),
            max(box[0], box[2]),
            max(box[1], box[3]),
        )
        for box in ([float(rd(number)) for number in value] for value in (media, crop))
    )
    return max(ax, cx), max(ay, cy), min(bx, dx), min(by, dy)


def meet(one, other):
    """Whether two rectangles have more than an edge in common."""
    return (
        one[0] < other[2]
        and other[0] < one[2]
        and one[1] < other[3]
        and other[1] < one[3]
    )


def draw(writer, field, appearance):
    """Draw a one-page PDF upright in the box of a field, centred, never stretched."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.pdf_utils.rw_common import find_inherited_value_in_tree as find

    drawn = PdfFileReader(io.BytesIO(appearance))
    if drawn.root["/Pages"]["/Count"] != 1:
        raise ActRefused("the block to draw must have one page")
    ref = writer.import_page_as_xobject(drawn)
    form = ref.get_object()
    x0, y0, x1, y1 = (float(number) for number in form["/BBox"])
    rect = [float(number) for number in field["/Rect"]]
    wide, high = abs(rect[2] - rect[0]), abs(rect[3] - rect[1])
    turn = int(find(field["/P"], "/Rotate", "/Parent") or 0) % 360
    if turn in (90, 270):
        wide, high = high, wide
    # Readers fit this box to the field's: give it the same shape.
    more_x = max(0.0, (y1 - y0) * wide / high - (x1 - x0)) / 2
    more_y = max(0.0, (x1 - x0) * high / wide - (y1 - y0)) / 2
    box = (x0 - more_x, y0 - more_y, x1 + more_x, y1 + more_y)
    form["/BBox"] = _numbers(generic, box)
    # Upright for the reader, whatever way the page is turned.
    cos, sin = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[turn]
    form["/Matrix"] = _numbers(generic, (cos, sin, -sin, cos, 0, 0))
    return generic.DictionaryObject({generic.pdf_name("/N"): ref})


def _numbers(generic, values):
    return generic.ArrayObject(
        generic.FloatObject(round(float(number), 3)) for number in values
    )
