"""Signatures that a document came with, before it was prepared for ours.

They are kept when they allow it: our boxes are appended in one revision, which leaves
every byte of theirs. Whether they are trusted is another question; here they are intact,
and nothing was changed since but what they allow (ISO 32000-2 §12.8.2.2).
"""

import datetime
from dataclasses import replace

from . import acts_diff, acts_places, held
from .acts_form import SEAL, ActRefused, entry
from .acts_places import TIMESTAMP
from .held import ELSEWHERE, NotHeld
from .trust import NotTrusted, Store


def count(reader, places) -> int:
    """How many signatures and time-stamps the document came with.

    They come before the revision in which boxes for others were added.
    """
    numbers = [
        reader.xrefs.get_introducing_revision(place["value"]) for place in places
    ]
    there = [
        acts_diff.fields_of(reader.get_historical_resolver(number))
        for number in numbers
    ]
    for at in range(1, len(places)):
        added, place = there[at] - there[at - 1], places[at]
        if added - {place["field_ref"]} or (added and place["kind"] == SEAL):
            return at
    return 0


def held_signature(pdf, reader, place, store, now):
    """Check a signature that the document came with.

    :return: :class:`~.held.Found`, made elsewhere
    :raise NotHeld: not intact, or one of the platform's own
    """
    _refuse_lock(reader.get_object(place["field_ref"]))
    # Others answer for it: that it was revoked since takes nothing from what we signed.
    found = held.signature(pdf, place, store, now, lenient=True)
    if place["kind"] == SEAL or _is_internal(store, found.certificate):
        raise NotHeld("boxes were added after the first signature of the act")
    return replace(found, made_by=ELSEWHERE, came_with=True)


def _is_internal(store, certificate):
    try:
        return store.is_internal(certificate)
    except NotTrusted:
        return False


def check(pdf: bytes, store=None, now=None) -> list:
    """Check that what a document is signed with lets it be signed by others.

    :param store: :class:`.trust.Store`; without one nobody is trusted
    :return: places of its signatures and time-stamps, in order
    :raise ActRefused: with a sentence that says why
    """
    now = now or datetime.datetime.now(datetime.UTC)
    try:
        reader = acts_places.open_reader(pdf)
        for ref in acts_diff.fields_of(reader):
            _refuse_lock(reader.get_object(ref))
        places = acts_places.find(pdf, reader)
        if len(acts_diff.fields_of(reader)) != len(places):
            raise ActRefused("the file is signed already, and waits for a signature")
        _refuse_actions(reader.root)
        for place in places:
            if place["kind"] == TIMESTAMP:
                held.timestamp(pdf, place, store or Store(), now)
            else:
                held_signature(pdf, reader, place, store or Store(), now)
        acts_diff.check_base(reader, pdf, places)
    except ActRefused:
        raise
    except Exception as error:
        # pyHanko answers a hostile file with eight unrelated exception classes.
        raise ActRefused(
            f"the file is signed already, and its signatures cannot be kept: {error}"
        ) from error
    return places


def signers(pdf: bytes, store=None, now=None) -> list[str]:
    """Names of those who signed a document, by their certificates, in order.

    :raise ActRefused: as :func:`check`
    """
    now = now or datetime.datetime.now(datetime.UTC)
    places = check(pdf, store, now)
    reader = acts_places.open_reader(pdf)
    return [
        held_signature(pdf, reader, place, store or Store(), now).name
        for place in places
        if place["kind"] != TIMESTAMP
    ]


def check_prepared(pdf: bytes, names) -> None:
    """Check that adding boxes left the signatures of a document as they were.

    :param names: of the fields that were added
    :raise ActRefused: a program that checks them would say that the file was changed
    """
    reader = acts_places.open_reader(pdf)
    places = acts_places.find(pdf, reader)
    try:
        acts_diff.check_boxes_added(reader, places, names)
    except ValueError as error:
        raise ActRefused(
            "the file is signed already, and adding boxes would break its signatures: "
            f"{error}"
        ) from error


def _refuse_actions(root):
    """Refuse what does something by itself (S12); to open at a page is nothing."""
    opening = entry(root, "/OpenAction", {})
    acts = hasattr(opening, "keys") and entry(opening, "/S", "/GoTo") != "/GoTo"
    if acts or "/AA" in root or "/JavaScript" in entry(root, "/Names", {}):
        raise ActRefused("the file is signed already, and does things by itself")


def _refuse_lock(field):
    """Refuse what forbids more signatures: a certification, a lock (§12.7.5.5)."""
    value = entry(field, "/V", {})
    told = entry(value, "/Reference", ())
    methods = {entry(one, "/TransformMethod") for one in told}
    if "/DocMDP" in methods:
        parameters = [entry(one, "/TransformParams", {}) for one in told]
        raise ActRefused(
            "the file is certified, and its certification allows no change, not even a "
            "signature: sign the document as it was before"
            if any(entry(one, "/P", 2) == 1 for one in parameters)
            else "the file is certified, and its certification allows no box for another "
            "signature: sign the document as it was before"
        )
    if methods or "/Lock" in field:
        raise ActRefused(
            "the file is signed already, and its signature locks it: sign the document "
            "as it was before, or attach this file to another document"
        )
