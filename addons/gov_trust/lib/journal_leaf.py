"""The leaf of the journal: the envelope the sequencer closes round a pending event.

The body's canonical bytes exist before the sequencer runs; what it adds is a number
it has just counted, an instant and the stream. The envelope's keys are in canonical
order, so joining the parts gives canonical JSON without reading the body again.
"""

import datetime
import hashlib
import re
from json.encoder import encode_basestring as _quoted

from .canonical import canonical

VERSION = 1
_PATTERN = re.compile(r"\{(\w+)(?::0(\d))?\}")


def instant_text(moment: datetime.datetime) -> str:
    """UTC instant with microseconds, ``2026-11-22T14:00:00.123456Z``."""
    if moment.tzinfo is not None:
        moment = moment.astimezone(datetime.UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06d}Z"


def parse_instant(text: str) -> datetime.datetime:
    """Inverse of :func:`instant_text`; naive UTC."""
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ")


def leaf_bytes(
    *,
    body: str,
    event: str,
    instant: str,
    kind: str,
    seq: int,
    stream: str,
    number: tuple[int, int, str] | None = None,
) -> bytes:
    """Canonical bytes of one sequenced event.

    :param body: canonical JSON text of the event's content
    :param number: (year, sequence, text) when the event takes a register number
    """
    if number is None:
        numbered = "null"
    else:
        year, sequence, text = number
        numbered = f'{{"sequence":{sequence},"text":{_quoted(text)},"year":{year}}}'
    return (
        f'{{"body":{body},"event":{_quoted(event)},"instant":"{instant}",'
        f'"kind":{_quoted(kind)},"number":{numbered},"seq":{seq},'
        f'"stream":{_quoted(stream)},"v":{VERSION}}}'
    ).encode()


def head_bytes(*, stream: str, size: int, root: bytes, instant: str) -> bytes:
    """Canonical bytes of a tree head, the thing the journal key signs."""
    return canonical(
        {
            "root": root.hex(),
            "size": size,
            "stream": stream,
            "time": instant,
            "v": VERSION,
        }
    )


def format_number(pattern: str, *, year: int, number: int) -> str:
    """Apply a bound pattern such as ``RBT/{year}/{number:06}``.

    Only ``{year}`` and ``{number}`` (with an optional ``:0N`` width) are read; every
    other character stands for itself, so no pattern can fail.
    """
    values = {"year": year, "number": number}

    def put(match):
        value = values.get(match[1])
        return match[0] if value is None else str(value).zfill(int(match[2] or 0))

    return _PATTERN.sub(put, pattern)


def salted_digest(salt: bytes, value) -> str:
    """Digest of an erasable field: SHA-256(salt ‖ canonical(value)), hex.

    :param salt: 16 random bytes kept beside the value, erased with it
    """
    return hashlib.sha256(salt + canonical(value)).hexdigest()
