"""Legal lengths of time: from a start, a length and what happened meanwhile to a date. Pure Python.

Conventions, each tested as a property:

- the day of the event that starts a clock is not counted (*dies a quo*): thirty days from the
  1st end on the 31st;
- a stop from day A to day B takes B − A days out, those after A up to B; a stop that begins on
  the very last day leaves the day on which the clock starts again to act;
- a clock that is stopped has no last day (``None``) until it goes on;
- months go from date to date and end on the last day of a shorter month;
- no date is earlier than the naive one: the length from the start in the working week alone.
"""

import calendar as _months
import datetime
from dataclasses import dataclass

DAYS, WORKING_DAYS, MONTHS = "days", "working_days", "months"
UNITS = (DAYS, WORKING_DAYS, MONTHS)
#: Monday to Friday, as ``date.weekday`` numbers them
WEEK = frozenset(range(5))
#: so many closed days in a row are an error of the data, not a calendar
MAX_CLOSED_RUN = 2000
ONE_DAY = datetime.timedelta(days=1)


class Calendar:
    """Which days are worked: those of the week, less the closed ones."""

    __slots__ = ("_closed", "week")

    def __init__(self, week=WEEK, closed=()):
        """Keep a week and closed days.

        :param week: weekdays that are worked, 0 for Monday; at least one
        :param closed: (first, last) days of each closure, both included
        """
        self.week = frozenset(week) & frozenset(range(7))
        if not self.week:
            raise ValueError("a week without a working day")
        self._closed = {
            first + datetime.timedelta(days=shift)
            for first, last in closed
            for shift in range((last - first).days + 1)
        }

    def is_working(self, day):
        """Tell whether ``day`` is worked."""
        return day.weekday() in self.week and day not in self._closed

    def next_working(self, day):
        """Return ``day`` when it is worked, else the first worked day after it."""
        for _closed in range(MAX_CLOSED_RUN):
            if self.is_working(day):
                return day
            day += ONE_DAY
        raise ValueError("no working day is left")

    def after(self, day, count):
        """Return the ``count``-th working day after ``day``; ``day`` itself for 0."""
        for _counted in range(count):
            day = self.next_working(day + ONE_DAY)
        return day

    def before(self, day, count):
        """Return the ``count``-th working day before ``day``; ``day`` itself for 0."""
        for _counted in range(count):
            for _closed in range(MAX_CLOSED_RUN):
                day -= ONE_DAY
                if self.is_working(day):
                    break
            else:
                raise ValueError("no working day is left")
        return day

    def between(self, first, last):
        """Count the working days after ``first`` up to ``last`` included; 0 when none."""
        return sum(
            self.is_working(first + datetime.timedelta(days=shift))
            for shift in range(1, (last - first).days + 1)
        )


@dataclass(frozen=True)
class Terms:
    """A length of time as the rule says it.

    :param unit: one of ``UNITS``
    :param length: how many
    :param roll: a last day that is not worked moves to the next worked one
    """

    unit: str
    length: int
    roll: bool = False


def add_months(day, count):
    """Return the same day ``count`` months later, or the last day of that month."""
    years, month = divmod(day.month - 1 + count, 12)
    year, month = day.year + years, month + 1
    return datetime.date(year, month, min(day.day, _months.monthrange(year, month)[1]))


def naive(terms, start, calendar):
    """Return the date a person counts at once: no holiday, no stop, no extension.

    :param Terms terms: the length
    :param datetime.date start: day of the event that starts the clock
    :param Calendar calendar: only its working week is used
    """
    return due(Terms(terms.unit, terms.length), start, Calendar(calendar.week))


def due(terms, start, calendar, stops=(), added=0):
    """Return the last day of a clock, or None while it is stopped.

    :param Terms terms: unit, length and what becomes of a last day that is not worked
    :param datetime.date start: day of the event that starts the clock, not counted
    :param Calendar calendar: working week and closed days
    :param stops: (from, to) of each stop; ``to`` is None while it lasts
    :param int added: what extensions add, in the unit of the terms
    """
    stops = sorted(
        ((first, last) for first, last in stops if last is None or last > first),
        key=lambda stop: stop[0],
    )
    length = terms.length + added
    if terms.unit == MONTHS:
        length = (add_months(start, length) - start).days
    day = _count(terms.unit, length, start, calendar, stops)
    if day is None:
        return None
    must_work = terms.roll or terms.unit == WORKING_DAYS
    return _settle(day, calendar, stops, must_work and length > 0)


def _count(unit, length, start, calendar, stops):
    """Return the day on which ``length`` is reached, or None inside an open stop."""
    day = start
    while length > 0:
        if unit == WORKING_DAYS:
            day = calendar.next_working(day + ONE_DAY)
        else:
            day += ONE_DAY
        stop = next((stop for stop in stops if _takes(stop, day)), None)
        if stop is None:
            length -= 1
        elif stop[1] is None:
            return None
        else:
            day = stop[1]
    return day


def _takes(stop, day):
    """Tell whether ``stop`` takes ``day`` out of the count."""
    return stop[0] < day and (stop[1] is None or day <= stop[1])


def _settle(day, calendar, stops, must_work):
    """Move a last day on that a stop begins on, or that is not worked where it must be."""
    while True:
        if must_work:
            day = calendar.next_working(day)
        stop = next(
            (
                stop
                for stop in stops
                if stop[0] <= day and (stop[1] is None or day < stop[1])
            ),
            None,
        )
        if stop is None:
            return day
        if stop[1] is None:
            return None
        day = stop[1]


def stopped_days(stops, today):
    """Count the calendar days that stops took out until ``today``, each once."""
    taken = set()
    for first, last in stops:
        last = min(last or today, today)
        taken |= {
            first.toordinal() + shift for shift in range(1, (last - first).days + 1)
        }
    return len(taken)


def warning(calendar, due_date, start, levels, given, today):
    """Return ``(day, level)`` of the next warning before ``due_date``, or None.

    Levels are working days before the last day. One whose day is not after the start is left
    out; of several that were missed only the nearest is said.

    :param levels: working days before the end, for example (10, 3)
    :param int given: level of the last warning given for this date; 0: none
    """
    days = {
        level: calendar.before(due_date, level)
        for level in levels
        if level > 0 and (not given or level < given)
    }
    days = {level: day for level, day in days.items() if day > start}
    missed = [level for level, day in days.items() if day <= today]
    if missed and today <= due_date:
        return today, min(missed)
    coming = [(day, level) for level, day in days.items() if day > today]
    return min(coming) if coming else None
