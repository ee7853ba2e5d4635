"""Islamic dates by calculation: an estimate, a day or two from what is seen. Pure Python.

The tabular calendar (civil epoch, Friday 16 July 622 Julian; leap years 2, 5, 7, 10, 13, 16, 18,
21, 24, 26, 29 of thirty) tells about when a feast falls. The moon that is seen decides.
"""

import datetime

#: proleptic ordinal of the day before 1 Muharram of year 1
_EPOCH = 227014


def to_gregorian(year, month, day):
    """Return the Gregorian date of an Islamic one.

    :param int year: of the Hijra, from 1
    :param int month: 1 (Muharram) to 12 (Dhu al-Hijja)
    :param int day: 1 to 30
    :rtype: datetime.date
    """
    before = 354 * (year - 1) + (3 + 11 * year) // 30
    months = 29 * (month - 1) + month // 2
    return datetime.date.fromordinal(_EPOCH + before + months + day)


def years_of(year):
    """Return the Islamic years that a Gregorian year touches.

    :rtype: range
    """
    first = int((year - 622) * 33 / 32)
    return range(max(first - 1, 1), first + 3)


def in_year(year, month, day):
    """Return the dates of an Islamic day in a Gregorian year: one, seldom two, or none.

    :rtype: list[datetime.date]
    """
    found = (to_gregorian(hijri, month, day) for hijri in years_of(year))
    return [one for one in found if one.year == year]
