"""Structure and size of images from their own headers, before anything decodes them."""

import struct

from .report import Refusal
from .sniff import EOCD, HTML_STRONG

JPEG_SOF = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
MAX_PNG_CHUNKS = 100_000
MAX_SEGMENTS = 20_000


def check(content, kind, limits):
    """Raise when the image is truncated, too large once decoded, or followed by another document."""
    width, height, end = {"png": png_size, "jpeg": jpeg_size, "tiff": tiff_size}[kind](
        content
    )
    if not width or not height:
        raise Refusal("unreadable", "no size")
    if width * height > limits.max_pixels:
        raise Refusal(
            "too_many_pixels",
            f"{width} x {height}",
            limit=limits.max_pixels // 1_000_000,
        )
    tail = content[end:] if end else b""
    if (
        EOCD in tail
        or b"%PDF-" in tail
        or tail.startswith(b"MZ")
        or HTML_STRONG.search(tail)
    ):
        raise Refusal("polyglot", "another document after the image")
    if kind == "png" and tail.strip(b"\x00\r\n\t "):
        raise Refusal("polyglot", "bytes after the image")


def png_size(content):
    """(width, height, offset after IEND)."""
    at, width, height = 8, 0, 0
    for number in range(MAX_PNG_CHUNKS):
        if at + 12 > len(content):
            break
        length, name = struct.unpack_from(">I4s", content, at)
        if (name == b"IHDR") != (number == 0) or at + 12 + length > len(content):
            break
        if name == b"IHDR":
            if length != 13:
                break
            width, height = struct.unpack_from(">II", content, at + 8)
        at += 12 + length
        if name == b"IEND":
            return width, height, at
    raise Refusal("unreadable", "PNG structure")


def jpeg_size(content):
    """(width, height, offset after the last end mark)."""
    at, size = 2, len(content)
    for _number in range(MAX_SEGMENTS):
        if at + 4 > size or content[at] != 0xFF:
            break
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0x01 or 0xD0 <= marker <= 0xD7:
            at += 2
            continue
        if marker in (0xD8, 0xD9, 0xDA):
            break
        length = struct.unpack_from(">H", content, at + 2)[0]
        if length < 2 or at + 2 + length > size:
            break
        if marker in JPEG_SOF:
            if length < 8:
                break
            height, width = struct.unpack_from(">HH", content, at + 5)
            end = content.rfind(b"\xff\xd9")
            if end < at:
                break
            return width, height, end + 2
        at += 2 + length
    raise Refusal("unreadable", "JPEG structure")


def tiff_size(content):
    """(width, height, 0) of the first page: a TIFF has no end."""
    order = "<" if content[:2] == b"II" else ">"
    if len(content) < 8:
        raise Refusal("unreadable", "TIFF header")
    offset = struct.unpack_from(order + "I", content, 4)[0]
    if offset < 8 or offset + 2 > len(content):
        raise Refusal("unreadable", "TIFF directory")
    count = struct.unpack_from(order + "H", content, offset)[0]
    if offset + 2 + 12 * count > len(content):
        raise Refusal("unreadable", "TIFF directory")
    values = {}
    for number in range(count):
        tag, kind, length = struct.unpack_from(
            order + "HHI", content, offset + 2 + 12 * number
        )
        if tag in (256, 257) and length == 1 and kind in (3, 4):
            values[tag] = struct.unpack_from(
                order + ("H" if kind == 3 else "I"), content, offset + 10 + 12 * number
            )[0]
    return values.get(256, 0), values.get(257, 0), 0
