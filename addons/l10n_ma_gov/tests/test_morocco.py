from datetime import date

from odoo.tests import TransactionCase, tagged

from ..models.gov_holiday import CIVIL, YEARS_AHEAD


@tagged("post_install", "-at_install")
class TestMorocco(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.morocco = cls.env.ref("base.ma")
        cls.holidays = cls.env["gov.holiday"]
        cls.commune, cls.abroad = cls.env["res.company"].create(
            [
                {"name": "Commune", "country_id": cls.morocco.id},
                {"name": "Abroad", "country_id": cls.env.ref("base.be").id},
            ]
        )

    def of(self, year):
        return self.holidays.search(
            [
                ("country_id", "=", self.morocco.id),
                ("company_id", "=", False),
                ("date_from", ">=", date(year, 1, 1)),
                ("date_from", "<=", date(year, 12, 31)),
            ]
        )

    def test_no_rule_says_an_effect_of_silence(self):
        rules = self.env["gov.clock"].search([("code", "!=", False)])
        rules = rules.filtered(
            lambda rule: rule.get_external_id()[rule.id].startswith("l10n_ma_gov.")
        )
        self.assertEqual(len(rules), 6)
        self.assertEqual(set(rules.mapped("silence_effect")), {"none"})
        self.assertFalse(any(rules.mapped("confirmed")))
        self.assertTrue(all(rule.to_confirm and rule.legal_basis for rule in rules))
        lengths = {rule.code: (rule.length, rule.unit) for rule in rules}
        self.assertEqual(lengths["55-19"], (60, "days"))
        self.assertEqual(lengths["55-19-I"], (30, "days"))
        self.assertEqual(lengths["31-13"], (20, "working_days"))
        self.assertEqual(lengths["31-13-U"], (3, "working_days"))
        single = rules.filtered("single_completion").mapped("code")
        self.assertEqual(sorted(single), ["55-19", "55-19-I"])

    def test_holidays_of_some_years(self):
        year = date.today().year
        for number in range(YEARS_AHEAD + 1):
            found = self.of(year + number)
            civil = found.filtered(lambda day: day.kind == "civil")
            lunar = found - civil
            self.assertEqual(len(civil), len(CIVIL))
            self.assertGreaterEqual(len(lunar), 4)
            self.assertEqual(set(lunar.mapped("state")), {"provisional"})

    def test_what_was_changed_stays(self):
        year = date.today().year
        throne = self.env.ref(f"l10n_ma_gov.holiday_{year}_throne")
        throne.date_from = throne.date_to = date(year, 7, 31)
        self.env.ref(f"l10n_ma_gov.holiday_{year}_youth").unlink()
        before = self.of(year)
        self.holidays._l10n_ma_extend()
        self.assertEqual(self.of(year), before)
        self.assertEqual(throne.date_from, date(year, 7, 31))
        self.holidays._l10n_ma_extend(2050)
        self.assertTrue(self.of(2050))
        self.assertTrue(self.of(2054))

    def test_names_in_three_languages(self):
        year = date.today().year
        feast = self.env.ref(f"l10n_ma_gov.holiday_{year}_throne")
        self.assertEqual(feast.with_context(lang="fr_FR").name, "Fête du Trône")
        self.assertEqual(feast.with_context(lang="ar_MA").name, "عيد العرش")

    def test_only_for_administrations_of_the_country(self):
        self.holidays._l10n_ma_extend(2060)
        after = self.holidays._working_days_after
        wednesday, thursday = date(2060, 11, 17), date(2060, 11, 19)
        self.assertEqual(after(self.commune, wednesday, 1), date(2060, 11, 19))
        self.assertEqual(after(self.abroad, wednesday, 1), date(2060, 11, 18))
        self.assertEqual(after(self.abroad, thursday, 0), thursday)
