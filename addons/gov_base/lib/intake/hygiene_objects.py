"""What is drawn on a page of a PDF, piece by piece. Limited process only."""

import ctypes
from dataclasses import dataclass

import pypdfium2.raw as pdfium

MAX_DEPTH = 8
MAX_OBJECTS = 60_000


@dataclass
class Thing:
    """Something drawn: where on the page as it is stored (points), and what."""

    kind: str
    box: tuple
    mode: int = 0
    size: float = 0.0
    handle: object = None


def things(page):
    """Everything drawn on a page, in the order of drawing."""
    found = []
    count = pdfium.FPDFPage_CountObjects(page)
    for at in range(count):
        _collect(pdfium.FPDFPage_GetObject(page, at), None, 0, found)
        if len(found) > MAX_OBJECTS:
            break
    return found


def _collect(handle, matrix, depth, found):
    kind = pdfium.FPDFPageObj_GetType(handle)
    if kind == pdfium.FPDF_PAGEOBJ_FORM:
        if depth < MAX_DEPTH and len(found) <= MAX_OBJECTS:
            inner = _times(_matrix(handle), matrix)
            for at in range(pdfium.FPDFFormObj_CountObjects(handle)):
                child = pdfium.FPDFFormObj_GetObject(handle, at)
                _collect(child, inner, depth + 1, found)
        return
    box = _box(handle, matrix)
    if box is None:
        return
    if kind == pdfium.FPDF_PAGEOBJ_TEXT:
        size = ctypes.c_float()
        pdfium.FPDFTextObj_GetFontSize(handle, size)
        own = _times(_matrix(handle), matrix)
        scale = (own[2] ** 2 + own[3] ** 2) ** 0.5
        mode = pdfium.FPDFTextObj_GetTextRenderMode(handle)
        found.append(Thing("text", box, mode, abs(size.value) * scale, handle))
    elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
        clear = pdfium.FPDFPageObj_HasTransparency(handle)
        found.append(Thing("glass" if clear else "image", box))
    elif kind == pdfium.FPDF_PAGEOBJ_PATH and _covers(handle, box):
        found.append(Thing("shape", box))


def _covers(handle, box):
    """Whether a path is an opaque filled rectangle large enough to hide words."""
    if min(box[2] - box[0], box[3] - box[1]) < 4:
        return False
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(handle, fill, stroke)
    return bool(
        fill.value
        and not pdfium.FPDFPageObj_HasTransparency(handle)
        and pdfium.FPDFPath_CountSegments(handle) <= 6
    )


def _matrix(handle):
    raw = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(handle, raw)
    return raw.a, raw.b, raw.c, raw.d, raw.e, raw.f


def _times(one, other):
    if other is None:
        return one
    a, b, c, d, e, f = one
    k, l, m, n, o, p = other  # noqa: E741 the six numbers of a matrix
    return (
        a * k + b * m,
        a * l + b * n,
        c * k + d * m,
        c * l + d * n,
        e * k + f * m + o,
        e * l + f * n + p,
    )


def _box(handle, matrix):
    left, low, right, high = (ctypes.c_float() for _side in range(4))
    if not pdfium.FPDFPageObj_GetBounds(handle, left, low, right, high):
        return None
    corners = [(x.value, y.value) for x in (left, right) for y in (low, high)]
    if matrix is not None:
        a, b, c, d, e, f = matrix
        corners = [(a * x + c * y + e, b * x + d * y + f) for x, y in corners]
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def said(handle, textpage):
    """The words of a text object."""
    need = pdfium.FPDFTextObj_GetText(handle, textpage, None, 0)
    if need <= 2:
        return ""
    raw = (ctypes.c_ushort * (need // 2 + 1))()
    pdfium.FPDFTextObj_GetText(handle, textpage, raw, need)
    return bytes(raw)[: need - 2].decode("utf-16-le", "replace").strip()
