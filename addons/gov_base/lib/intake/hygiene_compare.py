"""Two versions of a PDF laid side by side: which pages belong together, and where they differ. Limited process only."""

import difflib

import pypdfium2
from PIL import Image, ImageChops

from . import hygiene_look
from .hygiene_rows import refused

#: Differences are told in squares of this side (points of the picture).
CELL = 18
MAX_MARKS = 60
MAX_TEXT = 400_000
MAX_PAGES = 1_000
SAME, CHANGED, ADDED, REMOVED = "same", "changed", "added", "removed"


def compare(content, options):
    """Compare two files that come one after the other.

    :param dict options: ``split`` (size of the first), ``notes`` (whether fields and notes
        of the first, and of the second, are drawn)
    :return: ``{"pages": [{"state", "old", "new" (page from 0, or None), "marks": [[x, y,
        width, height]] in parts of the new page, "texts": [before, after] where they
        differ}]}``
    """
    split = options["split"]
    with (
        pypdfium2.PdfDocument(content[:split]) as old,
        pypdfium2.PdfDocument(content[split:]) as new,
    ):
        for document in (old, new):
            document.init_forms()
            if not 0 < len(document) <= MAX_PAGES:
                raise refused("too_many_pages", limit=MAX_PAGES)
        before, after = (
            _pages(document, notes)
            for document, notes in zip((old, new), options["notes"], strict=True)
        )
        rows = [
            _row(pair, (old, new), (before, after), options["notes"])
            for pair in pairs(before, after)
        ]
    return {"pages": rows}, b""


def pairs(before, after):
    """Which page of the second belongs to which page of the first; None where there is none.

    :param before: list of (digest of the picture, words) of the pages
    """
    found = []
    for start, other, size in _anchors(before, after):
        _between(found, before, after, start, other)
        found += [(start + at, other + at) for at in range(size)]
    return found


def _anchors(before, after):
    matcher = difflib.SequenceMatcher(
        None, [one[0] for one in before], [one[0] for one in after], autojunk=False
    )
    return matcher.get_matching_blocks()


def _between(found, before, after, end, other_end):
    """Pages between two places where both are the same: the likest belong together."""
    start = max((one for one, _two in found if one is not None), default=-1) + 1
    other = max((two for _one, two in found if two is not None), default=-1) + 1
    left, right = list(range(start, end)), list(range(other, other_end))
    if len(left) == len(right):
        found += zip(left, right, strict=True)
        return
    short, long = sorted((left, right), key=len)
    turned = short is right and short is not left
    words = (after, before) if turned else (before, after)
    taken, at = {}, 0
    for number, page in enumerate(short):
        # Those that come after need a page each.
        last = len(long) - (len(short) - number - 1)
        best = max(
            range(at, last),
            key=lambda one, page=page: (
                _likeness(words[0][page], words[1][long[one]]),
                -one,
            ),
        )
        taken[long[best]] = page
        at = best + 1
    for page in long:
        mate = taken.get(page)
        found.append((page, mate) if turned else (mate, page))


def _likeness(one, other):
    words, others = set(one[1].split()), set(other[1].split())
    return len(words & others) / (len(words | others) or 1)


def _pages(document, notes):
    told, left = [], MAX_TEXT
    for page in document:
        words = page.get_textpage().get_text_range()[:left].replace("\r", "")
        left -= len(words)
        told.append((hygiene_look.digest(hygiene_look.picture(page, notes)), words))
        page.close()
    return told


def _row(pair, documents, told, notes):
    first, second = pair
    row = {"old": first, "new": second, "marks": [], "texts": None, "state": SAME}
    if first is None or second is None:
        row["state"] = ADDED if first is None else REMOVED
        page = second if first is None else first
        words = told[1][page][1] if first is None else told[0][page][1]
        row["texts"] = ["", words] if first is None else [words, ""]
        return row
    one, other = told[0][first], told[1][second]
    if one[0] != other[0]:
        shots = [
            hygiene_look.picture(document[page], note).convert("L")
            for document, page, note in zip(documents, pair, notes, strict=True)
        ]
        row["marks"] = marks(*shots)
    if row["marks"] or one[1].split() != other[1].split():
        row["state"] = CHANGED
        row["texts"] = [one[1], other[1]]
    return row


def marks(before, after):
    """Where two pictures differ, in parts of the second one."""
    if before.size != after.size:
        return [[0, 0, 1, 1]]
    gap = ImageChops.difference(before, after).point(
        [255 if step > hygiene_look.TOLERANCE else 0 for step in range(256)]
    )
    columns, rows = -(-gap.width // CELL), -(-gap.height // CELL)
    canvas = Image.new("L", (columns * CELL, rows * CELL))
    canvas.paste(gap)
    boxes = _joined(canvas, columns, rows)
    return [
        [
            round(x * CELL / gap.width, 4),
            round(y * CELL / gap.height, 4),
            round(min(wide * CELL / gap.width, 1), 4),
            round(min(high * CELL / gap.height, 1), 4),
        ]
        for x, y, wide, high in boxes[:MAX_MARKS]
    ]


def _joined(canvas, columns, rows):
    """Rectangles round the cells that differ: neighbours are one."""
    changed = {
        (column, row)
        for row in range(rows)
        for column in range(columns)
        if canvas.crop(
            (column * CELL, row * CELL, (column + 1) * CELL, (row + 1) * CELL)
        ).getbbox()
    }
    boxes = []
    while changed:
        todo, seen = [min(changed, key=lambda cell: (cell[1], cell[0]))], []
        changed.discard(todo[0])
        while todo:
            column, row = todo.pop()
            seen.append((column, row))
            for step_x in (-2, -1, 0, 1, 2):
                for step_y in (-1, 0, 1):
                    cell = (column + step_x, row + step_y)
                    if cell in changed:
                        changed.discard(cell)
                        todo.append(cell)
        xs, ys = zip(*seen, strict=True)
        boxes.append((min(xs), min(ys), max(xs) - min(xs) + 1, max(ys) - min(ys) + 1))
    return sorted(boxes, key=lambda box: (box[1], box[0]))
