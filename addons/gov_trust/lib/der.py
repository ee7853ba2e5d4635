"""Elements of DER (X.690): written and read, as little as signatures need. Pure Python."""


def tlv(tag: int, *parts: bytes) -> bytes:
    """One element: its tag, the shortest definite length, its parts one after the other."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def is_der(raw: bytes) -> bool:
    """Whether ``raw`` is one element with the shortest definite length, to its end."""
    try:
        begin, end = header(raw, 0)
    except (IndexError, ValueError):
        return False
    return end == len(raw) and raw == tlv(raw[0], raw[begin:end])


def header(raw: bytes, at: int) -> tuple[int, int]:
    """Return (begin, end) of the value of the DER element at ``at``."""
    size, begin = raw[at + 1], at + 2
    if size & 0x80:
        wide = size & 0x7F
        if not 1 <= wide <= 4:
            raise ValueError("length of an element")
        begin += wide
        size = int.from_bytes(raw[at + 2 : begin], "big")
    if begin + size > len(raw):
        raise ValueError("element longer than its container")
    return begin, begin + size


def value(raw: bytes) -> bytes:
    """Content of an element."""
    begin, end = header(raw, 0)
    return raw[begin:end]


def children(raw: bytes) -> list[bytes]:
    """Split a constructed DER element in its parts; what follows it is ignored."""
    at, end = header(raw, 0)
    parts = []
    while at < end:
        _begin, after = header(raw, at)
        parts.append(raw[at:after])
        at = after
    return parts


def oid(text: str) -> bytes:
    """DER of an object identifier.

    :param text: numbers with points
    :raise ValueError: it is none
    """
    first, second, *others = (int(part) for part in text.split("."))
    if first > 2 or (first < 2 and second > 39):
        raise ValueError("no object identifier")
    body = b""
    for number in (40 * first + second, *others):
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.append(0x80 | number & 0x7F)
        body += bytes(reversed(groups))
    return tlv(0x06, body)


def oid_text(raw: bytes) -> str:
    """Numbers with points of the DER of an object identifier."""
    numbers, number = [], 0
    for octet in value(raw):
        number = number << 7 | octet & 0x7F
        if not octet & 0x80:
            numbers.append(number)
            number = 0
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, (first, numbers[0] - 40 * first, *numbers[1:])))
