from datetime import date, timedelta

from odoo import api, models

from ..lib import hijri

#: key: (month, day, names). Dahir on public holidays; to be checked each year against the official gazette.
CIVIL = {
    "new_year": (1, 1, ("New Year", "Nouvel an", "رأس السنة الميلادية")),
    "manifesto": (
        1,
        11,
        (
            "Independence Manifesto",
            "Manifeste de l’indépendance",
            "ذكرى تقديم وثيقة الاستقلال",
        ),
    ),
    "amazigh": (
        1,
        14,
        ("Amazigh New Year", "Nouvel an amazigh", "رأس السنة الأمازيغية"),
    ),
    "labour": (5, 1, ("Labour Day", "Fête du travail", "عيد الشغل")),
    "throne": (7, 30, ("Feast of the Throne", "Fête du Trône", "عيد العرش")),
    "oued_ed_dahab": (
        8,
        14,
        ("Oued Ed-Dahab Day", "Journée de Oued Ed-Dahab", "ذكرى استرجاع وادي الذهب"),
    ),
    "revolution": (
        8,
        20,
        (
            "Revolution of the King and the People",
            "Révolution du Roi et du Peuple",
            "ذكرى ثورة الملك والشعب",
        ),
    ),
    "youth": (8, 21, ("Youth Day", "Fête de la jeunesse", "عيد الشباب")),
    "unity": (10, 31, ("Unity Day", "Fête de l’Unité", "عيد الوحدة")),
    "green_march": (
        11,
        6,
        ("Green March", "Marche verte", "ذكرى المسيرة الخضراء"),
    ),
    "independence": (
        11,
        18,
        ("Independence Day", "Fête de l’indépendance", "عيد الاستقلال"),
    ),
}
#: key: (Islamic month, day, days off, names). Provisional until the moon is announced.
LUNAR = {
    "muharram": (1, 1, 1, ("Islamic New Year", "1er Moharram", "فاتح محرم")),
    "mawlid": (
        3,
        12,
        2,
        ("Birthday of the Prophet", "Aïd Al-Mawlid", "عيد المولد النبوي"),
    ),
    "fitr": (10, 1, 2, ("End of Ramadan", "Aïd Al-Fitr", "عيد الفطر")),
    "adha": (12, 10, 2, ("Feast of the Sacrifice", "Aïd Al-Adha", "عيد الأضحى")),
}
LANGUAGES = ("en_US", "fr_FR", "ar_MA")
MODULE = "l10n_ma_gov"
YEARS_AHEAD = 4


class GovHoliday(models.Model):
    """The holidays of Morocco, some years ahead: civil ones fixed, lunar ones provisional."""

    _inherit = "gov.holiday"

    @api.model
    def _l10n_ma_extend(self, first=None):
        """Create the holidays of this year and the next ones that are not there yet.

        A year that has some is left as it is: what was moved, confirmed or deleted stays so.

        :param int first: first year; this one by default
        """
        first = first or self.env.company._gov_today().year
        # Holidays of the country are shared: the platform keeps them.
        holidays_sudo = self.sudo()
        for year in range(first, first + YEARS_AHEAD + 1):
            if not holidays_sudo._l10n_ma_known(year):
                holidays_sudo._l10n_ma_create(year)

    @api.model
    def _l10n_ma_known(self, year):
        return self.env["ir.model.data"].search_count(
            [
                ("module", "=", MODULE),
                ("model", "=", self._name),
                ("name", "=like", f"holiday\\_{year}\\_%"),
            ],
            limit=1,
        )

    @api.model
    def _l10n_ma_create(self, year):
        country = self.env.ref("base.ma")
        codes = set(self.env["res.lang"]._gov_languages().mapped("code"))
        plan = [
            (key, date(year, month, day), 1, "civil", names)
            for key, (month, day, names) in CIVIL.items()
        ]
        for key, (month, day, length, names) in LUNAR.items():
            plan += [
                (f"{key}_{number}" if number else key, first, length, "lunar", names)
                for number, first in enumerate(hijri.in_year(year, month, day))
            ]
        for key, first, length, kind, names in plan:
            holiday = self.with_context(lang="en_US").create(
                {
                    "name": names[0],
                    "date_from": first,
                    "date_to": first + timedelta(days=length - 1),
                    "kind": kind,
                    "state": "provisional" if kind == "lunar" else "confirmed",
                    "country_id": country.id,
                    "company_id": False,
                }
            )
            said = dict(zip(LANGUAGES, names, strict=True))
            holiday.update_field_translations(
                "name", {code: said[code] for code in said if code in codes}
            )
            self.env["ir.model.data"]._update_xmlids(
                [
                    {
                        "xml_id": f"{MODULE}.holiday_{year}_{key}",
                        "record": holiday,
                        "noupdate": True,
                    }
                ]
            )
