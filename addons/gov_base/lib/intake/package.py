"""The ZIP directory of an office package, read by hand: every entry is where it says, once, and of a bounded size.

Python's `zipfile` trusts the central directory. A hostile file makes the central directory, the local headers and the bytes
disagree (overlapping entries, hidden entries, a directory counted in millions), so these are compared here, before any
byte is inflated, and nothing is ever extracted under its name.
"""

import re
import struct
import zlib
from dataclasses import dataclass

from .report import Refusal

CENTRAL, LOCAL, END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"
CHUNK = 256 * 1024
MAX_GAP = 64  # data descriptor, alignment padding between entries
MAX_DIRECTORY = 4 * 1024 * 1024
BAD_NAME = re.compile(r"(^/|^[A-Za-z]:|\\|\x00|(^|/)\.\.(/|$))")


@dataclass(frozen=True)
class Entry:
    """One member: where its bytes are, and what the directory claims about them."""

    name: str
    method: int
    compressed: int
    size: int
    crc: int
    offset: int
    start: int
    encrypted: bool


def directory(content, limits):
    """The entries by name. Raises when the package is malformed, encrypted, or claims more than the limits."""
    try:
        entries = _directory(content, limits)
    except (struct.error, IndexError, ValueError, OverflowError) as error:
        raise Refusal("unreadable", f"ZIP directory: {error}") from error
    if any(entry.encrypted for entry in entries.values()):
        raise Refusal("encrypted", "encrypted entry")
    total = sum(entry.size for entry in entries.values())
    if total > limits.max_inflated:
        raise Refusal("bomb", f"claims {total} bytes")
    for entry in entries.values():
        if entry.size > 1024 * 1024 and entry.size > limits.max_ratio * max(
            entry.compressed, 1
        ):
            raise Refusal("bomb", f"ratio of {entry.name[:80]!r}")
    return entries


def _directory(content, limits):
    end = content.rfind(END, max(0, len(content) - 65_557))
    if end < 0 or end + 22 > len(content):
        raise Refusal("unreadable", "no ZIP end record")
    disk, first, here, count, length, start, comment = struct.unpack_from(
        "<HHHHIIH", content, end + 4
    )
    if (
        disk
        or first
        or here != count
        or 0xFFFF in (count, here)
        or 0xFFFFFFFF in (length, start)
    ):
        raise Refusal("unreadable", "several disks or ZIP64 directory")
    if (
        end + 22 + comment != len(content)
        or start + length != end
        or length > MAX_DIRECTORY
    ):
        raise Refusal("unreadable", "ZIP end record")
    if not 0 < count <= limits.max_entries:
        raise Refusal("bomb", f"{count} entries")
    entries, folded, at = {}, set(), start
    for _number in range(count):
        entry, at = _entry(content, at, start)
        key = entry.name.casefold()
        if key in folded:
            raise Refusal("unreadable", "an entry twice")
        folded.add(key)
        entries[entry.name] = entry
    if at != end:
        raise Refusal("unreadable", "bytes inside the ZIP directory")
    _check_tiling(entries, start)
    return entries


def _entry(content, at, limit):
    (
        magic, made, _needed, flags, method, _time, _date, crc, compressed, size, name_length, extra, comment, disk,
        _internal, external, offset,
    ) = struct.unpack_from("<4sHHHHHHIIIHHHHHII", content, at)  # fmt: skip
    if magic != CENTRAL or disk:
        raise Refusal("unreadable", "ZIP directory entry")
    raw = content[at + 46 : at + 46 + name_length]
    name = raw.decode("utf-8" if flags & 0x800 else "cp437")
    if not name or len(name) > 400 or BAD_NAME.search(name):
        raise Refusal("unreadable", f"entry name {name[:80]!r}")
    if made >> 8 == 3 and (external >> 16) & 0o170000 not in (0, 0o100000, 0o040000):
        raise Refusal("unreadable", "link or device entry")
    if 0xFFFFFFFF in (compressed, size, offset):
        raise Refusal("unreadable", "ZIP64 entry")
    if method not in (0, 8) or (method == 0 and compressed != size):
        raise Refusal("unreadable", f"compression method {method}")
    local = struct.unpack_from("<4sHHHHHIIIHH", content, offset)
    if (
        local[0] != LOCAL
        or local[3] != method
        or content[offset + 30 : offset + 30 + local[9]] != raw
    ):
        raise Refusal("unreadable", "local header differs")
    start = offset + 30 + local[9] + local[10]
    if start + compressed > limit:
        raise Refusal("unreadable", "entry beyond the directory")
    entry = Entry(
        name,
        method,
        compressed,
        size,
        crc,
        offset,
        start,
        bool((flags | local[2]) & 0x2041),
    )
    return entry, at + 46 + name_length + extra + comment


def _check_tiling(entries, limit):
    """Entries follow one another from the first byte: none overlaps, nothing hides between them."""
    at = 0
    for entry in sorted(entries.values(), key=lambda item: item.offset):
        if not 0 <= entry.offset - at <= MAX_GAP:
            raise Refusal("unreadable", "overlapping or hidden entries")
        at = entry.start + entry.compressed
    if limit - at > MAX_GAP:
        raise Refusal("unreadable", "bytes between the entries and the directory")


class Budget:
    """What may still be inflated, shared by all the entries of a file and the files inside it."""

    def __init__(self, limit):
        self.left = limit

    def take(self, count):
        self.left -= count
        if self.left < 0:
            raise Refusal("bomb", "inflates beyond the limit")


def chunks(content, entry, budget):
    """The bytes of one entry, piece by piece; refuses as soon as they exceed what was claimed or the budget."""
    raw = memoryview(content)[entry.start : entry.start + entry.compressed]
    seen, crc = 0, 0
    for piece in _pieces(raw, entry.method):
        seen += len(piece)
        budget.take(len(piece))
        if seen > entry.size:
            raise Refusal("bomb", f"{entry.name[:80]!r} is larger than claimed")
        crc = zlib.crc32(piece, crc)
        yield piece
    if seen != entry.size or crc != entry.crc:
        raise Refusal("unreadable", f"{entry.name[:80]!r} is damaged")


def _pieces(raw, method):
    if method == 0:
        for at in range(0, len(raw), CHUNK):
            yield bytes(raw[at : at + CHUNK])
        return
    engine = zlib.decompressobj(-15)
    try:
        for at in range(0, len(raw), CHUNK):
            piece = engine.decompress(raw[at : at + CHUNK], CHUNK)
            while piece:
                yield piece
                piece = (
                    engine.decompress(engine.unconsumed_tail, CHUNK)
                    if engine.unconsumed_tail
                    else b""
                )
        yield engine.flush(CHUNK)
    except zlib.error as error:
        raise Refusal("unreadable", f"deflate: {error}") from error
    if not engine.eof or engine.unused_data:
        raise Refusal("unreadable", "deflate stream does not end where it should")


def read(content, entry, budget, most):
    """All the bytes of one entry, at most `most`."""
    if entry.size > most:
        raise Refusal("bomb", f"{entry.name[:80]!r} is too large")
    return b"".join(chunks(content, entry, budget))
