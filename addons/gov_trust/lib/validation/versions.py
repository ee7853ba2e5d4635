"""The signed revisions of a file of ours: what each prefix of it weighs and counts.

For files that were just made and checked here; hostile ones go through :mod:`.service`.
"""

import hashlib
import re

from .. import lta

_RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")
_END = re.compile(rb"startxref\s+\d{1,10}\s+%%EOF(?:\r\n|\n|\r)?")
_STAMP = re.compile(rb"/DocTimeStamp\b|/ETSI\.RFC3161\b")


def of(pdf: bytes) -> list[dict]:
    """Every signed revision, first made first; the last one is the whole file.

    :return: dicts with ``sha256``, ``size``, ``signatures`` (timestamps not counted),
        ``level`` and ``final`` (every signature of the file is in it)
    """
    signed, start = [], 0
    for match in _RANGE.finditer(pdf):
        _begin, end, length = map(int, match.groups())
        size = end + length
        if size > len(pdf):
            continue
        # The type of a signature is written beside its byte range, in its dictionary.
        begin = pdf.rfind(b" obj", 0, match.start())
        stop = pdf.find(b"endobj", max(end, match.end()))
        own = pdf[begin : match.start()] + pdf[max(end, match.end()) : stop]
        signed.append(
            (size, not _STAMP.search(own + pdf[match.start() : int(match[1])]))
        )
        start = max(start, size)
    acts = sorted(size for size, act in signed if act)
    sizes = {size for size, _act in signed} | {len(pdf)}
    if acts:
        sizes |= {m.end() for m in _END.finditer(pdf) if m.end() >= acts[-1]}
    digest, done, found = hashlib.sha256(), 0, []
    for size in sorted(sizes):
        digest.update(memoryview(pdf)[done:size])
        done = size
        count = sum(one <= size for one in acts)
        found.append(
            {
                "sha256": digest.hexdigest(),
                "size": size,
                "signatures": count,
                "level": _level(pdf[:size]) if count else "",
                "final": count == len(acts),
            }
        )
    return found


def _level(pdf):
    try:
        return lta.level(pdf) or ""
    except lta.LtaRefused:
        return ""


def prefixes(stream, sizes) -> dict[str, int]:
    """SHA-256 of the first bytes of a file, for each of some sizes: {digest: size}.

    :param stream: file open for reading in binary mode, at its beginning
    """
    digest, done, found = hashlib.sha256(), 0, {}
    for size in sorted(set(sizes)):
        while done < size:
            part = stream.read(min(1 << 20, size - done))
            if not part:
                return found
            digest.update(part)
            done += len(part)
        found[digest.hexdigest()] = size
    return found
