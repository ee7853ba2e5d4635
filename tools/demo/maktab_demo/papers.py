"""The papers people bring: letters in two directions, annexes, scans, a photograph."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from datetime import date

import pikepdf
import pypdfium2
from PIL import Image, ImageDraw, ImageFilter
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from odoo.addons.gov_base.lib import bidi

WIDE, HIGH = A4
MARGIN = 64
LEADING = 19
WORDS = {
    "fr": (
        "Objet : ",
        "Réf. : ",
        "le ",
        "Veuillez agréer mes salutations distinguées.",
    ),
    "ar": ("الموضوع: ", "المرجع: ", "بتاريخ ", "وتفضلوا بقبول فائق التقدير والاحترام."),
    "zgh": ("ⴰⵙⵏⵜⵍ: ", "", "", "ⴰⵣⵓⵍ ⴰⵎⵇⵔⴰⵏ."),
    "en": ("Subject: ", "Ref.: ", "", "Yours faithfully,"),
}


@dataclass(frozen=True)
class Paper:
    """What is written on a letter."""

    lang: str
    sender: str
    address: str
    recipient: str
    day: date
    subject: str
    text: str
    reference: str = ""
    #: an act that is to be signed electronically has neither closing words nor a scrawl
    signed: bool = True


def letter_pdf(paper: Paper) -> bytes:
    """Return the letter as a page of PDF, right to left when it is in Arabic."""
    label, reference, on_the, closing = WORDS[paper.lang]
    page = _Page("rtl" if paper.lang == "ar" else "ltr", paper.subject)
    page.line(paper.sender, bold=True)
    page.paragraph(paper.address)
    page.skip(2)
    page.opposite(paper.recipient, bold=True)
    page.opposite(f"{on_the}{paper.day:%d/%m/%Y}")
    page.skip(2)
    page.paragraph(f"{label}{paper.subject}", bold=True)
    if paper.reference:
        page.line(f"{reference}{paper.reference}")
    page.skip()
    page.paragraph(paper.text or paper.subject)
    if paper.signed:
        page.skip()
        page.line(closing)
        page.skip(2)
        page.opposite(paper.sender)
        page.signature()
    return page.close()


def annex_pdf(title: str, lang: str) -> bytes:
    """Return a piece that goes with a letter: a title and a ruled table."""
    page = _Page("rtl" if lang == "ar" else "ltr", title)
    page.line(title, bold=True, size=16)
    page.skip()
    for row in range(1, 13):
        page.line(f"{row:02d}   " + "·  " * 18)
    return page.close()


class _Page:
    """A sheet of A4 that is written from the top, in one direction."""

    def __init__(self, direction: str, title: str) -> None:
        self.direction = direction
        self.stream = io.BytesIO()
        self.canvas = Canvas(self.stream, pagesize=A4, invariant=True)
        self.canvas.setTitle(title)
        self.y = HIGH - 80

    def _put(self, text, start: bool, bold: bool, size: int) -> None:
        left = start == (self.direction == "ltr")
        bidi.draw(
            self.canvas,
            *(MARGIN if left else WIDE - MARGIN, self.y, text, size),
            bold=bold,
            align="left" if left else "right",
            direction=self.direction,
        )
        self.y -= LEADING

    def line(self, text: str, bold: bool = False, size: int = 12) -> None:
        self._put(text, True, bold, size)

    def opposite(self, text: str, bold: bool = False) -> None:
        self._put(text, False, bold, 12)

    def skip(self, lines: int = 1) -> None:
        self.y -= LEADING * lines

    def paragraph(self, text: str, bold: bool = False) -> None:
        """Write a text over as many lines as it takes."""
        line = ""
        for word in text.split():
            longer = f"{line} {word}".strip()
            if line and bidi.width(longer, 12, bold) > WIDE - 2 * MARGIN:
                self.line(line, bold)
                longer = word
            line = longer
        self.line(line, bold)

    def signature(self) -> None:
        """Draw a few strokes where one signs."""
        x = MARGIN + 20 if self.direction == "rtl" else WIDE - MARGIN - 140
        y = self.y - 30
        self.canvas.setStrokeColorRGB(0.1, 0.15, 0.5)
        self.canvas.setLineWidth(1.6)
        self.canvas.bezier(x, y, x + 40, y + 50, x + 60, y - 40, x + 120, y + 20)
        self.canvas.bezier(x + 20, y - 6, x + 60, y + 8, x + 80, y - 12, x + 130, y)

    def close(self) -> bytes:
        self.canvas.save()
        return self.stream.getvalue()


def hiding(pdf: bytes, words: str) -> bytes:
    """Return the page with words in the colour of the paper and a script that opens by itself."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(MARGIN, 3 * MARGIN, words)
    canvas.save()
    with pikepdf.open(io.BytesIO(pdf)) as whole, pikepdf.open(stream) as over:
        whole.pages[0].add_overlay(over.pages[0])
        whole.Root.OpenAction = pikepdf.Dictionary(
            S=pikepdf.Name.JavaScript, JS="app.alert('Bonjour')"
        )
        result = io.BytesIO()
        whole.save(result)
    return result.getvalue()


def scan(pdf: bytes, seed: str) -> bytes:
    """Return a page as the scanner of a counter gives it: grey, a little askew."""
    chance = random.Random(seed)
    page = pypdfium2.PdfDocument(pdf)[0]
    image = page.render(scale=110 / 72, grayscale=True).to_pil()
    paper = chance.randint(240, 250)
    image = image.rotate(chance.uniform(-0.7, 0.7), fillcolor=255, resample=2)
    image = image.point(lambda level: min(level, paper)).filter(
        ImageFilter.GaussianBlur(0.4)
    )
    stream = io.BytesIO()
    image.save(stream, "PDF", resolution=110, quality=60, title="Scan", producer="")
    return stream.getvalue()


def photograph(seed: str) -> bytes:
    """Return a drawn street as a JPEG: what a phone would add to a complaint."""
    chance = random.Random(seed)
    image = Image.new("RGB", (800, 600), (178, 205, 228))
    draw = ImageDraw.Draw(image)
    for left in range(0, 800, 160):
        top = chance.randint(120, 240)
        wall = tuple(chance.randint(170, 230) for _channel in range(3))
        draw.rectangle((left, top, left + 150, 400), fill=wall)
        for window in range(top + 20, 360, 60):
            draw.rectangle((left + 50, window, left + 90, window + 34), (90, 110, 130))
    draw.polygon([(0, 600), (800, 600), (520, 390), (280, 390)], (112, 110, 108))
    hole = (chance.randint(300, 360), 470, chance.randint(430, 500), 520)
    draw.ellipse(hole, fill=(70, 66, 62))
    stream = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(1)).save(stream, "JPEG", quality=72)
    return stream.getvalue()
