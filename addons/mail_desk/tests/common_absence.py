from datetime import timedelta

from .common_outgoing import OutgoingCase


class AbsenceDeskCase(OutgoingCase):
    """People of the desk who are away, and who stands in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.absences = cls.env["gov.absence"]
        cls.today = cls.absences._today(cls.company)

    def day(self, days):
        return self.today + timedelta(days=days)

    def _away(self, user, substitute=None, first=0, last=5, **vals):
        return (
            self.absences.with_user(user)
            .create(
                {
                    "user_id": user.id,
                    "company_id": self.company.id,
                    "substitute_id": substitute and substitute.id,
                    "date_from": self.day(first),
                    "date_to": self.day(last),
                    **vals,
                }
            )
            .with_env(self.env)
        )

    def _reads(self, user, record):
        self.env.invalidate_all()
        return bool(
            self.env[record._name].with_user(user).search([("id", "=", record.id)])
        )
