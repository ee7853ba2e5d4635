from datetime import timedelta

from freezegun import freeze_time

from .common import DeskCase


class DeskClockCase(DeskCase):
    """Letters of a category with a legal length of thirty days and one request only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What a localisation brought is not what these tests count with.
        cls.env["gov.holiday"].search([("company_id", "=", False)]).unlink()
        cls.rule = cls._rule(
            name="Act", length=30, single_completion=True, extension_length=10
        )
        cls.category = cls.env["registry.category"].create(
            {
                "name": "Building permits",
                "company_id": cls.company.id,
                "clock_id": cls.rule.id,
            }
        )
        cls.today = cls.company._gov_today()

    @classmethod
    def _rule(cls, confirmed=True, **vals):
        rule = cls.env["gov.clock"].create(
            {"company_id": cls.company.id, "unit": "days", **vals}
        )
        if confirmed:
            rule.action_confirm("Law 1-26, article 3")
        return rule

    def _clocked(self, **vals):
        """A letter with a legal length, given to ``au``."""
        letter = self._arrived(category_id=self.category.id, **vals)
        self._row(letter, self.hu).action_dispatch(user_id=self.au.id)
        return letter

    def _in(self, days, hour="10:00:00"):
        return freeze_time(f"{self.today + timedelta(days=days)} {hour}")

    def _day(self, days):
        return self.today + timedelta(days=days)

    def _ask(self, letter, user=None, question="A copy of the title", **how):
        letter = letter.with_user(user or self.au)
        letter.action_ask_completion(question, **how)
        letter.invalidate_recordset()
        return letter.completion_ids.sorted("number")[-1].with_env(self.env)

    def _clocks(self):
        self.env["gov.clock.run"]._process_clocks()

    def _kinds(self, letter):
        letter.invalidate_recordset()
        return letter.sudo().desk_event_ids.sorted("id").mapped("kind")

    def _activities(self, letter):
        letter.invalidate_recordset(["activity_ids"])
        return {
            activity.user_id: activity.summary
            for activity in letter.sudo().activity_ids
        }
