"""The field that waits for the seal in a signed PDF: it is there, empty, and how large."""

import io
from typing import NamedTuple

import pikepdf


class SealFieldMissing(ValueError):
    """The file has no empty field of that name; ``code`` says why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


class Waiting(NamedTuple):
    """The file and its field as they are before the seal; sizes in points, upright."""

    pages: int
    width: float
    height: float


def read(pdf: bytes, name: str) -> Waiting:
    """Return what is known of the empty field ``name`` of ``pdf``.

    :raise SealFieldMissing: ``unreadable``, ``missing`` or ``filled``
    """
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            return _find(document, name)
    except (pikepdf.PdfError, KeyError, AttributeError, TypeError) as error:
        raise SealFieldMissing("unreadable") from error


def _find(document, name):
    form = document.Root.get("/AcroForm", {})
    for field in form.get("/Fields", ()):
        if str(field.get("/T", "")) != name or field.get("/FT") != "/Sig":
            continue
        if "/V" in field:
            raise SealFieldMissing("filled")
        x0, y0, x1, y1 = (float(number) for number in field["/Rect"])
        width, height = abs(x1 - x0), abs(y1 - y0)
        page = pikepdf.Page(field["/P"])
        if _rotation(page.obj) in (90, 270):
            width, height = height, width
        return Waiting(len(document.pages), width, height)
    raise SealFieldMissing("missing")


def _rotation(node):
    """Return the rotation of a page, which it may have from its parents."""
    for _level in range(50):
        if "/Rotate" in node:
            return int(node["/Rotate"]) % 360
        if "/Parent" not in node:
            break
        node = node["/Parent"]
    return 0
