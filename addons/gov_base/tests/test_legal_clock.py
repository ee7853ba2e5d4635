from datetime import date, timedelta

from hypothesis import given, settings, strategies as st

from odoo.tests import BaseCase, tagged

from ..lib import legal_clock as lib

START, LAST = date(2024, 1, 1), date(2031, 12, 31)
days = st.dates(START, LAST)
weeks = st.sets(st.integers(0, 6), min_size=1)
closures = st.lists(
    st.tuples(days, st.integers(0, 10)).map(
        lambda pair: (pair[0], pair[0] + timedelta(days=pair[1]))
    ),
    max_size=25,
)
terms = st.builds(
    lib.Terms, st.sampled_from(lib.UNITS), st.integers(1, 60), st.booleans()
)


@st.composite
def stops_after(draw, start):
    """Stops one after the other, as a clock lives them; the last may still last."""
    found, day = [], start
    for pause, length in draw(
        st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=5)
    ):
        first = day + timedelta(days=pause)
        day = first + timedelta(days=length)
        found.append((first, day))
    return found


@st.composite
def clocks(draw):
    start = draw(days)
    return (
        draw(terms),
        start,
        lib.Calendar(draw(weeks), draw(closures)),
        draw(stops_after(start)),
        draw(st.integers(0, 40)),
    )


def plain(length, unit=lib.DAYS, roll=False):
    return lib.Terms(unit, length, roll)


@tagged("standard", "alone")
class TestLegalClock(BaseCase):
    """The dates of a clock, whatever happens to it."""

    week = lib.Calendar()

    @given(clocks())
    @settings(deadline=None)
    def test_never_before_the_naive_date(self, clock):
        rule, start, calendar, stops, added = clock
        naive = lib.naive(rule, start, calendar)
        self.assertGreater(naive, start)
        self.assertGreaterEqual(lib.due(rule, start, calendar, stops, added), naive)

    @given(clocks())
    @settings(deadline=None)
    def test_stops_holidays_and_extensions_only_postpone(self, clock):
        rule, start, calendar, stops, added = clock
        due = lib.due(rule, start, calendar, stops, added)
        bare = lib.Calendar(calendar.week)
        for less in (
            lib.due(rule, start, bare, stops, added),
            lib.due(rule, start, calendar, stops, 0),
            lib.due(rule, start, calendar, [], added),
        ):
            self.assertGreaterEqual(due, less)

    @given(clocks(), st.randoms(use_true_random=False))
    @settings(deadline=None)
    def test_the_order_of_what_is_told_does_not_count(self, clock, random):
        rule, start, calendar, stops, added = clock
        due = lib.due(rule, start, calendar, stops, added)
        mixed = [*stops, *stops]
        random.shuffle(mixed)
        self.assertEqual(lib.due(rule, start, calendar, mixed, added), due)

    @given(days, st.integers(1, 90), st.data())
    @settings(deadline=None)
    def test_a_stop_of_calendar_days_adds_itself(self, start, length, data):
        rule = plain(length)
        first = start + timedelta(days=data.draw(st.integers(0, length)))
        taken = data.draw(st.integers(0, 60))
        stops = [(first, first + timedelta(days=taken))]
        self.assertEqual(
            lib.due(rule, start, self.week, stops),
            start + timedelta(days=length + taken),
        )
        self.assertEqual(lib.stopped_days(stops, date.max - lib.ONE_DAY), taken)

    @given(clocks())
    @settings(deadline=None)
    def test_the_last_day_is_worked_where_it_must_be(self, clock):
        rule, start, calendar, stops, added = clock
        due = lib.due(rule, start, calendar, stops, added)
        if rule.roll or rule.unit == lib.WORKING_DAYS:
            self.assertTrue(calendar.is_working(due))

    @given(clocks(), st.integers(0, 400))
    @settings(deadline=None)
    def test_an_open_stop_has_no_last_day_unless_it_came_too_late(self, clock, shift):
        rule, start, calendar, stops, added = clock
        begin = max([start, *(last for _first, last in stops)])
        begin += timedelta(days=shift)
        due = lib.due(rule, start, calendar, stops, added)
        stopped = lib.due(rule, start, calendar, [*stops, (begin, None)], added)
        self.assertEqual(stopped, None if begin <= due else due)
        if begin <= due:
            resumed = begin + timedelta(days=7)
            later = lib.due(rule, start, calendar, [*stops, (begin, resumed)], added)
            self.assertGreaterEqual(later, max(due, resumed))

    @given(weeks, closures, days, st.integers(0, 60))
    @settings(deadline=None)
    def test_working_days_forth_and_back(self, week, closed, day, count):
        calendar = lib.Calendar(week, closed)
        after = calendar.after(day, count)
        self.assertEqual(calendar.between(day, after), count)
        if count:
            self.assertTrue(calendar.is_working(after))
            self.assertLess(calendar.before(after, count), after)
        if calendar.is_working(day):
            self.assertEqual(calendar.before(after, count), day)

    @given(clocks(), st.integers(0, 200), st.sampled_from([0, 3, 10]))
    @settings(deadline=None)
    def test_warnings_come_in_their_order_and_never_after_the_end(
        self, clock, shift, given_level
    ):
        rule, start, calendar, stops, added = clock
        due = lib.due(rule, start, calendar, stops, added)
        today = start + timedelta(days=shift)
        coming = lib.warning(calendar, due, start, (10, 3), given_level, today)
        if coming:
            day, level = coming
            self.assertTrue(today <= day <= due)
            self.assertFalse(given_level and level >= given_level)
            self.assertTrue(today <= due)
            self.assertLessEqual(calendar.between(day, due), level)

    def test_examples(self):
        friday = date(2026, 1, 2)
        holiday = lib.Calendar(closed=[(date(2026, 1, 14), date(2026, 1, 14))])
        cases = [
            (plain(30), self.week, [], 0, date(2026, 2, 1)),
            (plain(30, roll=True), self.week, [], 0, date(2026, 2, 2)),
            (plain(20, lib.WORKING_DAYS), self.week, [], 0, date(2026, 1, 30)),
            (plain(20, lib.WORKING_DAYS), holiday, [], 0, date(2026, 2, 2)),
            (plain(20, lib.WORKING_DAYS), self.week, [], 20, date(2026, 2, 27)),
            (plain(2, lib.MONTHS), self.week, [], 0, date(2026, 3, 2)),
            # Asked on the 5th, answered on the 11th: six days are not counted.
            (
                plain(30),
                self.week,
                [(date(2026, 1, 5), date(2026, 1, 11))],
                0,
                date(2026, 2, 7),
            ),
            # Asked on the very last day: the day of the answer is left to act.
            (
                plain(3),
                self.week,
                [(date(2026, 1, 5), date(2026, 1, 8))],
                0,
                date(2026, 1, 8),
            ),
            (plain(3), self.week, [(date(2026, 1, 4), None)], 0, None),
            (plain(3), self.week, [(date(2026, 1, 6), None)], 0, date(2026, 1, 5)),
        ]
        for rule, calendar, stops, added, expected in cases:
            with self.subTest(rule=rule, stops=stops, added=added):
                found = lib.due(rule, friday, calendar, stops, added)
                self.assertEqual(found, expected)

    def test_months_end_on_the_last_day(self):
        for day, count, expected in (
            (date(2026, 1, 31), 1, date(2026, 2, 28)),
            (date(2028, 1, 31), 1, date(2028, 2, 29)),
            (date(2026, 11, 30), 3, date(2027, 2, 28)),
            (date(2026, 12, 31), 12, date(2027, 12, 31)),
        ):
            self.assertEqual(lib.add_months(day, count), expected)

    def test_calendars_that_cannot_be(self):
        with self.assertRaisesRegex(ValueError, "without a working day"):
            lib.Calendar([])
        never = lib.Calendar([0], [(date(2020, 1, 1), date(2040, 1, 1))])
        for count in (never.after, never.before):
            with self.assertRaisesRegex(ValueError, "no working day"):
                count(date(2030, 6, 1), 1)
