"""Words of a page that say where a block comes: ``#signature#``, ``#signature2#``, ``#cachet#``. Limited process only."""

import ctypes
import re
import unicodedata

import pypdfium2.raw as pdfium

from .geometry import seen

MAX_TAGS = 60
MAX_CHARS = 200_000
_LOST = re.compile("[\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def find(page, place, words):
    """Find the tags of a page.

    :param dict place: its geometry
    :param dict words: {word: ``signature`` or ``seal``}, in their folded form
    :return: list of ``[kind, number (0 without), x, y, width, height, word]``, points from
        the upper left as it is seen, in reading order
    """
    textpage = page.get_textpage()
    count = min(textpage.count_chars(), MAX_CHARS)
    if not words or "#" not in textpage.get_text_range(0, count):
        return []
    text, at = _folded(textpage, count)
    pattern = _pattern(words)
    found = _matches(pattern, text, at)
    if not found:
        # Some programs store Arabic words in the order in which they are drawn.
        backwards = {word[::-1]: kind for word, kind in words.items()}
        found = _matches(_pattern(backwards), text, at)
    tags = []
    for word, number, places in found[:MAX_TAGS]:
        kind = words.get(word)
        if kind is None:
            word, kind = word[::-1], words[word[::-1]]
        box = _union(textpage, places)
        if box is not None:
            number = number or _number_inside(textpage, places, box)
            x0, y0, x1, y1 = seen(box, place)
            tags.append(
                [
                    *(kind, number),
                    *(round(one, 1) for one in (x0, y0, x1 - x0, y1 - y0)),
                    word,
                ]
            )
    return sorted(tags, key=lambda tag: (round(tag[3] / 6), tag[2]))


def folded(word):
    """A word as it is compared: case, letter shapes and stretching do not matter."""
    plain = _LOST.sub("", unicodedata.normalize("NFKC", word)).casefold()
    return "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() else char for char in plain
    )


def _folded(textpage, count):
    text, at = [], []
    for index in range(count):
        char = chr(pdfium.FPDFText_GetUnicode(textpage, index) or 32)
        for one in folded(char):
            if not one.isspace():
                text.append(one)
                at.append(index)
    return "".join(text), at


def _pattern(words):
    ordered = sorted(words, key=len, reverse=True)
    return re.compile(
        f"#([0-9]{{0,2}})({'|'.join(map(re.escape, ordered))})([0-9]{{0,2}})#"
    )


def _matches(pattern, text, at):
    found = []
    for match in pattern.finditer(text):
        number = match[3] or match[1]
        found.append((match[2], int(number or 0), at[match.start() : match.end()]))
    return found


def _number_inside(textpage, places, box):
    """The number of an Arabic tag: it stands between the two marks, and is read outside them."""
    start, end = min(places), max(places)
    near = [*range(max(start - 2, 0), start), *range(end + 1, end + 3)]
    digits = ""
    for index in near:
        char = chr(pdfium.FPDFText_GetUnicode(textpage, index) or 32)
        own = _box(textpage, index) if char.isdecimal() else None
        if own and box[0] < (own[0] + own[2]) / 2 < box[2]:
            digits += str(unicodedata.decimal(char))
    return int(digits or 0)


def _box(textpage, index):
    left, right, low, high = (ctypes.c_double() for _side in range(4))
    if not pdfium.FPDFText_GetCharBox(textpage, index, left, right, low, high):
        return None
    return left.value, low.value, right.value, high.value


def _union(textpage, places):
    boxes = [_box(textpage, index) for index in dict.fromkeys(places)]
    boxes = [box for box in boxes if box and box[0] < box[2] and box[1] < box[3]]
    if not boxes:
        return None
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)
