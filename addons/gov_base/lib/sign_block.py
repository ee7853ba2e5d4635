"""What is drawn in the box of a signature or of a seal: one page of the size of the box.

Machine drawing (reportlab): text that can be selected, embedded fonts, Arabic joined and in
its order, figures as they are. Pure Python.
"""

import io

import qrcode
from reportlab.lib.colors import Color

from . import bidi, fonts

_WORDS = {
    "ar": {
        "signed": "موقّع إلكترونيا",
        "sealed": "ختم إلكتروني",
        "on": "بتاريخ",
        "reference": "مرجع",
        "number": "رقم",
    },
    "fr": {
        "signed": "Signé électroniquement",
        "sealed": "Cachet électronique",
        "on": "le",
        "reference": "Réf.",
        "number": "N°",
    },
    "en": {
        "signed": "Signed electronically",
        "sealed": "Electronic seal",
        "on": "on",
        "reference": "Ref.",
        "number": "No.",
    },
}
_INK, _SOFT = Color(0.07, 0.16, 0.36), Color(0.35, 0.42, 0.55)
_BLACK, _WHITE = Color(0, 0, 0), Color(1, 1, 1)
_EDGE = 4.0
_LARGEST, _SMALLEST, _STEP = 11.0, 4.0, 0.25
_LEADING = 1.28
#: A phone reads modules down to a quarter of a millimetre from a good print.
_SMALLEST_MODULE = 0.75
_QUIET = 2


def person_block(
    width,
    height,
    *,
    name,
    quality,
    formula="",
    date_text,
    reference,
    qr_url,
    lang,
):
    """Block of a person's signature.

    :param float width: of the box, in points; the box is seen upright
    :param float height: of the box, in points
    :param str name: of the person, as the certificate says it
    :param str quality: function of the person
    :param str formula: "P/ le Président et par délégation", or empty
    :param str date_text: date, time and zone in words
    :param str reference: number of the folder
    :param str qr_url: address that checks it, or empty
    :param str lang: code of the language of the block (``ar``, ``fr_FR``…)
    :return: a one-page PDF
    :rtype: bytes
    :raise lib.fonts.MissingFont: a font is not installed
    """
    words = _words(lang)
    lines = [
        (formula, 0.85, False, _INK),
        (name, 1.1, True, _BLACK),
        (quality, 0.95, False, _BLACK),
        (words["signed"], 0.75, False, _SOFT),
        (date_text, 0.8, False, _BLACK),
        (_labelled(words["reference"], reference), 0.75, False, _SOFT),
    ]
    return _block(width, height, lines, qr_url, lang, double=False)


def seal_block(width, height, *, number, date_text, administration, qr_url, lang):
    """Block of the closing seal, with the number it gives.

    :param str number: as the register prints it
    :param str date_text: date, time and zone in words
    :param str administration: official name
    :return: a one-page PDF
    :rtype: bytes
    :raise lib.fonts.MissingFont: a font is not installed
    """
    words = _words(lang)
    lines = [
        (administration, 0.95, True, _INK),
        (_labelled(words["number"], number), 1.35, True, _BLACK),
        (date_text, 0.85, False, _BLACK),
        (words["sealed"], 0.75, False, _SOFT),
    ]
    return _block(width, height, lines, qr_url, lang, double=True)


def _words(lang):
    return _WORDS.get((lang or "").split("_")[0].lower(), _WORDS["en"])


def _labelled(label, text):
    return f"{label} {text}" if text else ""


def _block(width, height, lines, qr_url, lang, double):
    from reportlab.pdfgen.canvas import Canvas

    fonts.register_reportlab()
    rtl = (lang or "").split("_")[0].lower() in ("ar", "fa", "ur", "he")
    stream = io.BytesIO()
    canvas = Canvas(
        stream,
        pagesize=(width, height),
        initialFontName="Noto Sans",
        invariant=1,
        pageCompression=1,
    )
    canvas.setTitle(" ")
    _frame(canvas, width, height, double)
    inside = height - 2 * _EDGE
    code = _qr(qr_url, min(inside, width * 0.42))
    left, right = _EDGE + 1, width - _EDGE - 1
    if code:
        side = _draw_qr(canvas, code, width, height, rtl)
        left, right = (left + side + 3, right) if rtl else (left, right - side - 3)
    _draw_lines(canvas, lines, left, right, height, rtl)
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _frame(canvas, width, height, double):
    """White ground, so that the block is read on any paper, and an edge."""
    canvas.setFillColor(_WHITE)
    canvas.setStrokeColor(_INK)
    canvas.setLineWidth(0.8)
    canvas.roundRect(0.5, 0.5, width - 1, height - 1, 3, stroke=1, fill=1)
    if double:
        canvas.setLineWidth(0.4)
        canvas.roundRect(2.2, 2.2, width - 4.4, height - 4.4, 2, stroke=1, fill=0)


def _qr(url, room):
    """(matrix of the code, size of a module), the largest that can be read; or None.

    Where the signed data behind ``#`` would make it too fine, the address alone is kept:
    the page it opens has them.
    """
    for text in filter(None, (url, (url or "").partition("#")[0])):
        code = qrcode.QRCode(
            error_correction=qrcode.constants.ERROR_CORRECT_L, border=_QUIET
        )
        code.add_data(text)
        code.make(fit=True)
        matrix = code.get_matrix()
        module = room / len(matrix)
        if module >= _SMALLEST_MODULE:
            return matrix, module
    return None


def _draw_qr(canvas, code, width, height, rtl):
    matrix, module = code
    side = len(matrix) * module
    x0 = _EDGE if rtl else width - _EDGE - side
    top = (height + side) / 2
    canvas.setFillColor(_BLACK)
    path = canvas.beginPath()
    for row, cells in enumerate(matrix):
        at = 0
        while at < len(cells):
            if not cells[at]:
                at += 1
                continue
            begin = at
            while at < len(cells) and cells[at]:
                at += 1
            path.rect(
                x0 + begin * module,
                top - (row + 1) * module,
                (at - begin) * module,
                module,
            )
    canvas.drawPath(path, stroke=0, fill=1)
    return side


def _draw_lines(canvas, lines, left, right, height, rtl):
    """All lines at the largest size at which they fit, from top to bottom."""
    room, tall = right - left, height - 2 * _EDGE
    lines = [(text.strip(), *rest) for text, *rest in lines if text and text.strip()]
    size = _LARGEST
    while True:
        last = size <= _SMALLEST
        broken = [
            (piece, size * scale, bold, colour)
            for text, scale, bold, colour in lines
            for piece in (_shortened if last else _wrapped)(
                text, size * scale, bold, room
            )
        ]
        needed = sum(_LEADING * high for _text, high, _bold, _colour in broken)
        wide = max(
            (bidi.width(text, high, bold) for text, high, bold, _colour in broken),
            default=0,
        )
        if (needed <= tall and wide <= room) or last:
            break
        size -= _STEP
    y = height / 2 + min(needed, tall) / 2
    for text, high, bold, colour in broken:
        y -= _LEADING * high
        if y < _EDGE - 1:
            break
        canvas.setFillColor(colour)
        bidi.draw(
            canvas,
            right if rtl else left,
            y + (_LEADING - 1) * high,
            text,
            high,
            bold=bold,
            align="right" if rtl else "left",
            direction="rtl" if rtl and bidi.has_rtl(text) else None,
        )


def _wrapped(text, size, bold, room):
    """Cut a text between words so that each line fits; a long word stays whole."""
    pieces, current = [], ""
    for word in text.split():
        longer = f"{current} {word}".strip()
        if current and bidi.width(longer, size, bold) > room:
            pieces.append(current)
            current = word
        else:
            current = longer
    return [*pieces, current]


def _shortened(text, size, bold, room):
    """One line of a text that does not fit at the smallest size: all lines say something."""
    if bidi.width(text, size, bold) <= room:
        return [text]
    kept = text
    while kept and bidi.width(f"{kept}…", size, bold) > room:
        kept = kept[:-1].rstrip()
    return [f"{kept}…"]
