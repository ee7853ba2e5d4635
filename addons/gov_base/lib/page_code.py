"""The code on each page of what is signed on paper, and what its scan must show.

A page says which letter or folder it is of, in which approved words, and its place: a scan
of another one, of older words or without a page is recognised. Pure Python.
"""

import io
import re
from typing import NamedTuple

import qrcode

PREFIX = "MKT:SIGN:"
_CODE = re.compile(
    r"MKT:SIGN:(?P<reference>[A-Z]{1,3}-\d{4}(?:-[0-9A-Z]{5,9}){1,2}):"
    r"(?P<digest>[0-9A-F]{16}):(?P<page>\d{1,3})/(?P<pages>\d{1,3})"
)
_MM = 72 / 25.4
#: in the middle of the bottom margin, between the two ends of the foot of the page
SIDE, BOTTOM = 14 * _MM, 4.5 * _MM
DPI, MAX_PAGES = 200, 200


class CodeRefused(ValueError):
    """The file takes no codes: it is broken or has too many pages."""


class PageCode(NamedTuple):
    """What a code says."""

    reference: str
    digest: str
    page: int
    pages: int

    def __str__(self):
        # Capitals alone make a code of fewer and larger squares.
        digest = self.digest.upper()
        return f"{PREFIX}{self.reference}:{digest}:{self.page}/{self.pages}"


class Verdict(NamedTuple):
    """What a scan is: ``kind`` is empty when it is the letter, whole and in order."""

    kind: str
    reference: str = ""
    pages: tuple = ()


def parse(text):
    """Return the :class:`PageCode` of a text, or None.

    :param str text: as a reader of codes gave it
    """
    found = _CODE.fullmatch(text)
    if not found:
        return None
    page, pages = int(found["page"]), int(found["pages"])
    if not 1 <= page <= pages:
        return None
    return PageCode(found["reference"], found["digest"].lower(), page, pages)


def stamp(pdf, reference, digest):
    """Return a copy of a PDF with a code and its reference at the foot of each page.

    :param bytes pdf: what was approved
    :param str reference: working reference of the letter or folder
    :param str digest: SHA-256 of ``pdf``, in hexadecimal
    :raise CodeRefused: broken file, too many pages
    """
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            pages = len(document.pages)
            if not 0 < pages <= MAX_PAGES:
                raise CodeRefused("no page, or too many")
            for number, page in enumerate(document.pages, 1):
                code = PageCode(reference, digest[:16], number, pages)
                left, bottom, right, _top = (float(one) for one in page.mediabox)
                start = (left + right - SIDE) / 2
                drawn = _drawn(str(code), f"{reference}  {number}/{pages}")
                with pikepdf.open(io.BytesIO(drawn)) as small:
                    page.add_overlay(
                        small.pages[0],
                        pikepdf.Rectangle(
                            start,
                            bottom + BOTTOM,
                            start + SIDE,
                            bottom + BOTTOM + SIDE + 6,
                        ),
                    )
            stream = io.BytesIO()
            document.save(stream, deterministic_id=True)
            return stream.getvalue()
    except pikepdf.PdfError as error:
        raise CodeRefused(str(error)) from error


def _drawn(text, label):
    """Return a one-page PDF with the code and, under it, what a person reads."""
    from reportlab.pdfgen.canvas import Canvas

    code = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M, border=2, box_size=1
    )
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    step = SIDE / len(rows)
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(SIDE, SIDE + 6), invariant=1)
    canvas.setFillGray(1)
    canvas.rect(0, 0, SIDE, SIDE + 6, stroke=0, fill=1)
    canvas.setFillGray(0)
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                top = SIDE + 6 - (down + 1) * step
                canvas.rect(across * step, top, step, step, stroke=0, fill=1)
    canvas.setFont("Helvetica", 3.6)
    canvas.drawCentredString(SIDE / 2, 2, label)
    canvas.save()
    return stream.getvalue()


def digests(codes):
    """Return the (reference, beginning of the digest) that the codes of a scan name.

    :param codes: list of (page of the scan from 0, text)
    :rtype: set[tuple[str, str]]
    """
    found = (parse(text) for _page, text in codes)
    return {(code.reference, code.digest) for code in found if code}


def judge(codes, expected, scanned):
    """Tell whether a scan is the letter that was printed.

    :param codes: list of (page of the scan from 0, text), in reading order
    :param PageCode expected: of the last page that was printed
    :param int scanned: number of pages of the scan
    :return: :class:`Verdict`, of which ``kind`` is "" (it is the letter), "other"
        (a page of another letter), "older" (words that were approved before), "short"
        (fewer pages than printed), "twice" (a page more than once), "order", or
        "unread" (codes of ``pages`` cannot be read: a person has to look)
    """
    found = [parse(text) for _page, text in codes if text.startswith("MKT:")]
    for code in found:
        if code is None:
            return Verdict("other")
        if code.reference != expected.reference:
            return Verdict("other", code.reference)
        if (code.digest, code.pages) != (expected.digest, expected.pages):
            return Verdict("older")
    numbers = [code.page for code in found]
    missing = tuple(sorted(set(range(1, expected.pages + 1)) - set(numbers)))
    if missing and scanned < expected.pages:
        return Verdict("short", pages=missing)
    if len(set(numbers)) != len(numbers):
        twice = tuple(sorted({one for one in numbers if numbers.count(one) > 1}))
        return Verdict("twice", pages=twice)
    if numbers != sorted(numbers):
        return Verdict("order")
    if missing:
        return Verdict("unread", pages=missing)
    return Verdict("")


def as_pdf(content):
    """Return a scan as PDF: a PDF as it is, a picture as one page a frame.

    :param bytes content: PDF, PNG, JPEG or TIFF, which the intake let in
    :return: (bytes, number of pages)
    :raise CodeRefused: it cannot be read
    """
    import pikepdf

    # Odoo loads few formats; what comes here was let in by the intake.
    from PIL import Image, ImageSequence, PdfImagePlugin, TiffImagePlugin  # noqa: F401

    try:
        if content[:1024].lstrip().startswith(b"%PDF-"):
            with pikepdf.open(io.BytesIO(content)) as document:
                return content, len(document.pages)
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "TIFF")) as image:
            frames = [
                frame.convert("L" if frame.mode in ("1", "L", "LA", "I;16") else "RGB")
                for frame, _number in zip(
                    ImageSequence.Iterator(image), range(MAX_PAGES), strict=False
                )
            ]
        width = frames[0].size[0]
        # A page is as wide as A4 whatever the picture says of itself.
        resolution = max(1.0, width / (210 / 25.4))
        stream = io.BytesIO()
        frames[0].save(
            stream,
            format="PDF",
            save_all=True,
            append_images=frames[1:],
            resolution=resolution,
        )
        return stream.getvalue(), len(frames)
    except (pikepdf.PdfError, OSError, ValueError, IndexError) as error:
        raise CodeRefused(str(error)) from error
