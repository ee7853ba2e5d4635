"""A PDF really parsed: pages, objects, streams within bounds; what it could do when opened. Limited process only.

`attempt_recovery` is off: a file that needs repair reads differently from one reader to the next, and what a receipt
certifies must have one reading. The person is asked to save it again.
"""

import contextlib
import io
import re
import zlib

import pikepdf

from . import quick_pdf
from .report import Finding, Refusal

CHUNK = 512 * 1024
MAX_FILTERS = 4
MAX_IMAGE_BYTES = 1024 * 1024 * 1024
MAX_DEPTH = 60
FLATE = frozenset({"/FlateDecode", "/Fl"})
PICTURES = frozenset(
    {"/DCTDecode", "/DCT", "/JPXDecode", "/CCITTFaxDecode", "/CCF", "/JBIG2Decode"}
)
# A cheap look at the written form of an object decides whether it is walked.
SUSPECT = re.compile(
    rb"/(?:S|JS|JavaScript|OpenAction|AA|EmbeddedFiles?|EF|RichMedia\w*|XFA|AF|Movie|Sound|Screen|3D|Rendition)\b|#"
)
ACTIONS = {
    "/JavaScript": "javascript",
    "/Launch": "launch",
    "/GoToR": "remote_goto",
    "/GoToE": "remote_goto",
    "/SubmitForm": "submit_form",
    "/ImportData": "import_data",
    "/Rendition": "rich_media",
    "/Movie": "rich_media",
    "/Sound": "rich_media",
    "/RichMediaExecute": "rich_media",
    "/GoTo3DView": "rich_media",
}
SUBTYPES = {
    "/RichMedia": "rich_media",
    "/3D": "rich_media",
    "/Movie": "rich_media",
    "/Screen": "rich_media",
}
KEYS = {
    "/JS": "javascript",
    "/XFA": "xfa",
    "/EF": "embedded_file",
    "/EmbeddedFiles": "embedded_file",
}


def inspect(content, limits):
    """`(pages, findings)`; raises :class:`Refusal`."""
    hint = quick_pdf.looks_encrypted(content)
    try:
        with pikepdf.open(
            io.BytesIO(content), attempt_recovery=False, suppress_warnings=True
        ) as pdf:
            if pdf.is_encrypted:
                raise Refusal("encrypted", "encryption dictionary")
            return _inspect(pdf, limits)
    except pikepdf.PasswordError as error:
        raise Refusal("encrypted", "password asked") from error
    except Refusal:
        raise
    except (
        *(pikepdf.PdfError, pikepdf.ForeignObjectError, pikepdf.DataDecodingError),
        *(zlib.error, RuntimeError, ValueError, TypeError, KeyError, IndexError),
        *(AttributeError, OverflowError),
    ) as error:
        # A closed process cannot decrypt (no random numbers): then the bytes decide.
        code = "encrypted" if hint else "unreadable"
        raise Refusal(code, f"PDF: {error!r}"[:300]) from error


def _inspect(pdf, limits):
    total = len(pdf.objects)
    if total > limits.max_objects:
        raise Refusal("bomb", f"{total} objects")
    pages = len(pdf.pages)
    if not pages:
        raise Refusal("unreadable", "no page")
    if pages > limits.max_pages:
        raise Refusal("too_many_pages", f"{pages} pages", limit=limits.max_pages)
    found, left = {}, [limits.max_inflated]
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream):
            _check_stream(item, limits, left)
            item = item.stream_dict
        if isinstance(item, pikepdf.Dictionary | pikepdf.Array) and SUSPECT.search(
            item.unparse(resolved=True)
        ):
            _walk(item, found, 0)
    warnings = pdf.get_warnings()
    if warnings:
        found["damaged"] = len(warnings)
    return pages, [Finding(code, count) for code, count in sorted(found.items())]


def _add(found, code):
    found[code] = found.get(code, 0) + 1


def _walk(item, found, depth):
    """Direct parts of one object; what it refers to is another object of the table."""
    if depth > MAX_DEPTH:
        raise Refusal("bomb", "objects nested too deep")
    if isinstance(item, pikepdf.Array):
        for part in item:
            if not _indirect(part):
                _walk(part, found, depth + 1)
        return
    if not isinstance(item, pikepdf.Dictionary):
        return
    keys = set(item.keys())
    _check_dictionary(item, keys, found)
    for key in keys:
        part = item.get(key)
        if isinstance(part, pikepdf.Dictionary | pikepdf.Array) and not _indirect(part):
            _walk(part, found, depth + 1)


def _indirect(part):
    return bool(getattr(part, "is_indirect", False))


def _check_dictionary(item, keys, found):
    for key in keys & KEYS.keys():
        _add(found, KEYS[key])
    action = _name(item, "/S")
    if action in ACTIONS and not (action == "/JavaScript" and "/JS" in keys):
        _add(found, ACTIONS[action])
    subtype = _name(item, "/Subtype")
    if subtype in SUBTYPES:
        _add(found, SUBTYPES[subtype])
    if subtype == "/FileAttachment" and "/FS" in keys and "/EF" not in keys:
        _add(found, "embedded_file")
    if "/AA" in keys:
        _add(found, "additional_actions")
    opening = item.get("/OpenAction")
    # A destination (an array, or GoTo) only chooses the first page.
    if isinstance(opening, pikepdf.Dictionary) and _name(opening, "/S") != "/GoTo":
        _add(found, "open_action")


def _name(item, key):
    value = item.get(key)
    return str(value) if isinstance(value, pikepdf.Name) else ""


def _check_stream(stream, limits, left):
    """Bound what the stream inflates to, and the picture it announces."""
    names = stream.stream_dict.get("/Filter")
    filters = (
        [str(name) for name in names]
        if isinstance(names, pikepdf.Array)
        else [str(names)]
        if names
        else []
    )
    if len(filters) > MAX_FILTERS:
        raise Refusal("bomb", f"{len(filters)} filters on one stream")
    width, height = _integer(stream, "/Width"), _integer(stream, "/Height")
    if width and height:
        bits = max(_integer(stream, "/BitsPerComponent"), 1) * 4
        if width * height * bits > 8 * MAX_IMAGE_BYTES:
            raise Refusal(
                "too_many_pixels",
                f"{width} x {height}",
                limit=limits.max_pixels // 1_000_000,
            )
    flates = 0
    for name in filters:
        if name not in FLATE:
            break
        flates += 1
    if filters and not flates and not set(filters) <= PICTURES:
        # LZW, run-length, ASCII and what follows them: decoded by the library, within this process's memory.
        with contextlib.suppress(pikepdf.PdfError, pikepdf.DataDecodingError):
            _take(left, len(stream.read_bytes()))
    if not flates:
        return
    data = [stream.read_raw_bytes()]
    for level in range(flates):
        data = _inflate(data, left, keep=level + 1 < flates)


def _inflate(pieces, left, keep):
    """Inflate `pieces`; the bytes count against `left`, and are returned only when another filter follows."""
    engine, result = zlib.decompressobj(), []
    try:
        for piece in pieces:
            rest = piece
            while rest:
                out = engine.decompress(rest, CHUNK)
                _take(left, len(out))
                if keep:
                    result.append(out)
                rest = engine.unconsumed_tail
                if engine.eof:
                    return result
    except zlib.error:
        # Readers show what they could inflate: damaged data is no danger beyond what was counted.
        return result
    return result


def _take(left, count):
    left[0] -= count
    if left[0] < 0:
        raise Refusal("bomb", "streams inflate beyond the limit")


def _integer(stream, key):
    value = stream.stream_dict.get(key)
    return value if isinstance(value, int) and value > 0 else 0
