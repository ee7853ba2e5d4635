"""Where blocks stand because somebody said so: dragged there, or a tag in the text. Pure Python.

A place is (page from 0, x, y): points from the upper left of the page as it is seen.
"""

#: Blocks do not touch each other, nor the edge of the paper (points).
GAP, EDGE = 6.0, 8.0
SIGNATURE, SEAL = "signature", "seal"


def places(tags, wanted, pages, fixed=None):
    """Give each box the place of its tag.

    ``#signature2#`` is for the second signer. Tags without a number serve the signers who
    have none of their own, in order; the last of them serves all who are left. A block
    begins at its tag and covers it; where another block stands already it goes beside.

    :param tags: list of ``[page, kind, number, x, y, width, height, word]``
    :param wanted: list of :class:`~.placement.Wanted`, signatures in order
    :param pages: list of dicts with ``width`` and ``height`` as seen
    :param dict fixed: {name: place} that somebody chose: they stay, and come first
    :return: ({name: place}, list of ``(code, [tag])``)
    """
    sizes = {box.name: (box.width, box.height) for box in wanted}
    taken = {name: place for name, place in (fixed or {}).items() if name in sizes}
    signers = [box.name for box in wanted if box.kind != SEAL]
    seals = [box.name for box in wanted if box.kind == SEAL]
    pairs, notes = _pairs(tags, signers, seals)
    crowded = []
    for name, tag in pairs:
        if name in taken:
            continue
        place = _near(name, tag, sizes, pages, taken)
        if place is None:
            crowded.append(spelled(tag))
        else:
            taken[name] = place
    if crowded:
        notes.append(("tag_crowded", crowded))
    return taken, notes


def spelled(tag):
    """A tag as the report names it."""
    return f"#{tag[7]}{tag[2] or ''}#"


def inside(x, y, width, height, page):
    """The nearest place within the page, or None when the block is larger than it."""
    if width > page["width"] or height > page["height"]:
        return None
    return (
        min(max(x, 0.0), page["width"] - width),
        min(max(y, 0.0), page["height"] - height),
    )


def meets(name, place, sizes, taken):
    """Name of the box that a box would lie over, or None."""
    page, x, y = place
    width, height = sizes[name]
    for other, (other_page, other_x, other_y) in taken.items():
        if other == name or other_page != page:
            continue
        wide, high = sizes[other]
        if (
            x < other_x + wide
            and other_x < x + width
            and y < other_y + high
            and other_y < y + height
        ):
            return other
    return None


def _pairs(tags, signers, seals):
    """(name of a box, its tag) in the order of the boxes, and what is to be said."""
    numbered, plain, stamps, repeated, idle = {}, [], [], [], []
    for tag in tags:
        if tag[1] == SEAL:
            stamps.append(tag)
        elif not tag[2]:
            plain.append(tag)
        elif tag[2] > len(signers):
            idle.append(spelled(tag))
        elif tag[2] in numbered:
            repeated.append(spelled(tag))
        else:
            numbered[tag[2]] = tag
    repeated += [spelled(tag) for tag in stamps[1:]]
    pairs = []
    for number, name in enumerate(signers, 1):
        if number in numbered:
            pairs.append((name, numbered[number]))
        elif plain:
            pairs.append((name, plain[0]))
            if len(plain) > 1:
                plain.pop(0)
    pairs += list(zip(seals, stamps, strict=False))
    notes = []
    if idle:
        notes.append(("tag_without_signer", sorted(set(idle))))
    if repeated:
        notes.append(("tag_repeated", sorted(set(repeated))))
    return pairs, notes


def _near(name, tag, sizes, pages, taken):
    """The free place nearest to a tag on its page."""
    number, _kind, _order, x, y, width, _height, _word = tag
    if number >= len(pages):
        return None
    page, (wide, high) = pages[number], sizes[name]
    if x + width / 2 > page["width"] / 2:
        # What stands on the right of the page ends where its tag ends.
        x = x + width - wide
    room = (page["width"] - wide - EDGE, page["height"] - high - EDGE)
    if min(room) < EDGE:
        return None
    x, y = min(max(x, EDGE), room[0]), min(max(y, EDGE), room[1])
    spots = [(x, y)]
    for other, (other_page, other_x, other_y) in taken.items():
        if other_page == number:
            side, tall = sizes[other]
            spots += [
                (other_x + side + GAP, y),
                (other_x - wide - GAP, y),
                (x, other_y + tall + GAP),
                (x, other_y - high - GAP),
            ]
    free = [
        (round(left, 2), round(top, 2))
        for left, top in spots
        if EDGE <= left <= room[0]
        and EDGE <= top <= room[1]
        and not meets(name, (number, left, top), sizes, taken)
    ]
    # On the line of the tag if there is room, else as near as there is.
    best = min(
        free, key=lambda spot: abs(spot[1] - y) * 3 + abs(spot[0] - x), default=None
    )
    return best and (number, *best)
