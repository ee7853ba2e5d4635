"""What programs write about a file beside what it shows: which program, and when.

Programs that sign note it in the information dictionary and in the XMP metadata, and may
raise the version of the file. None of it is drawn; it may change, and nothing else
hides there: title and author stay, the metadata are one stream that only the catalog
names (ISO 32000-2 §14.3, §7.2.2).
"""

import re

from .acts_objects import only

_INFO_KEYS = {"/Producer", "/ModDate"}
_METADATA_KEYS = {"/Type", "/Subtype", "/Length", "/Filter"}
_VERSION = re.compile(r"/(1\.[0-7]|2\.0)")
#: More than this is not metadata.
_LIMIT = 256 * 1024


def refs(new) -> set:
    """References of the objects that tell about a file, in a revision."""
    from pyhanko.pdf_utils import generic

    found = (
        (new.trailer_view, "/Info"),
        (new.root, "/Metadata"),
    )
    values = [owner.raw_get(key) for owner, key in found if key in owner]
    return {
        value.reference for value in values if isinstance(value, generic.IndirectObject)
    }


def holds(old, new, ref) -> bool:
    """Whether an object that was written again only tells about the file."""
    trailer, root = old.trailer_view, old.root
    if _names(trailer, "/Info", ref) and _names(new.trailer_view, "/Info", ref):
        return _is_info(old(ref), new(ref))
    return (
        _names(root, "/Metadata", ref)
        and _names(new.root, "/Metadata", ref)
        and _is_metadata(old(ref))
        and _is_metadata(new(ref))
        and all(
            tuple(path) == ("/Root", "/Metadata")
            for path in old._get_usages_of_ref(ref)
        )
    )


def catalog_keys(old, new, was, now) -> set:
    """Keys of the catalog that changed and only tell about the file."""
    from pyhanko.pdf_utils import generic

    keys = set()
    if "/Metadata" in now and "/Metadata" not in was:
        value = now.raw_get("/Metadata")
        if (
            isinstance(value, generic.IndirectObject)
            and old.is_ref_unassignable(value.reference)
            and _is_metadata(new(value.reference))
        ):
            keys.add("/Metadata")
    versions = [
        str(one.raw_get("/Version")) if "/Version" in one else "/1.0"
        for one in (was, now)
    ]
    if (
        "/Version" in now
        and _VERSION.fullmatch(versions[1])
        and versions[0] <= versions[1]
    ):
        keys.add("/Version")
    return keys


def _names(owner, key, ref):
    from pyhanko.pdf_utils import generic

    value = owner.raw_get(key) if key in owner else None
    return isinstance(value, generic.IndirectObject) and value.reference == ref


def _is_info(was, now):
    from pyhanko.pdf_utils import generic

    texts = (generic.TextStringObject, generic.ByteStringObject)
    return only(was, now, _INFO_KEYS) and all(
        isinstance(now.raw_get(key), texts) for key in _INFO_KEYS & now.keys()
    )


def _is_metadata(value):
    from pyhanko.pdf_utils import generic

    return (
        isinstance(value, generic.StreamObject)
        and not set(value) - _METADATA_KEYS
        and value.get("/Type") == "/Metadata"
        and value.get("/Subtype") == "/XML"
        and not any(isinstance(one, generic.IndirectObject) for one in value.values())
        and len(value.encoded_data) <= _LIMIT
    )
