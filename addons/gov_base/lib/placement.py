"""Room for signatures and seal on the pages of a PDF, without covering anything. Pure Python.

Signatures go near the bottom of the last page, side by side; the seal near the top right
of the first. Where there is no room a blank page of the same size is added. The file is
written again in one piece on the way: nothing old or hidden stays behind what is signed.
"""

import io
from dataclasses import dataclass

from . import ink
from .room import Blank, Room

SIGNATURE, SEAL = "signature", "seal"
_MAX_PAGES_ADDED = 20


class PlacementRefused(ValueError):
    """The file cannot take boxes; the text says why."""


@dataclass(frozen=True)
class Wanted:
    """A box to place.

    :param kind: ``signature`` or ``seal``
    :param width: in points, as it is seen
    :param height: in points, as it is seen
    """

    name: str
    kind: str
    width: float
    height: float


def place(pdf, wanted, keep_signed=False, fixed=None):
    """Find room for boxes on a PDF.

    :param bytes pdf: the file
    :param wanted: list of :class:`Wanted`, in the order of the signatures
    :param keep_signed: a file that somebody signed already is left as it is, byte for
        byte, and takes boxes where its pages have room; otherwise it is refused
    :param dict fixed: {name: (page, x, y)} of boxes whose place was chosen: points from
        the upper left of the page as it is seen
    :return: (bytes of the file, cleaned and with a page more if needed,
        {name: (page, (x0, y0, x1, y1))} in the page's own coordinates)
    :rtype: tuple[bytes, dict]
    :raise PlacementRefused: signed, encrypted or broken file; a box larger than a page
    """
    if keep_signed and is_signed(pdf):
        return pdf, place_on(pdf, wanted, fixed or {})
    pdf, pages = cleaned(pdf)
    fixed = {name: spot for name, spot in (fixed or {}).items() if 0 <= spot[0] < pages}
    last = pages - 1
    numbers = {0, last, *(page for page, _x, _y in fixed.values())}
    try:
        sheets = ink.sheets(pdf, sorted(numbers))
    except ink.Unreadable as error:
        raise PlacementRefused(str(error)) from error
    rooms = {number: Room(sheet) for number, sheet in sheets.items()}
    found = _occupied(rooms, wanted, fixed)
    homeless = []
    free = [box for box in wanted if box.name not in found]
    seals = [box for box in free if box.kind == SEAL]
    signatures = [box for box in free if box.kind != SEAL]
    for box in seals:
        spot = rooms[0].from_top_right(box)
        if spot:
            found[box.name] = (0, rooms[0].take(spot, box))
        else:
            homeless.append(box)
    spots = rooms[last].along_bottom(signatures)
    if spots is None:
        homeless = signatures + homeless
    else:
        for box, spot in zip(signatures, spots, strict=True):
            found[box.name] = (last, rooms[last].take(spot, box))
    if homeless:
        pdf = _add_pages(pdf, sheets[last], pages, homeless, found)
    return pdf, {box.name: found[box.name] for box in wanted}


def _occupied(rooms, wanted, fixed):
    """{name: (page, rectangle)} of the boxes whose place was chosen."""
    found = {}
    for box in wanted:
        if box.name in fixed:
            page, x, y = fixed[box.name]
            found[box.name] = (page, rooms[page].occupy(x, y, box))
    return found


def is_signed(pdf):
    """Whether a PDF has a filled signature field; a file nobody can read has none."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            form = document.Root.get("/AcroForm")
            fields = list(form.get("/Fields", [])) if form is not None else []
            return any(_is_signed(field) for field in fields)
    except Exception:  # noqa: BLE001 – broken files are told about by ``cleaned``
        return False


def place_on(pdf, wanted, fixed):
    """Find room on the pages as they are, without writing the file again.

    Signatures go from the last page on, seals from the first.

    :param dict fixed: {name: (page, x, y)} as :func:`place` has them
    :return: {name: (page, (x0, y0, x1, y1))} in the page's own coordinates
    :raise PlacementRefused: no room, or a file that cannot be drawn
    """
    rooms = {}

    def room(number):
        if number not in rooms:
            rooms[number] = Room(ink.sheets(pdf, [number])[number])
        return rooms[number]

    try:
        (last,) = ink.sheets(pdf, [-1])
        fixed = {name: spot for name, spot in fixed.items() if 0 <= spot[0] <= last}
        for page, _x, _y in fixed.values():
            room(page)
        found = _occupied(rooms, wanted, fixed)
        free = [box for box in wanted if box.name not in found]
        for box in sorted(free, key=lambda box: box.kind != SEAL):
            order = range(last + 1) if box.kind == SEAL else range(last, -1, -1)
            for number in order:
                if box.kind == SEAL:
                    spot = room(number).from_top_right(box)
                else:
                    spot = next(iter(room(number).along_bottom([box]) or ()), None)
                if spot:
                    found[box.name] = (number, room(number).take(spot, box))
                    break
            else:
                raise PlacementRefused(
                    "the file is signed already, and its pages have no room for more"
                )
    except ink.Unreadable as error:
        raise PlacementRefused(str(error)) from error
    return {box.name: found[box.name] for box in wanted}


def cleaned(pdf):
    """Write a PDF again in one revision, without form, script or action.

    :return: (bytes, number of pages)
    :raise PlacementRefused: signed, encrypted or broken file
    """
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            if document.is_encrypted:
                raise PlacementRefused("the file is encrypted: remove its protection")
            form = document.Root.get("/AcroForm")
            fields = list(form.get("/Fields", [])) if form is not None else []
            if any(_is_signed(field) for field in fields):
                raise PlacementRefused("the file is signed already")
            if not fields:
                return _rewritten(document)
        with pikepdf.open(io.BytesIO(ink.flatten(pdf))) as document:
            return _rewritten(document)
    except PlacementRefused:
        raise
    except ink.Unreadable as error:
        raise PlacementRefused(str(error)) from error
    except Exception as error:
        # pikepdf and qpdf answer a broken file in several ways.
        raise PlacementRefused(f"the file cannot be read: {error}") from error


def flat_copy(pdf):
    """A plain copy of a signed file: its pages as one sees them, with no signature in it.

    The copy proves nothing by itself; what it is a copy of goes along.

    :raise PlacementRefused: encrypted or broken file
    """
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(ink.flatten(pdf))) as document:
            return _rewritten(document)[0]
    except PlacementRefused:
        raise
    except Exception as error:
        # pikepdf and qpdf answer a broken file in several ways.
        raise PlacementRefused(f"the file cannot be read: {error}") from error


def cut(pdf, starts):
    """Cut a PDF before each of these pages.

    :param starts: page numbers from 0, rising; what stands before the first belongs to it
    :return: list of as many PDF files
    :raise PlacementRefused: encrypted or broken file, or no PDF
    """
    import pikepdf

    made = []
    try:
        with pikepdf.open(io.BytesIO(pdf)) as source:
            bounds = [0, *starts[1:], len(source.pages)]
            for start, end in zip(bounds, bounds[1:], strict=False):
                part = pikepdf.new()
                part.pages.extend(source.pages[start:end])
                out = io.BytesIO()
                part.save(out)
                made.append(out.getvalue())
    except Exception as error:
        # pikepdf and qpdf answer a broken file in several ways.
        raise PlacementRefused(f"the file cannot be read: {error}") from error
    return made


def _is_signed(field, depth=0):
    kids = list(field.get("/Kids", [])) if depth < 8 else []
    return (field.get("/FT") == "/Sig" and "/V" in field) or any(
        _is_signed(kid, depth + 1) for kid in kids
    )


def _rewritten(document):
    root = document.Root
    for key in ("/AcroForm", "/OpenAction", "/AA", "/Perms", "/DSS"):
        if key in root:
            del root[key]
    names = root.get("/Names")
    if names is not None and "/JavaScript" in names:
        del names["/JavaScript"]
    for page in document.pages:
        if "/AA" in page:
            del page["/AA"]
        kept = [note for note in page.get("/Annots", []) if not _is_widget(note)]
        if len(kept) != len(page.get("/Annots", [])):
            page.Annots = document.make_indirect(kept)
    if not len(document.pages):
        raise PlacementRefused("the file has no page")
    out = io.BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue(), len(document.pages)


def _is_widget(note):
    return note.get("/Subtype") == "/Widget"


def _add_pages(pdf, like, pages, homeless, found):
    """Add blank pages that look like the last one, and put the boxes on them."""
    import pikepdf

    rest, added = list(homeless), 0
    with pikepdf.open(io.BytesIO(pdf)) as document:
        while rest:
            if added == _MAX_PAGES_ADDED:
                raise PlacementRefused("there are too many signatures for one file")
            document.add_blank_page(page_size=(like.width, like.height))
            room = Room(Blank(like.width, like.height))
            rest = _fill(room, pages + added, rest, found)
            added += 1
        out = io.BytesIO()
        document.save(out, deterministic_id=True)
    return out.getvalue()


def _fill(room, number, boxes, found):
    rest = []
    for at, box in enumerate(boxes):
        spot = room.from_top_left(box)
        if spot is None:
            if not at:
                raise PlacementRefused(f"the box of {box.name} is larger than the page")
            rest = boxes[at:]
            break
        found[box.name] = (number, room.take(spot, box))
    return rest
