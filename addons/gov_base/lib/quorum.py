"""A decision of several persons: how many must agree, who decides when votes are equal. Pure Python."""

from dataclasses import dataclass

AGREED = "agreed"
REFUSED = "refused"
OPEN = "open"


@dataclass(frozen=True)
class Votes:
    """The votes of a step at one moment.

    :param int needed: agreements that are needed (m)
    :param int agreed: persons who agreed
    :param int against: persons who refused
    :param int left: places that may still vote; one that is vacant counts while somebody can be named to it
    :param chair: the vote of the president: True (agreed), False (refused), None (has not voted), or ``NO_CHAIR``
    """

    needed: int
    agreed: int = 0
    against: int = 0
    left: int = 0
    chair: object = "none"


NO_CHAIR = "none"


def outcome(votes):
    """``AGREED`` or ``REFUSED`` as soon as no vote that may still come changes it, else ``OPEN``.

    ``needed`` agreements always suffice. When all have voted and agreements equal refusals, the vote of the president
    prevails; without president a tie is no agreement.
    """
    found = {_count(*end) for end in _ends(votes)}
    return found.pop() if len(found) == 1 else OPEN


def reachable(votes):
    """Whether an agreement is still possible."""
    return any(_count(*end) == AGREED for end in _ends(votes))


def _ends(votes):
    """All ways in which the votes that are left may fall."""
    pending = votes.chair is None
    others = max(votes.left - (1 if pending else 0), 0)
    for more in range(others + 1):
        agreed, against = votes.agreed + more, votes.against + others - more
        if pending:
            yield votes.needed, agreed + 1, against, True
            yield votes.needed, agreed, against + 1, False
        else:
            yield votes.needed, agreed, against, votes.chair


def _count(needed, agreed, against, chair):
    if agreed >= needed:
        return AGREED
    tie = agreed == against and agreed > 0
    return AGREED if tie and chair is True else REFUSED
