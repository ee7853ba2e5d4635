"""What the pages of a PDF show, and what lies in them without being seen. Limited process only.

PDFium draws; nothing of the machine's own fonts is used (the process opens no file), so that a page has one picture
everywhere with one version of PDFium.
"""

import bisect
import ctypes
import hashlib

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import ImageChops

from .geometry import seen
from .hygiene_objects import MAX_OBJECTS, said, things

#: Dots a point at which pages are drawn to be compared.
SCALE = 1.5
MAX_SIDE = 3_000
#: Two pictures that differ less are the same to an eye.
TOLERANCE = 48
#: Text smaller than this is not read (points).
TINY = 3.0
#: Differences of colour below which nobody sees a letter.
UNSEEN = 12
#: So many pairs of text and cover are compared on a page.
MAX_PAIRS = 2_000_000
EXCERPT, MAX_QUOTED = 160, 60
INVISIBLE_MODES = frozenset({3, 7})
FILLED_MODES = frozenset({0, 4})
PAGE_SIZE = 0.5
MAX_NOTES = 2_000
#: They lie over words by their nature.
MARKS = frozenset(
    {
        pdfium.FPDF_ANNOT_HIGHLIGHT,
        pdfium.FPDF_ANNOT_UNDERLINE,
        pdfium.FPDF_ANNOT_SQUIGGLY,
        pdfium.FPDF_ANNOT_STRIKEOUT,
    }
)


def engine():
    """Which PDFium draws: pictures of two of them are not compared."""
    return f"pdfium {pypdfium2.version.PDFIUM_INFO.tag} {SCALE:g}"


def picture(page, notes):
    """The page as it is seen."""
    scale = min(SCALE, MAX_SIDE / max(page.get_size()))
    return page.render(
        scale=scale, draw_annots=notes, may_draw_forms=notes, rev_byteorder=True
    ).to_pil()


def digest(image):
    """SHA-256 of the size and the points of a picture."""
    value = hashlib.sha256(f"{image.width}x{image.height}:".encode())
    value.update(image.convert("RGB").tobytes())
    return value.hexdigest()


def differ(before, after):
    """Whether two pictures of a page differ to an eye."""
    if before.size != after.size:
        return True
    gap = ImageChops.difference(before.convert("L"), after.convert("L"))
    # Single points at the edge of a letter are no difference to an eye.
    return gap.reduce(2).getextrema()[1] > TOLERANCE


def geometry(page):
    """Size as it is seen, the visible box and the turn, as :mod:`..ink` has them."""
    width, height = page.get_size()
    media, crop = page.get_mediabox(), page.get_cropbox()
    box = [
        max(media[0], crop[0]),
        max(media[1], crop[1]),
        min(media[2], crop[2]),
        min(media[3], crop[3]),
    ]
    good = box[0] < box[2] and box[1] < box[3]
    return {
        "width": round(width, 2),
        "height": round(height, 2),
        "box": [round(one, 3) for one in (box if good else media)],
        "rotation": page.get_rotation() % 360,
    }


def hidden(page, image, place, tags=()):
    """Words that are in a page and not seen on it.

    :param image: the page as :func:`picture` draws it
    :param dict place: its :func:`geometry`
    :param tags: (x, y, width, height) of the tags: authors write them so that nobody sees them
    :return: {kind: (how many pieces, their first words)}; kinds ``ocr``, ``invisible``,
        ``outside``, ``covered``, ``tiny``, ``colour``, and ``unread`` where there is too much
        to look at
    """
    drawn = things(page)
    textpage = page.get_textpage()
    visible = place["box"]
    area = (visible[2] - visible[0]) * (visible[3] - visible[1]) or 1
    scanned = sum(
        _area(one.box, visible) for one in drawn if one.kind in ("image", "glass")
    )
    is_scan = scanned / area >= PAGE_SIZE
    covers = [at for at, one in enumerate(drawn) if one.kind in ("image", "shape")]
    left, found = MAX_PAIRS, {}
    if len(drawn) > MAX_OBJECTS:
        found["unread"] = (1, "")
    grey = image.convert("RGB")
    for at, one in enumerate(drawn):
        if one.kind != "text" or _is_at(one.box, place, tags):
            continue
        first = bisect.bisect(covers, at)
        left -= len(covers) - first
        if left < 0:
            found["unread"] = (1, "")
            first = len(covers)
        later = (drawn[number] for number in covers[first:])
        kind = _kind(one, later, is_scan, visible, area, grey, place)
        if kind:
            _quote(found, kind, one, textpage)
    return found


def _quote(found, kind, one, textpage):
    """Count a piece, and quote it while there is room: reading one costs as much as the page."""
    count, words = found.get(kind, (0, ""))
    if len(words) < EXCERPT and count < MAX_QUOTED:
        more = said(one.handle, textpage)
        if not more:
            return
        words = f"{words} {more}".strip()[:EXCERPT]
    found[kind] = (count + 1, words)


def _is_at(box, place, tags):
    x0, y0, x1, y1 = seen(box, place)
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    return any(
        left <= x <= left + wide and top - 1 <= y <= top + high + 1
        for left, top, wide, high in tags
    )


def over_text(page):
    """How many annotations lie over words of the page they are on; marks of words do not count."""
    words = [one.box for one in things(page) if one.kind == "text"]
    count = 0
    for at in range(min(pdfium.FPDFPage_GetAnnotCount(page), MAX_NOTES)):
        note = pdfium.FPDFPage_GetAnnot(page, at)
        rect = pdfium.FS_RECTF()
        marks = pdfium.FPDFAnnot_GetSubtype(note) in MARKS
        if not marks and pdfium.FPDFAnnot_GetRect(note, rect):
            box = (
                min(rect.left, rect.right),
                min(rect.bottom, rect.top),
                max(rect.left, rect.right),
                max(rect.bottom, rect.top),
            )
            count += any(_area(word, box) > 1 for word in words)
        pdfium.FPDFPage_CloseAnnot(note)
    return count


def _kind(one, later, is_scan, visible, area, image, place):
    if one.mode in INVISIBLE_MODES:
        return "ocr" if is_scan else "invisible"
    if not _area(one.box, visible) > 0:
        return "outside"
    for cover in later:
        if _inside(one.box, cover.box):
            whole = (
                cover.kind == "image" and _area(cover.box, visible) >= PAGE_SIZE * area
            )
            return "ocr" if whole else "covered"
    if one.size < TINY:
        return "tiny"
    return "colour" if _unseen(one, image, place) else None


def _area(box, within):
    wide = min(box[2], within[2]) - max(box[0], within[0])
    high = min(box[3], within[3]) - max(box[1], within[1])
    # A line of dots has no height of its own.
    return max(wide, 0) * max(high, 0) if wide > 0 and high > 0 else 0


def _inside(box, cover, slack=1.0):
    return (
        cover[0] - slack <= box[0]
        and cover[1] - slack <= box[1]
        and box[2] <= cover[2] + slack
        and box[3] <= cover[3] + slack
    )


def _unseen(one, image, place):
    """Whether a text cannot be told from its ground."""
    x0, y0, x1, y1 = seen(one.box, place)
    scale = image.width / place["width"]
    crop = (
        max(int(x0 * scale), 0),
        max(int(y0 * scale), 0),
        min(int(x1 * scale) + 1, image.width),
        min(int(y1 * scale) + 1, image.height),
    )
    if crop[0] >= crop[2] or crop[1] >= crop[3]:
        return True
    part = image.crop(crop)
    if all(high - low <= UNSEEN for low, high in part.getextrema()):
        return True
    colour = _colour(one.handle)
    if colour is None or one.mode not in FILLED_MODES:
        return False
    if colour[3] <= UNSEEN:
        return True
    # Something else may be drawn there: a line of a table, other words.
    count, ground = max(part.getcolors(part.width * part.height))
    return 2 * count > part.width * part.height and all(
        abs(own - other) <= UNSEEN for own, other in zip(colour, ground, strict=False)
    )


def _colour(handle):
    parts = [ctypes.c_uint() for _part in range(4)]
    if not pdfium.FPDFPageObj_GetFillColor(handle, *parts):
        return None
    return tuple(part.value for part in parts)
