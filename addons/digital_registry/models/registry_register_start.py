from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.gov_base.lib import text

MAX_FIRST = 9_999_999


class RegistryRegister(models.Model):
    """A register adopted in the middle of a year goes on where the paper one stopped."""

    _inherit = "registry.register"

    def action_start_at(self, first_number=None, act=None, act_date=None):
        """Let the first line of the current year take a number other than 1.

        Without arguments, open the form that asks for the number and the act.

        :param int first_number: number of the first line, 2 to 9,999,999
        :param str act: reference of the act that says so, for example the minutes of
            the closing of the paper register
        :param act_date: date of that act (ISO date or date)
        :return: True, or the window action of the form
        :raise UserError: a line has a number this year already, number or act missing
        :raise AccessError: neither head of the office nor functional administrator
        """
        self.ensure_one()
        self.check_access("read")
        self._check_may("admin", "head")
        if first_number is None:
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Start the numbers at…"),
                "res_model": "registry.start.wizard",
                "views": [(False, "form")],
                "target": "new",
                "context": {"default_register_id": self.id},
            }
        act = text.clean_line(act)
        whole = type(first_number) is int
        if not act or not whole or not 1 < first_number <= MAX_FIRST:
            raise UserError(
                self.env._(
                    "Give the first number, from 2 to %(limit)s, and the reference of "
                    "the act that says so. Nothing was changed.",
                    limit=f"{MAX_FIRST:,}",
                )
            )
        self._start_at(self._local_year(), first_number, act, act_date)
        return True

    def _start_at(self, year, first_number, act, act_date):
        day = self._given_day(act_date)
        known = self.year_ids.filtered(lambda line: line.year == year)
        # One row a year, made by the first number or here, never both: PostgreSQL
        # refuses the later of two transactions, and Odoo replays it.
        self.env.flush_all()
        started = self.env.execute_query(
            SQL(
                "INSERT INTO gov_journal_counter (journal_id, year, last) "
                "VALUES (%s, %s, %s) ON CONFLICT (journal_id, year) DO NOTHING "
                "RETURNING id",
                self.journal_id.id,
                year,
                first_number - 1,
            )
        )
        if not started or known.state == "closed":
            raise UserError(
                self.env._(
                    "The numbers of %(year)s have started already in %(register)s: they "
                    "go on without a gap.",
                    year=str(year),
                    register=self.name,
                )
            )
        self._append_event(
            "year.started",
            {
                "year": year,
                "first_number": first_number,
                "act": act,
                "act_date": day and day.isoformat(),
            },
        )
        vals = {"first_number": first_number, "start_act": act, "start_act_date": day}
        # Years are read-only for people: the role was checked.
        years_sudo = self.env["registry.year"].sudo()
        if known:
            years_sudo.browse(known.id).write(vals)
        else:
            years_sudo.create(
                {
                    "register_id": self.id,
                    "company_id": self.company_id.id,
                    "year": year,
                    **vals,
                }
            )
