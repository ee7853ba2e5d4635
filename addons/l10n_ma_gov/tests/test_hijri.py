from datetime import date, timedelta

from hypothesis import given, strategies as st

from odoo.tests import BaseCase, tagged

from ..lib import hijri


@tagged("standard", "alone")
class TestHijri(BaseCase):
    def test_known_days(self):
        """What was announced, within two days."""
        for (year, month, day), seen in {
            (1445, 10, 1): date(2024, 4, 10),
            (1445, 12, 10): date(2024, 6, 17),
            (1446, 10, 1): date(2025, 3, 31),
            (1446, 12, 10): date(2025, 6, 7),
            (1447, 1, 1): date(2025, 6, 27),
            (1, 1, 1): date(622, 7, 19),
        }.items():
            found = hijri.to_gregorian(year, month, day)
            self.assertLessEqual(abs((found - seen).days), 2, (year, month, day))

    @given(st.integers(1, 3000), st.integers(1, 12))
    def test_months_follow_each_other(self, year, month):
        first = hijri.to_gregorian(year, month, 1)
        later = divmod(month, 12)
        following = hijri.to_gregorian(year + later[0], later[1] + 1, 1)
        self.assertIn(following - first, (timedelta(days=29), timedelta(days=30)))

    def test_no_feast_is_lost_between_two_years(self):
        found = [
            day for year in range(2020, 2060) for day in hijri.in_year(year, 10, 1)
        ]
        self.assertTrue(
            all(
                354 <= (after - before).days <= 355
                for before, after in zip(found, found[1:], strict=False)
            )
        )
