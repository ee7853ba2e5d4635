"""Boxes of signatures that lie over what was signed before.

A field that is added after a signature may be drawn anywhere: over an amount, it hides
it ("sneaky signature"). The page as it was is asked whether something is under the box.
"""

import io

from .structure import entry
from .verdict import reason

#: Longest side of the picture of a page, in pixels.
_SIDE = 1200
#: A line under a name may be crossed; a word may not be hidden.
_LEAST = 2


def check(pdf: bytes, walked, found) -> list[dict]:
    """Reasons about fields that were added over something.

    :param walked: revisions of :mod:`.revisions`
    :param found: signatures of :mod:`.structure`
    """
    reasons, boxes = [], {}
    added = {reference for one in walked for reference, _item in one.added}
    for one in found:
        if one.field_ref not in added:
            boxes.update(_boxes(one.field_ref, one.field))
    for before, one in zip(walked, walked[1:], strict=False):
        for reference, item in dict(one.added).items():
            mine, name = _boxes(reference, item), entry(item, "/T", "")
            for page, rect in mine.values():
                if any(
                    page == other and _meet(rect, place)
                    for other, place in boxes.values()
                ):
                    reasons.append(reason("boxes_overlap", field=name))
                if _covers(pdf[: before.size], page, rect):
                    reasons.append(reason("covers_content", field=name))
            boxes.update(mine)
    return reasons


def _boxes(reference, item):
    """Boxes of a field that show, by widget."""
    told = {}
    for place, widget in enumerate(entry(item, "/Kids") or (item,)):
        box = _box(widget.get_object())
        if box is not None:
            told[reference, place] = box
    return told


def _box(widget):
    """(page reference, rectangle) of a widget that shows; None when it does not."""
    rect = [float(number) for number in entry(widget, "/Rect", ())]
    if len(rect) != 4 or "/AP" not in widget or "/P" not in widget:
        return None
    x0, x1 = sorted((rect[0], rect[2]))
    y0, y1 = sorted((rect[1], rect[3]))
    if x1 - x0 < 1 or y1 - y0 < 1:
        return None
    return getattr(widget.raw_get("/P"), "reference", None), (x0, y0, x1, y1)


def _meet(one, other):
    return (
        one[0] < other[2]
        and other[0] < one[2]
        and one[1] < other[3]
        and other[1] < one[3]
    )


def _covers(pdf, page_ref, rect):
    import pypdfium2
    from pyhanko.pdf_utils.reader import PdfFileReader

    from .roles import Roles

    reader = PdfFileReader(io.BytesIO(pdf), strict=True)
    pages = Roles(
        reader.get_historical_resolver(reader.xrefs.total_revisions - 1)
    ).pages
    if page_ref not in pages:
        return False
    number = pages.index(page_ref)
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[number]
        text = page.get_textpage().get_text_bounded(*rect)
        return len("".join(text.split())) >= _LEAST or _drawn(page, rect)
    finally:
        document.close()


def _drawn(page, rect):
    """Whether more than thin lines is drawn in a rectangle of a page."""
    box = page.get_cropbox()
    wide, high = box[2] - box[0], box[3] - box[1]
    if wide <= 0 or high <= 0 or page.get_rotation():
        return False
    scale = min(2.0, _SIDE / max(wide, high))
    shown = page.render(scale=scale, may_draw_forms=False).to_pil().convert("L")
    place = (
        max(0, int((rect[0] - box[0]) * scale) + 1),
        max(0, int((box[3] - rect[3]) * scale) + 1),
        min(shown.width, int((rect[2] - box[0]) * scale) - 1),
        min(shown.height, int((box[3] - rect[1]) * scale) - 1),
    )
    if place[0] >= place[2] or place[1] >= place[3]:
        return False
    histogram = shown.crop(place).histogram()
    common = max(histogram)
    return sum(histogram) - common > 0.05 * sum(histogram)
