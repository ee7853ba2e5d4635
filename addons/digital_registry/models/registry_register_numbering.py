from datetime import datetime

import pytz
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from ..lib import pattern


class RegistryRegister(models.Model):
    """Numbering of a register: pattern, journal, years."""

    _inherit = "registry.register"

    def _pattern_sentence(self, error):
        """Return the sentence that explains a PatternError."""
        env = self.env
        sentences = {
            "empty": env._("Type a pattern, for example {year}/{number:06d}."),
            "long": env._("The pattern is too long: 64 signs at most."),
            "control": env._(
                "The pattern has a space at an end or an invisible sign. Type it again."
            ),
            "brace": env._(
                "A brace is missing: each token is written like {year}, with both."
            ),
            "number": env._(
                "The pattern needs {number}, or {number:06d} for six digits."
            ),
            "twice": env._("{number} can be there only once."),
        }
        if error.code == "token":
            return env._(
                "“{%(token)s}” is not a token. Use {year}, {number}, {number:06d}, "
                "{office}, {register}, {direction}.",
                token=error.token,
            )
        return sentences[error.code]

    def _number_parts(self):
        return {
            "office": self.office_id.code or "",
            "register": self.code or "",
            "direction": self._direction_code(),
        }

    def _direction_code(self):
        return {"incoming": "IN", "outgoing": "OUT", "internal": "INT"}.get(
            self.direction, ""
        )

    def _preview_number(self):
        return pattern.preview(
            self.number_pattern,
            year=self._local_year(),
            number=142,
            **self._number_parts(),
        )

    def _number_format(self):
        """Return the format the sequencer fills with the year and the number."""
        return pattern.compile_format(self.number_pattern, **self._number_parts())

    def _local_now(self):
        zone = pytz.timezone(self.tz or self._default_tz())
        return pytz.utc.localize(fields.Datetime.now()).astimezone(zone)

    def _local_year(self):
        return self._local_now().year

    def _to_local(self, instant: datetime) -> datetime:
        """Return the aware local datetime of a naive UTC ``instant``."""
        zone = pytz.timezone(self.tz or self._default_tz())
        return pytz.utc.localize(instant).astimezone(zone)

    def _journal_code(self):
        company = self.company_id
        return pattern.slug(
            company.gov_code or f"c{company.id}", self.office_id.code, self.code
        )

    def _stream_code(self):
        """Return the name of this register's journal stream."""
        # Whoever reads the register may read the name of its journal, no more.
        journal_sudo = self.journal_id.sudo()
        return journal_sudo.code

    def _ensure_journal(self):
        """Give each register its journal stream: one for all years."""
        # The functional admin creates registers but has no right on the journals.
        journals_sudo = self.env["gov.journal"].sudo()
        for register in self.filtered(lambda register: not register.journal_id):
            code = register._journal_code()
            if journals_sudo.search_count([("code", "=", code)], limit=1):
                # Two administrations without official code, or a code used again.
                code = f"{code}-{register.id}"
            journal = journals_sudo._ensure(
                code,
                name=f"{register.office_id.name} – {register.name}",
                kind="register",
                company_id=register.company_id.id,
                tz=register.tz,
            )
            register_sudo = register.sudo()
            register_sudo.journal_id = journal

    def _check_open(self):
        """Raise UserError when this register can number nothing now."""
        self.ensure_one()
        if (
            not self.active
            or self.office_id.state != "open"
            or not self.office_id.active
        ):
            raise UserError(
                self.env._(
                    "The office %(office)s is closed: nothing was registered. Choose "
                    "another office, or ask the administrator to open it again.",
                    office=self.office_id.name,
                )
            )
        year = self._local_year()
        if year in self._closed_years():
            raise UserError(
                self.env._(
                    "The year %(year)s of the register %(register)s is closed: nothing "
                    "was registered. Ask the head of the office.",
                    year=str(year),
                    register=self.name,
                )
            )

    @tools.ormcache("self.id")
    def _closed_years(self):
        """Return the years of this register in which nothing more is numbered."""
        # Remembered for everybody: a closed year is closed, whoever asks.
        years_sudo = self.env["registry.year"].sudo()
        closed = years_sudo.search(
            [("register_id", "=", self.id), ("state", "=", "closed")]
        )
        return frozenset(closed.mapped("year"))

    def action_open_year(self):
        """Open the current year of each register and note it in the journal.

        A year is opened by itself with its first letter; opening it by hand is a
        formality that leaves a dated trace. Opening it twice changes nothing.

        :return: True
        :raise UserError: the year was closed: a closed year is never opened again
        :raise AccessError: neither head of the office nor functional administrator
        """
        self.check_access("read")
        self._check_may("admin", "head")
        for register in self:
            register._open_year(register._local_year())
        return True

    def _open_year(self, year):
        self.ensure_one()
        known = self.year_ids.filtered(lambda line: line.year == year)
        if known.state == "closed":
            raise UserError(
                self.env._(
                    "The year %(year)s of the register %(register)s is closed. A closed "
                    "year is never opened again.",
                    year=str(year),
                    register=self.name,
                )
            )
        if known:
            return known
        self._append_event("year.opened", {"year": year})
        # Years are read-only for people: the role was checked.
        years_sudo = self.env["registry.year"].sudo()
        return years_sudo.create(
            {"register_id": self.id, "company_id": self.company_id.id, "year": year}
        )

    def _append_event(self, kind, body, **kwargs):
        """Append an event that takes no number to the journal of this register."""
        # Nobody has rights on the journal: business methods append after their gate.
        journal_sudo = self.journal_id.sudo()
        return journal_sudo._append(kind, {"register": self.code, **body}, **kwargs)

    @api.model
    def _note_years(self, pairs):
        """Record the years that numbering opened by itself (after the drain).

        :param pairs: (register id, year) seen on fresh lines
        """
        years_sudo = self.env["registry.year"].sudo()
        for register_id, year in sorted(set(pairs)):
            register = self.browse(register_id)
            if years_sudo.search_count(
                [("register_id", "=", register_id), ("year", "=", year)], limit=1
            ):
                continue
            values = {
                "register_id": register_id,
                "company_id": register.company_id.id,
                "year": year,
            }
            try:
                with self.env.cr.savepoint():
                    years_sudo.create(values)
            except UniqueViolation:
                # Another batch noted the same year at this very moment.
                continue
