"""A rendition of a document with a margin: what was written beside it, on a strip of its own.

Each page is drawn smaller and the strip stands beside it, so that nothing covers what the
letter says, whatever its size and turn. The original is not touched. Pure Python.
"""

import io
from typing import NamedTuple

from . import bidi, fonts

#: A4, in points
WIDTH, HEIGHT = 595.28, 841.89
STRIP = 150.0
EDGE = 14.0
SIZE, SMALL, LEADING = 9.5, 7.0, 1.3
MAX_PAGES = 300


class RenditionRefused(ValueError):
    """The file is no PDF of which a rendition can be made."""


class Note(NamedTuple):
    """What is written in the margin: its page from 0, its words, who and when."""

    page: int
    text: str
    signed: str


def rendition(pdf, notes, *, heading, rtl=False):
    """Return a copy of a PDF on A4 pages with a margin that carries notes.

    :param bytes pdf: the original
    :param notes: :class:`Note`, in the order in which they were written; those of a page
        that does not exist stand on the last one
    :param str heading: number of the letter, on each strip
    :param bool rtl: the strip is on the right, as one writes in Arabic
    :return: a PDF of as many pages as the original, and those its notes need beyond
    :raise RenditionRefused: encrypted, broken, without page or with too many
    """
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(pdf)) as source:
            if source.is_encrypted or not 0 < len(source.pages) <= MAX_PAGES:
                raise RenditionRefused("the file is encrypted or has too many pages")
            strips = _strips(len(source.pages), notes, heading, rtl)
            out = pikepdf.new()
            for number, drawn in enumerate(strips):
                with pikepdf.open(io.BytesIO(drawn)) as strip:
                    out.pages.extend(strip.pages)
                if number < len(source.pages):
                    _place(pikepdf, out.pages[-1], source.pages[number], rtl)
            stream = io.BytesIO()
            out.save(stream, deterministic_id=True)
            return stream.getvalue()
    except RenditionRefused:
        raise
    except Exception as error:
        # pikepdf and qpdf answer a broken file in several ways.
        raise RenditionRefused(f"the file cannot be read: {error}") from error


def _place(pikepdf, target, page, rtl):
    """Draw ``page`` in the room beside the strip, as large as it goes, unchanged in form."""
    left = EDGE if rtl else STRIP + EDGE
    right = WIDTH - STRIP - EDGE if rtl else WIDTH - EDGE
    target.add_overlay(
        pikepdf.Page(page), pikepdf.Rectangle(left, EDGE, right, HEIGHT - EDGE)
    )


def _strips(pages, notes, heading, rtl):
    """Return one page of strip for each page, then those of notes that found no room."""
    by_page = {number: [] for number in range(pages)}
    for note in notes:
        by_page[min(max(note.page, 0), pages - 1)].append(note)
    made, left_over = [], []
    for number in range(pages):
        drawn, rest = _strip([*_lines(by_page[number])], heading, rtl)
        made.append(drawn)
        left_over += rest
    while left_over:
        drawn, left_over = _strip(left_over, heading, rtl)
        made.append(drawn)
    return made


def _lines(notes):
    """Yield (text, size, bold, gap above) of these notes, broken to the strip."""
    room = STRIP - 2 * EDGE
    for note in notes:
        gap = SIZE
        for paragraph in note.text.splitlines():
            for piece in _wrapped(paragraph, SIZE, room):
                yield piece, SIZE, True, gap
                gap = 0
        for piece in _wrapped(note.signed, SMALL, room):
            yield piece, SMALL, False, gap
            gap = 0


def _wrapped(text, size, room):
    """Cut a text in lines that fit; a word longer than a line is cut too."""
    pieces, current = [], ""
    for word in text.split():
        for part in _parts(word, size, room):
            longer = f"{current} {part}".strip()
            if current and bidi.width(longer, size, True) > room:
                pieces.append(current)
                current = part
            else:
                current = longer
    return [*pieces, current] if current else pieces


def _parts(word, size, room):
    while len(word) > 1 and bidi.width(word, size, True) > room:
        cut = len(word)
        while cut > 1 and bidi.width(word[:cut], size, True) > room:
            cut -= 1
        yield word[:cut]
        word = word[cut:]
    yield word


def _strip(lines, heading, rtl):
    """Draw one strip; return it and the lines for which it has no room."""
    from reportlab.pdfgen.canvas import Canvas

    fonts.register_reportlab()
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(WIDTH, HEIGHT), invariant=1)
    start = WIDTH - STRIP if rtl else 0.0
    canvas.setLineWidth(0.5)
    canvas.setStrokeGray(0.6)
    edge = start if rtl else start + STRIP
    canvas.line(edge, EDGE, edge, HEIGHT - EDGE)
    at = start + STRIP - EDGE if rtl else start + EDGE
    align = "right" if rtl else "left"
    y = HEIGHT - EDGE - SMALL
    canvas.setFillGray(0.35)
    bidi.draw(canvas, at, y, heading, SMALL, align=align)
    rest = list(lines)
    while rest:
        text, size, bold, gap = rest[0]
        if y - gap - LEADING * size < EDGE:
            break
        y -= gap + LEADING * size
        canvas.setFillGray(0.0 if bold else 0.35)
        bidi.draw(canvas, at, y, text, size, bold=bold, align=align)
        rest.pop(0)
    canvas.showPage()
    canvas.save()
    return stream.getvalue(), rest
