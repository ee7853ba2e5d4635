"""Compares objects of a PDF as they are written, references not followed."""

import io

from .structure import entry


def same(was, now) -> bool:
    """Whether two objects are written the same, references not followed."""
    return type(was) is type(now) and spelled(was) == spelled(now)


def spelled(value):
    from pyhanko.pdf_utils import generic

    if isinstance(value, generic.StreamObject):
        entries = {key: spelled(value.raw_get(key)) for key in value}
        entries.pop("/Length", None)
        return entries, value.encoded_data
    out = io.BytesIO()
    value.write_to_stream(out, None)
    return out.getvalue()


def raw_of(dictionary, key):
    return dictionary.raw_get(key) if key in dictionary else None


def reference_of(value):
    return getattr(value, "reference", None)


def items(array):
    return (array.raw_get(at) for at in range(len(array))) if array else ()


def delta(was, now):
    """Keys of two dictionaries whose values are not written the same."""
    if not hasattr(was, "raw_get") or not hasattr(now, "raw_get"):
        return set(was or ()) ^ set(now or ())
    keys = set(was) | set(now)
    return {
        key
        for key in keys
        if key not in was
        or key not in now
        or not same(was.raw_get(key), now.raw_get(key))
    }


def only_more(was, now):
    """Whether a dictionary of dictionaries only gained names."""
    for key in was:
        if key not in now:
            return False
        if same(was.raw_get(key), now.raw_get(key)):
            continue
        inner, outer = was[key], now[key]
        if not hasattr(inner, "raw_get") or any(
            name not in outer or not same(raw_of(inner, name), raw_of(outer, name))
            for name in inner
        ):
            return False
    return True


def is_container(value):
    """Tables of contents and packed objects are no part of what is shown."""
    from pyhanko.pdf_utils import generic

    return isinstance(value, generic.StreamObject) and entry(value, "/Type") in (
        "/XRef",
        "/ObjStm",
    )
