"""What each revision of an act changed: its own box, and nothing else.

Every object that a revision writes anew is compared with what it was: a field may get its
value and its picture; a field that was added may appear in the form and on its page. The
rules of pyHanko are asked as well, without the one that lets form values change.
"""

import functools
import io
import re
from itertools import pairwise

from .acts_form import SIGNATURE, meet, place_of

_END = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF\s*\Z")


class Changed(ValueError):
    """A revision changed more than it may; the text says what."""


def check(reader, pdf: bytes, places) -> None:
    """Check the revisions between the signatures of an act.

    :param reader: pyHanko's reader of the whole file
    :param pdf: the bytes it reads
    :param places: signatures in order, dicts with ``value`` and ``field_ref``
        (references) and ``size``
    :raise Changed: a revision does something else than add its signature
    """
    xrefs = reader.xrefs
    numbers = [xrefs.get_introducing_revision(place["value"]) for place in places]
    if numbers != sorted(set(numbers)) or numbers[-1] != xrefs.total_revisions - 1:
        raise Changed("the file has a revision that nobody signed")
    for place, number in zip(places, numbers, strict=True):
        if any(
            xrefs.get_last_change(place[name]) != number
            for name in ("value", "field_ref")
        ):
            raise Changed("a signature was written again after it was made")
        _check_end(xrefs, pdf[: place["size"]], number)
    for place, (before, after) in zip(places[1:], pairwise(numbers), strict=True):
        _check_step(reader, place, before, after)


def _check_end(xrefs, covered, number):
    """The signed bytes are a whole file, read through the same tables as now."""
    end = _END.search(covered[-64:])
    if not end or int(end[1]) != xrefs.get_startxref_for_revision(number):
        raise Changed("a signature does not end with its revision")
    for revision in range(number + 1):
        if xrefs.get_xref_container_info(revision).end_location > len(covered):
            raise Changed("a signature does not cover its own revision")


def _check_step(reader, place, before, after):
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
    added = place["field_ref"] if old.is_ref_unassignable(place["field_ref"]) else None
    if added and place["kind"] != SIGNATURE:
        raise Changed("the field of the seal was added after the first signature")
    if added and _covers(new, added):
        raise Changed("the box of an added field lies over another one")
    where = _where(new, added) if added else {}
    old._load_reverse_xref_cache()
    for ref in written:
        if not old.is_ref_unassignable(ref):
            _check_object(old, new, ref, place["field_ref"], added, where)
        elif old._get_usages_of_ref(ref):
            # Prepared before the signature, to show something else after it.
            raise Changed(
                "a revision gave content to what was empty when it was signed"
            )
    policy = _policy()
    for number in range(before + 1, after + 1):
        policy.apply(
            reader.get_historical_resolver(number - 1),
            reader.get_historical_resolver(number),
        )


def _named(trailer, key):
    return trailer.raw_get(key) if key in trailer else None


def _check_object(old, new, ref, filled, added, where):
    was, now = old(ref), new(ref)
    if _same(was, now):
        return
    if ref in where:
        key = where[ref]
        if key is None:
            if _appended(was, now, added):
                return
        elif _only(was, now, {key}) and _appended(
            was.raw_get(key) if key in was else [], now.raw_get(key), added
        ):
            return
    if ref == filled and "/V" not in was and _only(was, now, {"/V", "/AP"}):
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
    """Objects that an added field appears in: {reference: key, None for an array}."""
    from pyhanko.pdf_utils import generic

    form_ref = new.root.raw_get("/AcroForm")
    page_ref = new(added).raw_get("/P")
    places = {}
    for owner, key in ((form_ref, "/Fields"), (page_ref, "/Annots")):
        if not isinstance(owner, generic.IndirectObject):
            raise Changed("a field was added in a way that cannot be followed")
        value = new(owner.reference).raw_get(key)
        if isinstance(value, generic.IndirectObject):
            places[value.reference] = None
        places[owner.reference] = key
    return places


def _appended(was, now, added):
    """Whether an array is what it was, then the added field (or the same reference)."""
    from pyhanko.pdf_utils import generic

    if isinstance(now, generic.IndirectObject):
        # The array itself is looked at under its own reference.
        return isinstance(was, generic.IndirectObject) and was == now or was == []
    if not isinstance(now, generic.ArrayObject) or len(now) != len(was) + 1:
        return False
    last = now.raw_get(len(was))
    return (
        all(_same(was.raw_get(at), now.raw_get(at)) for at in range(len(was)))
        and isinstance(last, generic.IndirectObject)
        and last.reference == added
    )


def _only(was, now, keys):
    """Whether two dictionaries differ at most in ``keys`` and lose nothing."""
    from pyhanko.pdf_utils import generic

    return (
        type(was) is type(now)
        and isinstance(now, generic.DictionaryObject)
        and not isinstance(now, generic.StreamObject)
        and not was.keys() - now.keys()
        and not now.keys() - was.keys() - keys
        and all(_same(was.raw_get(key), now.raw_get(key)) for key in was.keys() - keys)
    )


def _same(was, now):
    """Whether two objects are written the same, references not followed."""
    from pyhanko.pdf_utils import generic

    def spelled(value):
        out = io.BytesIO()
        value.write_to_stream(out, None)
        return out.getvalue()

    if isinstance(was, generic.StreamObject) or isinstance(now, generic.StreamObject):
        return (
            isinstance(was, generic.StreamObject)
            and isinstance(now, generic.StreamObject)
            and was.encoded_data == now.encoded_data
            and dict.__eq__(was, now)
        )
    return type(was) is type(now) and spelled(was) == spelled(now)


@functools.lru_cache(maxsize=1)
def _policy():
    """Rules of pyHanko without the one that lets the value of any field change."""
    from pyhanko.sign.diff_analysis.form_rules_api import FormUpdatingRule
    from pyhanko.sign.diff_analysis.policies import (
        DEFAULT_DIFF_POLICY,
        StandardDiffPolicy,
    )
    from pyhanko.sign.diff_analysis.rules.form_field_rules import (
        SigFieldCreationRule,
        SigFieldModificationRule,
    )

    rules = [SigFieldCreationRule(), SigFieldModificationRule()]
    return StandardDiffPolicy(
        global_rules=list(DEFAULT_DIFF_POLICY.global_rules),
        form_rule=FormUpdatingRule(field_rules=rules),
    )
