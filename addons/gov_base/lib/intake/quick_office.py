"""Which office package it is, whether it is protected or carries macros: from its directory and two small parts."""

import re

from . import package
from .report import Refusal
from .sniff import MIMES

CONTENT_TYPES = "[Content_Types].xml"
MANIFEST = "META-INF/manifest.xml"
SMALL = 2 * 1024 * 1024
MAIN_PART = {
    "docx": (
        "word/",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    ),
    "xlsx": (
        "xl/",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    ),
}
MACRO_PART = re.compile(
    r"(^|/)(vbaproject[^/]*\.bin|vbadata\.xml|macrosheets/.+|activex/.+\.bin)$",
    re.IGNORECASE,
)
# LibreOffice writes the two indexes of an empty library; a module is any other part.
ODF_MACRO = re.compile(
    r"^(basic/(?!script-l[bc]\.xml$|[^/]+/script-l[bc]\.xml$).+\.xml|scripts/.*[^/])$",
    re.IGNORECASE,
)


def check(content, extension, limits):
    """Raise unless the package is the `extension` it claims, readable and without macros. Returns its entries."""
    entries = package.directory(content, limits)
    budget = package.Budget(4 * SMALL)
    if extension in MAIN_PART:
        _check_ooxml(content, extension, entries, budget, limits)
    else:
        _check_odf(content, extension, entries, budget, limits)
    return entries


def _check_ooxml(content, extension, entries, budget, limits):
    part = entries.get(CONTENT_TYPES)
    if part is None:
        if "EncryptionInfo" in entries or "EncryptedPackage" in entries:
            raise Refusal("encrypted", "encrypted package")
        raise Refusal(
            "wrong_type", "no content types part", types=limits.allowed_extensions()
        )
    types = decode_xml(package.read(content, part, budget, SMALL))
    if "macroenabled" in types.casefold() or "vbaproject" in types.casefold():
        raise Refusal("macros", "content types name macros")
    if any(MACRO_PART.search(name) for name in entries):
        raise Refusal("macros", "macro part")
    folder, main = MAIN_PART[extension]
    if not re.search(rf"""ContentType\s*=\s*["']{re.escape(main)}["']""", types):
        for other, (_folder, other_main) in MAIN_PART.items():
            if other != extension and other_main in types:
                raise Refusal(
                    "type_mismatch",
                    f"it is {other}",
                    extension=extension,
                    types=limits.allowed_extensions(),
                )
        raise Refusal(
            "wrong_type",
            "main part is of another type",
            types=limits.allowed_extensions(),
        )
    if not any(name.startswith(folder) for name in entries):
        raise Refusal("unreadable", "main part missing")


def _check_odf(content, extension, entries, budget, limits):
    part = entries.get("mimetype")
    # It should be the first entry, stored; widespread writers put it elsewhere.
    if part is None:
        raise Refusal(
            "wrong_type", "no mimetype entry", types=limits.allowed_extensions()
        )
    mime = package.read(content, part, budget, 200).decode("ascii", "replace").strip()
    if mime != MIMES[extension]:
        code = "type_mismatch" if mime in MIMES.values() else "wrong_type"
        raise Refusal(
            code,
            f"it is {mime[:80]!r}",
            extension=extension,
            types=limits.allowed_extensions(),
        )
    if "encrypted-package" in entries:
        raise Refusal("encrypted", "encrypted package")
    manifest = entries.get(MANIFEST)
    if manifest is None:
        raise Refusal("unreadable", "no manifest")
    if "encryption-data" in decode_xml(package.read(content, manifest, budget, SMALL)):
        raise Refusal("encrypted", "encrypted entries")
    if any(ODF_MACRO.search(name) for name in entries):
        raise Refusal("macros", "macro library")
    if "content.xml" not in entries:
        raise Refusal("unreadable", "no content")


def decode_xml(raw):
    """XML bytes as text, good enough to look for a word in it: UTF-16 is recognised by its mark or its zero bytes."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "replace")
    if raw[:2] == b"<\x00":
        return raw.decode("utf-16-le", "replace")
    if raw[:2] == b"\x00<":
        return raw.decode("utf-16-be", "replace")
    return raw.decode("utf-8", "replace")
