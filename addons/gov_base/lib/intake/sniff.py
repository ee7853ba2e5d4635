"""Type by content. The declared type is never looked at; the extension only has to agree."""

import codecs
import re

from .report import Refusal

PDF = "pdf"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
MIMES = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "tiff": "image/tiff",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "txt": "text/plain",
    "csv": "text/csv",
}
# kind by extension; "zip" and "text" are settled by the extension once the content agrees.
KINDS = {
    "pdf": "pdf",
    "jpg": "jpeg",
    "jpeg": "jpeg",
    "png": "png",
    "tif": "tiff",
    "tiff": "tiff",
    "docx": "zip",
    "xlsx": "zip",
    "odt": "zip",
    "ods": "zip",
    "txt": "text",
    "csv": "text",
}
PACKAGES = ("docx", "xlsx", "odt", "ods")
HTML = re.compile(
    rb"<(?:!doctype|!--|[?%]|(?:html|head|body|script|iframe|frameset|svg|math|object|embed|meta|base|link|img|a|p|h[1-6]|form|input"
    rb"|table|div|span|style|title|video|audio)[\s/>])",
    re.IGNORECASE,
)
EOCD = b"PK\x05\x06"


def sniff(content):
    """The kind of `content`: pdf, jpeg, png, tiff, zip, ole, text, or '' for anything else."""
    head = content[:16]
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith((b"II*\x00", b"MM\x00*")):
        return "tiff"
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith(OLE_MAGIC):
        return "ole"
    if (
        content[:1027]
        .removeprefix(codecs.BOM_UTF8)
        .lstrip(b"\r\n\t \x00\x0c")
        .startswith(b"%PDF-")
    ):
        return "pdf"
    return "text" if is_text(content) else ""


def is_text(content):
    """True for plain text: no control characters, an encoding that a desk meets, no markup or script at its head."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            text = content.decode("utf-16")
        except UnicodeDecodeError:
            return False
        if any(char < " " and char not in "\t\n\r\x0c" for char in set(text)):
            return False
        head = text[:2048].encode()
    else:
        # Everything below space but tab, line feed, form feed, return; DEL too.
        if content.translate(None, bytes(set(range(256)) - set(CONTROLS))):
            return False
        head = content[:2048].removeprefix(codecs.BOM_UTF8)
        try:
            content.decode("utf-8")
        except UnicodeDecodeError:
            # Old Windows editors: windows-1256 (Arabic) and windows-1252 leave few bytes above 0x7f in a row undefined;
            # what cannot be told is whether it reads well, and nothing is ever rendered from it.
            try:
                content.decode("cp1256")
            except UnicodeDecodeError:
                return False
    return not HTML.match(head.lstrip()) and not head.startswith(
        (b"#!", b"{\\rtf", b"%!PS")
    )


CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\x0c")) + b"\x7f"


def check_type(content, extension, limits):
    """Raise unless `extension` is allowed and `content` is of the kind it names. Returns the kind."""
    allowed = limits.allowed_extensions()
    kind = sniff(content)
    if kind == "ole" and ENCRYPTED_PACKAGE in content and extension in PACKAGES:
        raise Refusal("encrypted", "OLE container with EncryptedPackage")
    if extension not in allowed:
        raise Refusal("wrong_type", f"extension {extension[:20]!r}", types=allowed)
    if kind != KINDS[extension]:
        if not kind or kind == "ole" or kind not in {KINDS[ext] for ext in allowed}:
            raise Refusal(
                "wrong_type",
                f"content {kind!r}, extension {extension!r}",
                types=allowed,
            )
        raise Refusal(
            "type_mismatch",
            f"content {kind!r}, extension {extension!r}",
            extension=extension,
            types=allowed,
        )
    return kind


def ends_as_zip(content):
    """True when a ZIP reader that starts from the end finds a directory: the comment of an end record reaches the end."""
    start = max(0, len(content) - 65_557)
    at = content.find(EOCD, start)
    while at != -1:
        if at + 22 <= len(content) and at + 22 + int.from_bytes(
            content[at + 20 : at + 22], "little"
        ) == len(content):
            return True
        at = content.find(EOCD, at + 1)
    return False


def check_polyglot(content, kind):
    """Refuse a file that is a second document for another reader. PDF adds its own checks in `quick_pdf`."""
    if kind != "pdf" and b"%PDF-" in content[:1029]:
        raise Refusal("polyglot", "PDF header inside another type")
    if kind not in ("zip",) and ends_as_zip(content):
        raise Refusal("polyglot", "ZIP directory at the end")
    if kind in ("jpeg", "png", "tiff", "pdf") and HTML_STRONG.search(content[:1024]):
        raise Refusal("polyglot", "markup at the start")


HTML_STRONG = re.compile(
    rb"<(?:!doctype\s+html|html|script|iframe|svg)[\s>]", re.IGNORECASE
)
