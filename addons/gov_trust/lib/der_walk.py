"""DER, element by element: definite lengths, the shortest ones, and an end to each."""

#: A list of revocations of a large authority has some hundred thousands.
MAX_ELEMENTS = 400_000
MAX_DEPTH = 40


class NotDer(ValueError):
    """The bytes are not DER."""


def check(raw: bytes) -> int:
    """Check the element that ``raw`` begins with, and every element in it.

    Bit and octet strings are not looked into.

    :return: where it ends
    :raise NotDer: indefinite or long-winded lengths, overlaps, too deep, too many
    """
    begin, end, constructed = _header(raw, 0, len(raw))
    ends = [end]
    at, seen = (begin if constructed else end), 1
    while True:
        while ends and at == ends[-1]:
            ends.pop()
        if not ends:
            return end
        seen += 1
        begin, after, constructed = _header(raw, at, ends[-1])
        if seen > MAX_ELEMENTS or len(ends) > MAX_DEPTH:
            raise NotDer("too many elements")
        if constructed:
            ends.append(after)
            at = begin
        else:
            at = after


def _header(raw, at, limit):
    """(begin, end, constructed) of the element at ``at``."""
    if at + 2 > limit:
        raise NotDer("an element without an end")
    tag, size, begin = raw[at], raw[at + 1], at + 2
    if tag & 0x1F == 0x1F or not tag:
        raise NotDer("a tag that nothing here has")
    if size & 0x80:
        wide = size & 0x7F
        if not 1 <= wide <= 4 or begin + wide > limit:
            raise NotDer("an indefinite or impossible length")
        size = int.from_bytes(raw[begin : begin + wide], "big")
        if size < 0x80 or raw[begin] == 0:
            raise NotDer("a length that is not written the shortest way")
        begin += wide
    if begin + size > limit:
        raise NotDer("an element longer than its container")
    # Strings in parts are BER.
    if tag & 0xE0 == 0x20 and tag & 0x1F not in (0x10, 0x11):
        raise NotDer("a string in parts")
    return begin, begin + size, bool(tag & 0x20)


def count(raw: bytes) -> int:
    """How many elements the constructed element ``raw`` holds."""
    at, end, _constructed = _header(raw, 0, len(raw))
    found = 0
    while at < end:
        _begin, at, _constructed = _header(raw, at, end)
        found += 1
    return found
