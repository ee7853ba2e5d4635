from datetime import timedelta

from odoo import fields

from .common_units import UnitCase


class AbsenceCase(UnitCase):
    """TOWN (director, deputy) above PERMITS (head, clerk, other) above COUNTER; FINANCE (treasurer)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deputy = cls.person("gov_deputy", cls.town)
        cls.town.gov_deputy_ids = cls.staff[cls.deputy]
        cls.other = cls.person("gov_other", cls.permits)
        cls.treasurer = cls.person("gov_treasurer", cls.finance)
        cls.absences = cls.env["gov.absence"]
        cls.today = cls.absences._today(cls.agdal)
        cls.env.flush_all()

    def day(self, days):
        return self.today + timedelta(days=days)

    def away(self, user, substitute=None, first=0, last=5, by=None, **vals):
        """An absence of `user`, set by himself."""
        return (
            self.absences.with_user(by or user)
            .create(
                {
                    "user_id": user.id,
                    "company_id": self.agdal.id,
                    "substitute_id": substitute and substitute.id,
                    "date_from": self.day(first),
                    "date_to": self.day(last),
                    **vals,
                }
            )
            .with_env(self.env)
        )

    def reach(self, user):
        """Units that the rules see for `user` now."""
        units = self.env["hr.department"].search(
            [("gov_access_ids.user_id", "in", user.ids)]
        )
        return set(units.mapped("gov_code"))

    def now(self):
        return fields.Datetime.now()
