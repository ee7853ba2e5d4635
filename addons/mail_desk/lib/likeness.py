"""How near two letters are, so that many like ones can be answered together. Pure Python."""

import re

from .recipients import fold

#: what is compared of a text: its beginning says what it is about
SIGNS = 4_000
#: from here on two letters are offered as near
NEAR = 0.5
_WORD = re.compile(r"\w{2,}")


def trace(subject, body):
    """What is compared of one letter: the words of its subject, the pairs of words of its text.

    :rtype: tuple[frozenset, frozenset]
    """
    said = _WORD.findall(fold(str(body or "")[:SIGNS]))
    return (
        frozenset(_WORD.findall(fold(subject))),
        frozenset(zip(said, said[1:], strict=False)),
    )


def likeness(one, other):
    """From 0 (nothing in common) to 1 (the same words), of two traces.

    The nearer of subject and text counts, since petitions keep the text and change the title, or
    come on paper with a title alone; a text of a few words says nothing by itself.

    :rtype: float
    """
    subject = _shared(one[0], other[0])
    if min(len(one[1]), len(other[1])) < 8:
        return subject
    return max(_shared(one[1], other[1]), 0.5 * (subject + _shared(one[1], other[1])))


def _shared(one, other):
    if not one or not other:
        return 0.0
    return len(one & other) / len(one | other)
