"""Canonical JSON: one text, and one only, for one value.

Follows RFC 8785 (JCS) on the part of JSON the journal uses: objects with string
keys, arrays, strings, integers, booleans and null. Floats have no place in evidence
and are refused, which also removes the only hard part of RFC 8785.
"""

import json

#: RFC 8785 §3.2.2.3 and I-JSON: integers every JSON reader keeps exactly.
MAX_SAFE_INTEGER = 2**53 - 1


class CanonicalError(ValueError):
    """The value has no canonical form (float, odd key, lone surrogate…)."""


def canonical(value) -> bytes:
    """Return the canonical UTF-8 bytes of ``value``.

    :param value: dict with str keys, list or tuple, str, int, bool or None, nested
    :return: UTF-8 bytes; keys sorted by UTF-16 code units (RFC 8785 §3.2.3), no space
    :raise CanonicalError: when the value cannot be written the same way by everybody
    """
    try:
        return json.dumps(
            _checked(value),
            ensure_ascii=False,
            separators=(",", ":"),
            allow_nan=False,
        ).encode("utf-8")
    except UnicodeEncodeError as error:
        raise CanonicalError("a text holds a lone surrogate") from error
    except RecursionError as error:
        raise CanonicalError("the value is nested too deeply") from error


def parse(text: str | bytes):
    """Read canonical JSON back, refusing anything that is not canonical.

    :raise CanonicalError: not JSON, duplicate keys, or not the canonical spelling
    """
    raw = text.encode("utf-8") if isinstance(text, str) else text
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise CanonicalError("not JSON") from error
    if canonical(value) != raw:
        raise CanonicalError("not in canonical form")
    return value


def _checked(value):
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        if abs(value) > MAX_SAFE_INTEGER:
            raise CanonicalError("an integer is beyond 2^53-1")
        return value
    if isinstance(value, list | tuple):
        return [_checked(item) for item in value]
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise CanonicalError("an object key is not a text")
        keys = sorted(value, key=_utf16)
        return {key: _checked(value[key]) for key in keys}
    raise CanonicalError(f"{type(value).__name__} has no canonical form")


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")
