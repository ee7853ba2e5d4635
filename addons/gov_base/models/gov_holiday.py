from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..lib import given

KINDS = [("civil", "Civil"), ("lunar", "Lunar")]
STATES = [
    ("provisional", "Provisional"),
    ("confirmed", "Confirmed"),
    ("dropped", "Not a day off here"),
]
MAX_DAYS = 31


class GovHoliday(models.Model):
    """Days on which administrations are closed. A lunar one is provisional until it is announced.

    Shared holidays (without administration) are those of a country; an administration confirms or moves one
    by a row of its own that takes its place. Each change recomputes the clocks that run, with their history.
    """

    _name = "gov.holiday"
    _description = "Holiday"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    date_from = fields.Date(
        string="First day", required=True, index=True, tracking=True
    )
    date_to = fields.Date(string="Last day", required=True, tracking=True)
    kind = fields.Selection(KINDS, required=True, default="civil", tracking=True)
    state = fields.Selection(
        STATES, required=True, default="confirmed", index=True, tracking=True
    )
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
        help="Without administration, it is shared by those of the country.",
    )
    country_id = fields.Many2one(
        "res.country",
        index="btree_not_null",
        ondelete="restrict",
        help="Country whose administrations are closed; empty: all of them.",
    )
    origin_id = fields.Many2one(
        "gov.holiday",
        string="Takes the place of",
        domain="[('company_id', '=', False)]",
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
        help="The shared holiday that this administration keeps on other days.",
    )

    _dates_order = models.Constraint(
        "CHECK(date_to >= date_from)",
        "The last day of a holiday is not before its first day.",
    )
    _one_replacement = models.UniqueIndex(
        "(company_id, origin_id) WHERE origin_id IS NOT NULL",
        "This administration has its own days for this holiday already.",
    )

    @api.constrains("date_from", "date_to")
    def _check_length(self):
        for holiday in self:
            if (holiday.date_to - holiday.date_from).days >= MAX_DAYS:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” would last more than %(days)s days: check its dates.",
                        name=holiday.name,
                        days=MAX_DAYS,
                    )
                )

    @api.constrains("company_id", "origin_id")
    def _check_origin(self):
        for holiday in self:
            if holiday.origin_id and (
                not holiday.company_id or holiday.origin_id.company_id
            ):
                raise ValidationError(
                    self.env._(
                        "An administration takes the place of a shared holiday by a "
                        "holiday of its own."
                    )
                )

    @api.onchange("date_from")
    def _onchange_date_from(self):
        if self.date_from and (not self.date_to or self.date_to < self.date_from):
            self.date_to = self.date_from

    # ------------------------------------------------------------------
    # CRUD: every change moves dates
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("date_from") and not vals.get("date_to"):
                vals["date_to"] = vals["date_from"]
        holidays = super().create(vals_list)
        if holidays:
            self.env["gov.clock.run"]._calendar_changed(
                "holidays", holidays._names(), [holidays._reach()]
            )
        return holidays

    def write(self, vals):
        moving = {"date_from", "date_to", "state", "company_id", "country_id"}
        moving |= {"origin_id"}
        touches = bool(moving & vals.keys())
        before = self._reach() if touches else None
        result = super().write(vals)
        if "company_id" in vals:
            # Rules are checked before a change: nobody hands a holiday to an
            # administration he may not change.
            self.check_access("write")
        if touches:
            self.env["gov.clock.run"]._calendar_changed(
                "holidays", self._names(), [before, self._reach()]
            )
        return result

    def unlink(self):
        before = self._reach()
        names = self._names()
        result = super().unlink()
        self.env["gov.clock.run"]._calendar_changed("holidays", names, [before])
        return result

    def _reach(self):
        """Return (ids of the administrations, or None for all; earliest day) these holidays touch."""
        shared = any(not holiday.company_id for holiday in self)
        first = min(self.mapped("date_from"), default=None)
        return (None if shared else set(self.company_id.ids), first)

    def _names(self):
        return ", ".join(dict.fromkeys(self.mapped("name")))[:200]

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------
    def action_confirm(self, date_from=None, date_to=None):
        """Confirm the days of this holiday, for the user's administration when it is shared.

        :param date_from: first day as announced (date or ISO text); the provisional one by default
        :param date_to: last day as announced; as many days as before by default
        :return: window action of the holiday that counts from now on
        :raise AccessError: not the functional administrator
        :raise UserError: what is given is no date
        """
        self.ensure_one()
        self.check_access("read")
        first, last = self._announced(date_from, date_to)
        vals = {"date_from": first, "date_to": last, "state": "confirmed"}
        return self._own_row(vals)._open_form()

    def action_drop(self):
        """Say that this holiday is no day off in the user's administration.

        :return: window action of the row that says so
        :raise AccessError: not the functional administrator
        """
        self.ensure_one()
        self.check_access("read")
        return self._own_row({"state": "dropped"})._open_form()

    def _announced(self, date_from, date_to):
        try:
            first = given.day(date_from) or self.date_from
            last = given.day(date_to) or first + (self.date_to - self.date_from)
        except ValueError as error:
            raise UserError(
                self.env._(
                    "This is no date: write it like 2026-12-31. Nothing was confirmed."
                )
            ) from error
        return first, last

    def _own_row(self, vals):
        """Write on this holiday, or on the administration's own one that takes its place."""
        if self.company_id or self.env.user.has_group("base.group_system"):
            self.write(vals)
            return self
        if not self.env.user.has_group("gov_base.group_gov_base_admin"):
            raise AccessError(
                self.env._("Only the functional administrator changes holidays.")
            )
        company = self.env.company
        mine = self.search(
            [("company_id", "=", company.id), ("origin_id", "=", self.id)], limit=1
        )
        if mine:
            mine.write(vals)
            return mine
        return self.create(
            {
                "name": self.name,
                "kind": self.kind,
                "date_from": self.date_from,
                "date_to": self.date_to,
                "company_id": company.id,
                "origin_id": self.id,
                **vals,
            }
        )

    def _open_form(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    # ------------------------------------------------------------------
    # For everybody who counts working days
    # ------------------------------------------------------------------
    @api.model
    def _working_days_after(self, company, day, count):
        """Return the ``count``-th working day of ``company`` after ``day``.

        :param company: ``res.company``
        :param datetime.date day: not counted itself; today of the administration when empty
        :param int count: working days; 0 gives ``day`` itself
        :rtype: datetime.date
        """
        return company._gov_calendar().after(day or company._gov_today(), count)
