"""Compares objects of a PDF as they are written, references not followed."""

import io

from . import tables
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


def is_stream(value):
    from pyhanko.pdf_utils import generic

    return isinstance(value, generic.StreamObject)


def is_table(value):
    """A table of contents is no part of what is shown."""
    return is_stream(value) and entry(value, "/Type") == "/XRef"


def grew(was, now):
    """Whether an array only got more items: those there were keep their order."""
    more = iter([spelled(one) for one in items(now)])
    return all(any(one == other for other in more) for one in map(spelled, items(was)))


def store_grew(was, now, depth=0):
    """Whether a store of proofs lost nothing and has only what a store has."""
    from pyhanko.pdf_utils import generic

    if depth > 3 or is_stream(now) or now is None:
        return False
    if isinstance(now, generic.ArrayObject):
        return was is None or isinstance(was, generic.ArrayObject) and grew(was, now)
    if not isinstance(now, generic.DictionaryObject):
        return was is not None and same(was, now)
    known = tables.STORE | tables.PIECES
    # The others are the names of signatures (VRI): their digests.
    if any(key not in known and not tables.DIGEST.fullmatch(key) for key in now):
        return False
    if was is None:
        was = generic.DictionaryObject()
    if not isinstance(was, generic.DictionaryObject) or set(was) - set(now):
        return False
    return all(
        store_grew(entry(was, key), now[key], depth + 1)
        for key in delta(was, now) - {"/Type", "/TU", "/TS"}
    )


def tags_grew(was, now):
    """Whether a part of the structure tree only got more below it."""
    from pyhanko.pdf_utils import generic

    if isinstance(now, generic.ArrayObject):
        return isinstance(was, generic.ArrayObject) and grew(was, now)
    if not isinstance(now, generic.DictionaryObject):
        return False
    if set(was) - set(now) or delta(was, now) - tables.TAGS:
        return False
    for key in delta(was, now) & set(was) - {"/Limits", "/ParentTreeNextKey"}:
        one, other = was.raw_get(key), now.raw_get(key)
        if not isinstance(other, generic.ArrayObject):
            return False
        if not isinstance(one, generic.ArrayObject):
            one = generic.ArrayObject([one])
        if not grew(one, other):
            return False
    return True
