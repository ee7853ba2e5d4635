"""The register as a printed book: lines drawn straight on a reportlab canvas.

No platypus: 100,000 lines stay flat in memory and fast. Arabic and Tifinagh go through
``gov_base.lib.bidi``; plain ASCII, most of a register, takes a shortcut.
"""

import functools
import io
from typing import NamedTuple

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from odoo.addons.gov_base.lib import bidi, fonts

FONT, BOLD, SIZE, LEADING = "Noto Sans", "Noto Sans Bold", 7, 9
MARGIN, HEADER, FOOTER = 12 * mm, 24 * mm, 12 * mm
#: widths in millimetres, in the order of ``Line``
WIDTHS = (27, 26, 52, 74, 23, 12, 27, 20, 12)
MAX_LINES = 4


class Header(NamedTuple):
    """What each page says."""

    administration: list
    title: str
    period: str
    columns: list
    footer: str
    note: str


class Line(NamedTuple):
    """One line of the book; every value is a text."""

    number: str
    instant: str
    sender: str
    subject: str
    channel: str
    documents: str
    digest: str
    actor: str
    mark: str


def render(header: Header, lines) -> bytes:
    """Return the PDF of ``lines`` (any iterable of Line), with page headers and rules.

    :raise gov_base.lib.fonts.MissingFont: a font is not installed
    """
    fonts.register_reportlab()
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=landscape(A4), pageCompression=1, invariant=1)
    canvas.setTitle(f"{header.title} – {header.period}")
    canvas.setAuthor(" – ".join(header.administration))
    page = _Page(canvas, header)
    for line in lines:
        page.add(line)
    page.end()
    canvas.save()
    return stream.getvalue()


class _Page:
    """Where the next line goes."""

    def __init__(self, canvas, header):
        self.canvas = canvas
        self.header = header
        self.width, self.height = landscape(A4)
        self.number = 0
        self.left = []
        x = MARGIN
        for width in WIDTHS:
            self.left.append(x)
            x += width * mm
        self.right = x
        self.start()

    def start(self):
        self.number += 1
        top = self.height - MARGIN
        canvas, header = self.canvas, self.header
        bidi.draw(canvas, MARGIN, top, header.administration[0], 9, bold=True)
        if len(header.administration) > 1:
            bidi.draw(
                canvas,
                self.right,
                top,
                header.administration[1],
                9,
                bold=True,
                align="right",
            )
        bidi.draw(
            canvas,
            self.width / 2,
            top - 12,
            header.title,
            10,
            bold=True,
            align="center",
        )
        bidi.draw(canvas, self.width / 2, top - 24, header.period, 8, align="center")
        self.y = top - HEADER + 20
        self._row([[text] for text in header.columns], self.y - LEADING, bold=True)
        self.y -= LEADING + 4
        canvas.setLineWidth(0.6)
        canvas.line(MARGIN, self.y, self.right, self.y)
        canvas.setLineWidth(0.2)

    def add(self, line):
        cells = [_wrap(text, WIDTHS[place] * mm - 4) for place, text in enumerate(line)]
        height = max(len(cell) for cell in cells) * LEADING + 3
        if self.y - height < MARGIN + FOOTER:
            self.finish()
            self.start()
        self._row(cells, self.y - LEADING)
        self.y -= height
        self.canvas.line(MARGIN, self.y, self.right, self.y)

    def _row(self, cells, y, bold=False):
        canvas = self.canvas
        text = canvas.beginText()
        text.setFont(BOLD if bold else FONT, SIZE)
        drawn = False
        for place, pieces in enumerate(cells):
            for index, piece in enumerate(pieces):
                if not piece:
                    continue
                x, base = self.left[place] + 2, y - index * LEADING
                if piece.isascii():
                    text.setTextOrigin(x, base)
                    text.textOut(piece)
                    drawn = True
                elif bidi.base_direction(piece) == "rtl":
                    end = self.left[place] + WIDTHS[place] * mm - 2
                    bidi.draw(canvas, end, base, piece, SIZE, bold=bold, align="right")
                else:
                    bidi.draw(canvas, x, base, piece, SIZE, bold=bold)
        if drawn:
            canvas.drawText(text)

    def finish(self):
        canvas, header = self.canvas, self.header
        bidi.draw(canvas, MARGIN, MARGIN, header.footer, 7)
        bidi.draw(canvas, self.width / 2, MARGIN, header.note, 7, align="center")
        bidi.draw(canvas, self.right, MARGIN, str(self.number), 7, align="right")
        canvas.showPage()

    def end(self):
        """Strike what is left of the last page: no line can be added by hand."""
        self.canvas.line(MARGIN, self.y, self.right, MARGIN + FOOTER)
        self.finish()


@functools.lru_cache(maxsize=20000)
def _wrap(text, width):
    """Cut a text in lines that fit; words too long are cut; the last line says so."""
    if stringWidth(text, FONT, SIZE) <= width and "\n" not in text:
        return (text,)
    lines, current = [], ""
    for word in text.split():
        for part in _parts(word, width):
            joined = f"{current} {part}".strip()
            if current and stringWidth(joined, FONT, SIZE) > width:
                lines.append(current)
                current = part
            else:
                current = joined
    lines.append(current)
    if len(lines) > MAX_LINES:
        lines = [*lines[: MAX_LINES - 1], lines[MAX_LINES - 1][:-1] + "…"]
    return tuple(lines)


def _parts(word, width):
    while word and stringWidth(word, FONT, SIZE) > width:
        fit = max(1, int(len(word) * width / stringWidth(word, FONT, SIZE)))
        yield word[:fit]
        word = word[fit:]
    if word:
        yield word
