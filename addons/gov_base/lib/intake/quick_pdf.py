"""Exact and cheap checks of a PDF, in this process, on the bytes alone."""

import itertools
import re

from .report import Refusal
from .sniff import EOCD, HTML_STRONG

EOF_MARK = b"%%EOF"
BLANK = b"\r\n\t \x00\x0c"
OTHER_STARTS = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"MZ",
    b"\x7fELF",
    b"Rar!",
    b"7z\xbc",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"#!",
)
MAX_LEAD = 16
MAX_TAIL = 1_024
MAX_HEADERS = 1_000
MAX_NAMES = 20_000
STREAM_START = re.compile(rb"stream\r?\n?\s{0,4}\Z")
ENCRYPT = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
# A name may be written with escapes (/#45ncrypt): only such names are unescaped before the search.
ESCAPED_NAME = re.compile(rb"/[A-Za-z#0-9]{0,40}#[0-9A-Fa-f]{2}[A-Za-z#0-9]{0,40}")
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")


def check(content):
    """Raise on what is certain from the bytes: truncated, two documents in one, a hidden second type."""
    header = content.find(b"%PDF-", 0, 1_030)
    if header < 0 or header > MAX_LEAD:
        raise Refusal("polyglot", "PDF header not at the start")
    end = content.rfind(EOF_MARK)
    if end < 0 or content.rfind(b"startxref", max(0, end - 2_048), end) < 0:
        raise Refusal("unreadable", "no end of file mark")
    tail = content[end + len(EOF_MARK) :]
    if (
        EOCD in tail
        or b"PK\x03\x04" in tail
        or tail.lstrip(BLANK).startswith((b"%PDF-", b"MZ"))
        or HTML_STRONG.search(tail)
    ):
        raise Refusal("polyglot", "another document after the end")
    if len(tail.strip(BLANK)) > MAX_TAIL:
        raise Refusal("unreadable", "bytes after the end of file mark")
    _check_joints(content)
    at = content.find(b"%PDF-", header + 5)
    for _number in range(MAX_HEADERS):
        if at < 0:
            return
        # An attachment stored as it is begins right after `stream`; a second document begins its own line.
        starts_line = content[at - 1 : at] in (b"\r", b"\n")
        embedded = STREAM_START.search(content[max(0, at - 16) : at])
        if starts_line and content[at + 5 : at + 6].isdigit() and not embedded:
            raise Refusal("polyglot", "second PDF header")
        at = content.find(b"%PDF-", at + 5)
    raise Refusal("polyglot", "too many PDF headers")


def _check_joints(content):
    """An update may follow an end of file mark; the start of another kind of file may not."""
    at = content.find(EOF_MARK)
    for _number in range(MAX_HEADERS):
        if at < 0:
            return
        rest = content[at + len(EOF_MARK) : at + 64].lstrip(BLANK)
        if rest.startswith(OTHER_STARTS) or HTML_STRONG.match(rest):
            raise Refusal("polyglot", "another document after an end of file mark")
        at = content.find(EOF_MARK, at + 5)
    raise Refusal("polyglot", "too many end of file marks")


def looks_encrypted(content):
    """True when a trailer seems to name an encryption dictionary. The deep part decides; this holds when it cannot run."""
    if b"/Encrypt" in content and ENCRYPT.search(content):
        return True
    if b"#" not in content:
        return False
    for match in itertools.islice(ESCAPED_NAME.finditer(content), MAX_NAMES):
        name = ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), match[0])
        if name == b"/Encrypt":
            return True
    return False
