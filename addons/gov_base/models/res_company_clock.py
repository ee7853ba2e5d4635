import pytz

from odoo import fields, models
from odoo.fields import Domain

from ..lib import legal_clock

WEEKS = [
    ("01234", "Monday to Friday"),
    ("012345", "Monday to Saturday"),
    ("01236", "Sunday to Thursday"),
    ("012356", "Saturday to Thursday"),
    ("0123456", "Every day"),
]


class ResCompany(models.Model):
    """The calendar of an administration: its zone, its working week, the days it is closed."""

    _inherit = "res.company"

    gov_week = fields.Selection(
        WEEKS,
        string="Working week",
        required=True,
        default="01234",
        help="Days on which time counted in working days runs.",
    )

    def write(self, vals):
        weeks = {company: company.gov_week for company in self}
        result = super().write(vals)
        if "gov_week" in vals:
            changed = self.filtered(lambda company: company.gov_week != weeks[company])
            self.env["gov.clock.run"]._calendar_changed(
                "week", "", [(set(changed.ids), None)]
            )
        return result

    def _gov_day(self, instant):
        """Return the date of an instant on the clock of this administration.

        :param datetime instant: naive UTC, as fields keep it
        :rtype: datetime.date
        """
        self.ensure_one()
        zone = pytz.timezone(self.gov_tz or "UTC")
        return pytz.utc.localize(instant).astimezone(zone).date()

    def _gov_today(self):
        """Return today's date on the clock of this administration."""
        return self._gov_day(fields.Datetime.now())

    def _gov_calendar(self):
        """Return the working week and the closed days of this administration.

        :rtype: legal_clock.Calendar
        """
        self.ensure_one()
        return legal_clock.Calendar(
            (int(day) for day in self.gov_week or "01234"),
            ((row.date_from, row.date_to) for row in self._gov_holidays()),
        )

    def _gov_holidays(self):
        """Return the holidays that close this administration (as superuser).

        Its own ones, and those shared with it that it did not replace.
        """
        self.ensure_one()
        # Every date of an administration depends on them, whoever asks for it.
        rows_sudo = self.env["gov.holiday"].sudo().search(self._gov_holiday_domain())
        replaced_sudo = rows_sudo.filtered("company_id").origin_id
        return (rows_sudo - replaced_sudo).filtered(lambda row: row.state != "dropped")

    def _gov_holiday_domain(self):
        self.ensure_one()
        # The country of an administration is read whoever asks.
        country = self.sudo().country_id
        shared = Domain("company_id", "=", False)
        if country:
            shared &= Domain("country_id", "in", [False, country.id])
        return Domain("company_id", "=", self.id) | shared
