"""What a caller gives by RPC, whatever its type, as an id or a day. Pure Python."""

import datetime

MAX_ID = 2**31 - 1  # of a PostgreSQL integer
#: an id that no record has: whoever looks for it finds nothing, and says so
UNKNOWN = -1


def record_id(value):
    """An id as it was given; 0 for nothing at all, ``UNKNOWN`` for what is no id.

    :rtype: int
    """
    if value is None or value is False or value == "":
        return 0
    if type(value) is not int or not 0 <= value <= MAX_ID:
        return UNKNOWN
    return value


def record_ids(value):
    """Ids as they were given, each once; what is no id becomes ``UNKNOWN``.

    :rtype: list[int]
    """
    if not value:
        return []
    if not isinstance(value, list | tuple):
        return [UNKNOWN]
    return list(dict.fromkeys(record_id(one) or UNKNOWN for one in value))


def day(value):
    """A date, or None for nothing at all.

    :param value: date, moment or text in the form 2026-12-31
    :raise ValueError: it is no date
    """
    if not value:
        return None
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if not isinstance(value, str):
        raise ValueError("no date")
    return datetime.date.fromisoformat(value[:10])
