"""Every part of an office package: really inflated, within a budget, and its XML without any document type.

Runs in the limited process. Expat never fetches anything by itself; a document type or an entity declaration ends the
parse at once, so neither expansion nor resolution can begin, whatever the encoding of the part.
"""

import posixpath
import re
from xml.parsers import expat

from . import package, quick_image, quick_office
from .report import Finding, Refusal
from .sniff import OLE_MAGIC, sniff

XML_PART = re.compile(r"\.(xml|rels|vml|rdf|xhtml|svg)$", re.IGNORECASE)
EXTERNAL = re.compile(rb"""TargetMode\s*=\s*["']External["']""")
RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
HYPERLINK = re.compile(rb"""/(?:hyperlink|hlinkClick|hlinkHover)["']""", re.IGNORECASE)
DDE = re.compile(rb"\bDDE(?:AUTO)?\b\s|<ddeLink\b|office:dde-source")
ODF_REMOTE = re.compile(
    rb"""xlink:href\s*=\s*["'](?!https?:|mailto:|#)(?:\w{2,}:|//|\\\\)""", re.IGNORECASE
)
NESTED_NAMES = (
    ".docx",
    ".xlsx",
    ".pptx",
    ".odt",
    ".ods",
    ".odp",
    ".odg",
    ".odf",
    ".glox",
    ".thmx",
)
MAX_NESTED = 32 * 1024 * 1024
MAX_ATTRIBUTES_TEXT = 8 * 1024 * 1024


def inspect(content, extension, limits):
    """`(pages, findings)`; raises :class:`Refusal`."""
    entries = quick_office.check(content, extension, limits)
    found = {}
    walk(content, entries, package.Budget(limits.max_inflated), limits, found, 1)
    return 0, [Finding(code, count) for code, count in sorted(found.items())]


def walk(content, entries, budget, limits, found, depth):
    """Read all entries of one package; `found` counts findings."""
    for entry in entries.values():
        if entry.name.endswith("/"):
            if entry.size:
                raise Refusal("unreadable", "a folder with content")
            continue
        if not entry.size:
            # LibreOffice leaves empty parts that are XML by their name.
            continue
        base = posixpath.basename(entry.name).casefold()
        if XML_PART.search(base) or base == "[content_types].xml":
            _read_xml(content, entry, budget, found)
        else:
            _read_binary(content, entry, budget, limits, found, depth)


def _read_xml(content, entry, budget, found):
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    parser.ExternalEntityRefHandler = _refuse_doctype
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    relations = entry.name.endswith(".rels")
    tail, kept = b"", []
    try:
        for piece in package.chunks(content, entry, budget):
            parser.Parse(piece, False)
            window = tail + piece
            if DDE.search(window):
                found["dde"] = found.get("dde", 0) + 1
            if ODF_REMOTE.search(window):
                found["remote_reference"] = found.get("remote_reference", 0) + 1
            tail = piece[-64:]
            if relations:
                kept.append(piece)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Refusal("unreadable", f"XML of {entry.name[:80]!r}: {error}") from error
    if relations and sum(map(len, kept)) <= MAX_ATTRIBUTES_TEXT:
        text = quick_office.decode_xml(b"".join(kept)).encode()
        remote = [
            part
            for part in RELATION.findall(text)
            if EXTERNAL.search(part) and not HYPERLINK.search(part)
        ]
        if remote:
            found["remote_reference"] = found.get("remote_reference", 0) + len(remote)


def _refuse_doctype(*_args):
    raise Refusal("bomb", "document type or entity declaration in XML")


def _read_binary(content, entry, budget, limits, found, depth):
    if entry.size > MAX_NESTED:
        for _piece in package.chunks(content, entry, budget):
            pass
        return
    raw = package.read(content, entry, budget, MAX_NESTED)
    kind = sniff(raw)
    if kind in ("png", "jpeg", "tiff"):
        _check_picture(raw, kind, limits)
    elif kind == "zip":
        if depth >= limits.max_nesting:
            raise Refusal("bomb", "packages nested too deep")
        found["embedded_file"] = found.get("embedded_file", 0) + 1
        if entry.name.casefold().endswith(NESTED_NAMES):
            nested = package.directory(raw, limits)
            if any(quick_office.MACRO_PART.search(name) for name in nested):
                raise Refusal("macros", "macros in an embedded package")
            walk(raw, nested, budget, limits, found, depth + 1)
    elif kind == "ole" or raw.startswith(OLE_MAGIC):
        found["ole_object"] = found.get("ole_object", 0) + 1
    elif kind == "pdf" or raw.startswith((b"MZ", b"\x7fELF", b"#!")):
        found["embedded_file"] = found.get("embedded_file", 0) + 1


def _check_picture(raw, kind, limits):
    try:
        quick_image.check(raw, kind, limits)
    except Refusal as refusal:
        # A damaged picture inside a letter is the reader's business; one that explodes is ours.
        if refusal.code == "too_many_pixels":
            raise
