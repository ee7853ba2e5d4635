"""Strict check of an act: who signed, in which order, and whether it is closed.

Nothing a reader says about a signature by itself is enough: a file of several revisions
holds when every signature is of an accepted form, covers the file from its first byte to
its own end, and each later revision only filled the box of its own signature, or added
what proves signatures later (time-stamps, the store of certificates).
Sources: as :mod:`.pades`; the attacks are those of the "shadow", "incremental saving" and
"signature wrapping" papers of Ruhr-Universität Bochum.
"""

import datetime
from dataclasses import dataclass, replace
from itertools import pairwise

from . import acts_base, acts_diff, acts_places, held
from .acts_form import SEAL
from .acts_places import TIMESTAMP
from .held import CLOCKS, ELSEWHERE, UNKNOWN, Found, Stamp
from .trust import Store

__all__ = ["Act", "ActBroken", "ActUntrusted", "Found", "Stamp", "check"]
_LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")


class ActBroken(ValueError):
    """The file does not hold as an act; the text says what was found."""


class ActUntrusted(ActBroken):
    """No authority that is trusted issued the certificate of one of its signatures."""


@dataclass(frozen=True)
class Act:
    """Signatures in the order they were made; ``closed`` by the seal, or still open.

    :param level: the lowest of the signatures made in the act
    :param timestamps: document time-stamps, :class:`~.held.Stamp`
    """

    signatures: list[Found]
    closed: bool
    level: str = "B-B"
    timestamps: tuple[Stamp, ...] = ()

    @property
    def own(self) -> list[Found]:
        """Signatures of the act, without those its document came with."""
        return [one for one in self.signatures if not one.came_with]


def check(pdf: bytes, store, now: datetime.datetime | None = None) -> Act:
    """Check every signature of an act, strictly.

    Signatures that the document came with may stand at its beginning, before our boxes
    were added: they are intact, made ``elsewhere``, and their ``trust`` says ``unknown``
    when no anchor is found.

    :param pdf: whole file
    :param store: :class:`.trust.Store`, or DER certificates of the roots to trust
    :param now: aware datetime; no claimed time may be later
    :raise ActBroken: no signature, or anything that does not hold
    """
    now = now or datetime.datetime.now(datetime.UTC)
    try:
        return _check(pdf, Store.of(store), now)
    except ActBroken:
        raise
    except ValueError as error:
        # Of held, acts_places and acts_diff: their text says what was found.
        raise ActBroken(str(error)) from error
    except Exception as error:
        # pyHanko answers a hostile file with eight unrelated exception classes.
        raise ActBroken(f"the file cannot be read: {error}") from error


def _check(pdf, store, now):
    reader = acts_places.open_reader(pdf)
    places = acts_places.find(pdf, reader)
    base = acts_base.count(reader, places)
    signatures, stamps = [], []
    for at, place in enumerate(places):
        if place["kind"] == TIMESTAMP:
            stamps.append(held.timestamp(pdf, place, store, now))
        elif at < base:
            signatures.append(acts_base.held_signature(pdf, reader, place, store, now))
        else:
            signatures.append(_own(held.signature(pdf, place, store, now), place))
    acts_diff.check(reader, pdf, places, base)
    if not any(not found.came_with for found in signatures):
        raise ActBroken("nobody signed it since it was prepared")
    own = {place["size"] for place in places[base:]}
    _check_order(
        [one for one in signatures if not one.came_with],
        [one for one in stamps if one.size in own and one.trust != UNKNOWN],
    )
    signatures = _levels(pdf, reader, signatures, stamps, store)
    return Act(
        signatures,
        closed=signatures[-1].kind == SEAL,
        level=min(
            (one.level for one in signatures if not one.came_with),
            key=_LEVELS.index,
        ),
        timestamps=tuple(stamps),
    )


def _own(found, place):
    if found.trust == UNKNOWN:
        raise ActUntrusted("no trusted authority issued the certificate of a signature")
    # Another program may write the time and its own name in its way.
    if not place["fit" if found.made_by == ELSEWHERE else "ours"]:
        raise ActBroken("a signature is of another kind")
    return found


def _check_order(signatures, stamps):
    """Times of signatures and of document time-stamps follow one another."""
    times = [(one.size, one.best_time) for one in signatures]
    times = sorted(times + [(one.size, one.token.gen_time) for one in stamps])
    if any(after < before - CLOCKS for (_, before), (_, after) in pairwise(times)):
        raise ActBroken("a signature claims a time before the one it follows")


def _levels(pdf, reader, signatures, stamps, store):
    if not stamps and "/DSS" not in reader.root:
        return signatures
    from . import lta

    reached = lta.levels(pdf, store, reader)
    return [
        replace(found, level=reached.get(found.field, found.level))
        for found in signatures
    ]
