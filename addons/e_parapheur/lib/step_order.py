"""In which order the acts on a document can stand in one circuit. Pure Python.

What is signed electronically is not printed to be signed by hand; what the seal closed is
not signed any more; what is archived is not sent.
"""

from itertools import pairwise

SIGNATURE, PAPER = "signature", "paper"
#: one after the other, at the end, each at most once (dispatch may come several times)
CLOSED = ("seal", "dispatch", "archive")


def problem(steps):
    """Return what is wrong with an order, or None.

    :param steps: list of (rank, kind, name); same rank: same time
    :return: None or (code, name of the step, name of the one it cannot follow): ``paper``
        (a signature by hand with or after an electronic one), ``closed`` (an act with or
        after the seal, the dispatch or the archive), ``order`` (the last ones in a wrong
        order or at the same time) or ``twice`` (two seals, two archives)
    """
    steps = sorted(steps, key=lambda step: step[0])
    signed = [step for step in steps if step[1] == SIGNATURE]
    for rank, kind, name in steps:
        if kind == PAPER and signed and signed[0][0] <= rank:
            return "paper", name, signed[0][2]
    last = [step for step in steps if step[1] in CLOSED]
    if not last:
        return None
    for rank, kind, name in steps:
        if kind not in CLOSED and rank >= last[0][0]:
            return "closed", name, last[0][2]
    for before, after in pairwise(last):
        if before[1] == after[1] and before[1] != "dispatch":
            return "twice", after[2], before[2]
        if before[0] == after[0] or CLOSED.index(before[1]) > CLOSED.index(after[1]):
            return "order", after[2], before[2]
    return None
