"""Arabic, Tifinagh and Latin in one line for programs that place glyphs one after the other
(reportlab): letters joined, then put in the order the eye reads. Pure Python.

WeasyPrint shapes by itself: do not use this for HTML.
"""

import functools
import re
import unicodedata

from bidi.algorithm import get_display

from . import fonts
from .text import strip_bidi_controls

_RTL_CLASSES = ("R", "AL")
# A reference such as 2026/D/00142: one word of digits and Latin letters, read as it is written.
_REFERENCE = re.compile(r"(?<!\S)(?=\S*[A-Za-z])(?=\S*\d)[!-~]+(?!\S)")
# One sign of the private area stands for a reference while the line is ordered (class L).
_STAND_IN = 0xF0000
_STRONG_CLASSES = ("L", *_RTL_CLASSES)


@functools.lru_cache(maxsize=1)
def _reshaper():
    import arabic_reshaper

    # Ligatures of whole words (Allah, Mohammad) change the text when copied; lam-alef is obligatory.
    return arabic_reshaper.ArabicReshaper(
        {
            "delete_harakat": False,
            "support_ligatures": True,
            "ARABIC LIGATURE ALLAH": False,
            "ARABIC LIGATURE MOHAMMAD": False,
        }
    )


def has_rtl(text):
    """Whether a text holds a letter that is written from right to left."""
    return any(unicodedata.bidirectional(char) in _RTL_CLASSES for char in text)


def base_direction(text):
    """``"rtl"`` or ``"ltr"`` by the first strong letter (Unicode's rule P2)."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in _STRONG_CLASSES:
            return "rtl" if kind in _RTL_CLASSES else "ltr"
    return "ltr"


def shape(text, direction=None):
    """A line in visual order, Arabic letters joined; ready for ``canvas.drawString``.

    :param str text: one line in logical order
    :param direction: ``"rtl"``, ``"ltr"``, or None to take it from the first strong letter
    :rtype: str
    """
    plain = strip_bidi_controls(text)
    if not has_rtl(plain) and direction != "rtl":
        return plain
    references = []

    def stand_in(found):
        references.append(found.group())
        return chr(_STAND_IN + len(references) - 1)

    if not any(ord(char) >= _STAND_IN for char in plain):
        plain = _REFERENCE.sub(stand_in, plain)
    base = "R" if (direction or base_direction(plain)) == "rtl" else "L"
    ordered = get_display(_reshaper().reshape(plain), base_dir=base)
    for place, reference in enumerate(references):
        ordered = ordered.replace(chr(_STAND_IN + place), reference)
    return ordered


def _font_for(char, bold, coverage, previous):
    """The first of our fonts that draws a character; ``previous`` for blanks, to keep runs long."""
    if char.isspace() and previous:
        return previous
    suffix = " Bold" if bold else ""
    names = ("Noto Sans" + suffix, "Noto Naskh Arabic" + suffix, "Noto Sans Tifinagh")
    return next((name for name in names if ord(char) in coverage[name]), None)


def runs(text, bold=False, direction=None):
    """Cut a line in pieces of one font each, in visual order.

    A character that none of our fonts draws becomes ``⟨U+1F600⟩``'s plain form ``[U+1F600]``:
    said, never a box.

    :return: list of (font name for reportlab, piece)
    :rtype: list[tuple[str, str]]
    :raise lib.fonts.MissingFont: a font is not installed
    """
    coverage = fonts.register_reportlab()
    pieces = []
    for char in shape(text, direction):
        previous = pieces[-1][0] if pieces else None
        font = _font_for(char, bold, coverage, previous)
        if font is None:
            font, char = (
                "Noto Sans Bold" if bold else "Noto Sans",
                f"[U+{ord(char):04X}]",
            )
        if font == previous:
            pieces[-1][1].append(char)
        else:
            pieces.append((font, [char]))
    return [(font, "".join(chars)) for font, chars in pieces]


def width(text, size, bold=False, direction=None):
    """Width of a line in points at a font size, as :func:`draw` will print it."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return sum(
        stringWidth(piece, font, size) for font, piece in runs(text, bold, direction)
    )


def draw(canvas, x, y, text, size, *, bold=False, align="left", direction=None):
    """Print one line on a reportlab canvas, whatever its scripts.

    :param canvas: ``reportlab.pdfgen.canvas.Canvas``
    :param float x: left end, middle or right end of the line, after ``align``
    :param float y: base line
    :param float size: font size in points
    :param align: ``"left"``, ``"center"`` or ``"right"``
    :return: the width that was printed, in points
    :rtype: float
    """
    from reportlab.pdfbase.pdfmetrics import stringWidth

    pieces = [
        (font, piece, stringWidth(piece, font, size))
        for font, piece in runs(text, bold, direction)
    ]
    total = sum(wide for _font, _piece, wide in pieces)
    at = x - {"left": 0, "center": total / 2, "right": total}[align]
    for font, piece, wide in pieces:
        canvas.setFont(font, size)
        canvas.drawString(at, y, piece)
        at += wide
    return total
