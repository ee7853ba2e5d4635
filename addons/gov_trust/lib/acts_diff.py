"""What each revision of an act changed: its own box, and nothing else.

Every object that a revision writes anew is compared with what it was: a field may get its
value and its picture; a field that was added may appear in the form and on its page. What
proves signatures later may be added at any time, also after the closing seal: entries of
the document security store (:mod:`.dss`), and document time-stamps in invisible fields.
The rules of pyHanko are asked as well, without the one that lets form values change.
"""

import re
from itertools import pairwise

from . import acts_about, xref_bounds
from .acts_form import SIGNATURE, entry, meet, place_of
from .acts_objects import (
    Changed,
    appended,
    catalog_holds,
    check_unsigned,
    flagged,
    only,
    same,
    store_parts,
    strict_policy,
)

#: Kind of a place that holds a document time-stamp (ETSI.RFC3161).
TIMESTAMP = "timestamp"
_END = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF\s*\Z")
#: What an invisible field that holds a time-stamp is made of.
_TIMESTAMP_KEYS = {
    *("/Type", "/Subtype", "/FT", "/T", "/V", "/F", "/Ff", "/P", "/Rect"),
}


def check(reader, pdf: bytes, places, base=0) -> None:
    """Check the revisions between the signatures of an act, and after the last one.

    :param reader: pyHanko's reader of the whole file
    :param pdf: the bytes it reads
    :param places: signatures and document time-stamps in order, dicts with ``kind``,
        ``value`` and ``field_ref`` (references) and ``size``
    :param base: so many of them the document came with; the boxes were added after
    :raise Changed: a revision does something else than add its signature, its
        time-stamp or entries of the store
    """
    numbers = _numbers(reader, pdf, places)
    steps = zip(places[1:], pairwise(numbers), strict=True)
    for at, (place, (before, after)) in enumerate(steps, 1):
        if at < base:
            _check_elsewhere(reader, before, after)
        else:
            _check_step(reader, place, before, after, adding=at == base)
    _check_tail(reader, pdf, places, numbers)


def check_base(reader, pdf: bytes, places) -> None:
    """Check the revisions of a document that was signed elsewhere.

    :raise Changed: something was changed after a signature
    """
    numbers = _numbers(reader, pdf, places)
    for before, after in pairwise(numbers):
        _check_elsewhere(reader, before, after)
    _check_tail(reader, pdf, places, numbers)


def check_boxes_added(reader, places, names) -> None:
    """Check the last revision: it added boxes to a document that was signed elsewhere.

    :param names: of the fields that were added
    :raise Changed: it changed something else
    """
    last = reader.xrefs.total_revisions - 1
    signed = reader.xrefs.get_introducing_revision(places[-1]["value"])
    first = next(
        ref.reference
        for ref in reader.root["/AcroForm"]["/Fields"]
        if ref.get_object()["/T"] == names[0]
    )
    place = {"field_ref": first, "kind": SIGNATURE, "empty": True}
    _check_step(reader, place, signed, last, adding=True)


def check_since(reader, place, size) -> None:
    """Check what was written between a file and the next signature on it.

    :param place: of the signature
    :param size: the first ``size`` bytes are the file
    :raise Changed: something else was changed
    """
    xrefs = reader.xrefs
    before = max(
        number
        for number in range(xrefs.total_revisions)
        if xrefs.get_xref_container_info(number).end_location <= size
    )
    after = xrefs.get_introducing_revision(place["value"])
    _check_step(reader, place, before, after)


def _numbers(reader, pdf, places):
    """Revisions that the signatures are in, each whole and never written again."""
    xrefs = reader.xrefs
    numbers = [xrefs.get_introducing_revision(place["value"]) for place in places]
    if numbers != sorted(set(numbers)):
        raise Changed("the file has a revision that nobody signed")
    for place, number in zip(places, numbers, strict=True):
        if any(
            xrefs.get_last_change(place[name]) != number
            for name in ("value", "field_ref")
        ):
            raise Changed("a signature was written again after it was made")
        _check_end(reader, pdf[: place["size"]], number)
    if xref_bounds.ambiguous(reader, pdf, numbers[0]):
        raise Changed("a revision can be read in several ways")
    return numbers


def _check_tail(reader, pdf, places, numbers):
    xrefs = reader.xrefs
    last = xrefs.total_revisions - 1
    if numbers[-1] != last:
        _check_end(reader, pdf, last)
        _check_step(reader, None, numbers[-1], last)
    elif places[-1]["size"] != len(pdf):
        raise Changed("the last signature does not cover the whole file")


def _check_end(reader, covered, number):
    """The signed bytes are a whole file, read through the same tables as now."""
    xrefs = reader.xrefs
    end = _END.search(covered[-64:])
    if not end or int(end[1]) != xrefs.get_startxref_for_revision(number):
        raise Changed("a signature does not end with its revision")
    for revision in range(number + 1):
        if xrefs.get_xref_container_info(revision).end_location > len(covered):
            raise Changed("a signature does not cover its own revision")
    if xref_bounds.beyond(xrefs, number, len(covered)):
        raise Changed("what was signed is made of what was written later")


def _check_elsewhere(reader, before, after):
    """Between signatures of other programs: what the strict rules of pyHanko allow."""
    for number in range(before + 1, after + 1):
        strict_policy().apply(
            reader.get_historical_resolver(number - 1),
            reader.get_historical_resolver(number),
        )


def _check_step(reader, place, before, after, adding=False):
    """Check what was written between two revisions that were signed.

    :param place: what the later one signed; None when nobody signed it: the store
        alone may have grown
    :param adding: the boxes of an act were added here
    """
    xrefs = reader.xrefs
    old, new = (reader.get_historical_resolver(number) for number in (before, after))
    written = set()
    for number in range(before + 1, after + 1):
        if xrefs.refs_freed_in_revision(number):
            raise Changed("a revision removed something from the file")
        written |= xrefs.explicit_refs_in_revision(number)
    for key in ("/Root", "/Info"):
        if _named(new.trailer_view, key) != _named(old.trailer_view, key):
            raise Changed("a revision put another document in the place of the signed")
    added, where = _check_added(old, new, place, adding)
    old._load_reverse_xref_cache()
    store = store_parts(reader, before, after)
    if place is None:
        check_unsigned(reader, before, after, written, acts_about.refs(new))
    filled = place and place["field_ref"]
    for ref in written:
        if not old.is_ref_unassignable(ref):
            _check_object(old, new, ref, filled, added, where, store)
        elif old._get_usages_of_ref(ref):
            # Prepared before the signature, to show something else after it.
            raise Changed(
                "a revision gave content to what was empty when it was signed"
            )
    _check_elsewhere(reader, before, after)


def _check_added(old, new, place, adding):
    """Return the fields that were added, and where they may appear."""
    if place is None:
        return frozenset(), {}
    if adding:
        added = fields_of(new) - fields_of(old)
        _check_boxes(old, new, place, added)
        return added, _where(new, added)
    ref, kind = place["field_ref"], place["kind"]
    added = frozenset({ref} if old.is_ref_unassignable(ref) else ())
    if kind == TIMESTAMP:
        if not added or not _invisible(new(ref)):
            raise Changed("a time-stamp is not in a new field that nobody sees")
    elif added:
        if kind != SIGNATURE:
            raise Changed("the field of the seal was added after the first signature")
        if _covers(new, ref):
            raise Changed("the box of an added field lies over another one")
    return added, _where(new, added)


def _check_boxes(old, new, place, added):
    """The boxes of an act, added to a document that was signed elsewhere."""
    for ref in added:
        if not old.is_ref_unassignable(ref):
            raise Changed("a box was made of something that was there before")
        filled = ref == place["field_ref"] and not place.get("empty")
        if ("/V" in new(ref)) != filled:
            raise Changed("a box was filled by nobody's signature")
        if _covers(new, ref):
            raise Changed("the box of an added field lies over another one")
    if place["field_ref"] not in added:
        raise Changed("a signature is in a box that was not made for it")


def fields_of(resolver) -> frozenset:
    """References of the fields of the form, as a revision has them."""
    form = entry(resolver.root, "/AcroForm", {})
    return frozenset(ref.reference for ref in entry(form, "/Fields", ()))


def _invisible(field):
    left, low, right, high = (float(number) for number in field["/Rect"])
    return left == right and low == high and not set(field) - _TIMESTAMP_KEYS


def _named(trailer, key):
    return trailer.raw_get(key) if key in trailer else None


def _check_object(old, new, ref, filled, added, where, store):
    was, now = old(ref), new(ref)
    if same(was, now) or (ref in store and type(was) is type(now)):
        return
    if acts_about.holds(old, new, ref):
        return
    if ref in where:
        key = where[ref]
        if key is None:
            if appended(new, was, now, added):
                return
        elif only(was, now, flagged(was, now, key)) and appended(
            new, was.raw_get(key) if key in was else [], now.raw_get(key), added
        ):
            return
    if ref == filled and "/V" not in was and only(was, now, {"/V", "/AP"}):
        return
    if ref == new.root_ref and catalog_holds(
        new, was, now, added, acts_about.catalog_keys(old, new, was, now)
    ):
        return
    raise Changed("a revision changed something else than the box of its signature")


def _covers(new, added):
    box = place_of(new(added))
    for ref in new.root["/AcroForm"]["/Fields"]:
        if ref.reference != added:
            page, rect = place_of(ref.get_object())
            if page == box[0] and meet(box[1], rect):
                return True
    return False


def _where(new, added):
    """Objects that added fields appear in: {reference: key, None for an array}."""
    from pyhanko.pdf_utils import generic

    if not added:
        return {}
    form_ref = new.root.raw_get("/AcroForm")
    owners = [(form_ref, "/Fields")]
    owners += [(new(ref).raw_get("/P"), "/Annots") for ref in added]
    places = {}
    for owner, key in owners:
        if owner is form_ref and isinstance(owner, generic.DictionaryObject):
            # Written in the catalog itself, which is looked at as a whole.
            value = owner.raw_get(key)
            if isinstance(value, generic.IndirectObject):
                places[value.reference] = None
            continue
        if not isinstance(owner, generic.IndirectObject):
            raise Changed("a field was added in a way that cannot be followed")
        value = new(owner.reference).raw_get(key)
        if isinstance(value, generic.IndirectObject):
            places[value.reference] = None
        places[owner.reference] = key
    return places
