from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import escape_psql

from odoo.addons.gov_base.lib import given, text

from .desk_assignment import MISROUTED

LIMIT = 100
MAX_SEARCH = 100


class DeskBoard(models.AbstractModel):
    """The dispatch board: what waits, one letter at a time, plain values for the screen."""

    _name = "desk.board"
    _description = "Dispatch board"

    @api.model
    def _check_board(self):
        if not self.env["desk.assignment"]._desk_is("agent"):
            raise AccessError(
                self.env._(
                    "The dispatch board is for the people of the mail desk. Ask a "
                    "functional administrator for the role."
                )
            )

    # ------------------------------------------------------------------
    # The list
    # ------------------------------------------------------------------
    @api.model
    def load(self, search=None, with_words=True):
        """Return the letters that wait to be dispatched by the user, the most urgent first.

        :param str search: words of the number, the subject or the sender
        :param bool with_words: also return units and instructions, which change seldom
        :return: ``{"letters": [row], "count", "found", "working", "late", "today",
            "limit"}`` and ``{"units", "instructions"}``; a row has ``id``, ``number``,
            ``subject``, ``sender``, ``received``, ``due``, ``days`` (left, may be negative
            or None), ``unit_id``, ``category``, ``company_id``, ``row_id``, ``came_back``
        :raise AccessError: not one of the people of the desk
        """
        self._check_board()
        letters = self.env["registry.letter"]
        waiting = self._waiting()
        words = text.clean_line(search if isinstance(search, str) else "", MAX_SEARCH)
        wanted = waiting & self._search_domain(words) if words else waiting
        rows = self._rows(
            letters.search(wanted, limit=LIMIT, order="desk_deadline, id")
        )
        count = letters.search_count(waiting)
        found = len(rows)
        if found == LIMIT:
            found = letters.search_count(wanted) if words else count
        board = {
            "letters": rows,
            "count": count,
            "found": found,
            "working": letters.search_count(self._worked_on()),
            "late": sum(1 for row in rows if (row["days"] or 0) < 0),
            "today": fields.Date.context_today(self).isoformat(),
            "limit": LIMIT,
        }
        if with_words:
            board.update(units=self._units(), instructions=self._instructions())
        return board

    @api.model
    def _waiting(self):
        return self.env["desk.basket"]._to_dispatch_everywhere()

    @api.model
    def _worked_on(self):
        """Return what is being treated in the units of the user."""
        treated = Domain("desk_state", "in", ("assigned", "replied"))
        if self.env["desk.assignment"]._desk_is("supervisor"):
            return treated
        return treated & Domain(
            "desk_unit_id.gov_access_ids.user_id", "=", self.env.uid
        )

    @api.model
    def _search_domain(self, words):
        return Domain("words", "ilike", escape_psql(words))

    @api.model
    def _rows(self, letters):
        """Return what the list shows of ``letters``; what names it reads is read once."""
        today = fields.Date.context_today(self)
        now, came_back = self._routes(letters)
        # The user reads these letters: their number, category and date are part of them.
        letters_sudo = letters.sudo()
        return [
            {
                "id": letter.id,
                "number": letter.display_name,
                "subject": letter.subject or "",
                "sender": letter.sender_name or "",
                "received": letter.registered_at
                and fields.Datetime.to_string(letter.registered_at),
                "due": letter.desk_deadline and letter.desk_deadline.isoformat(),
                "days": (letter.desk_deadline - today).days
                if letter.desk_deadline
                else None,
                "unit_id": letter.desk_unit_id.id,
                "category": letter.category_id.name or "",
                "priority": letter.priority_id.name or "",
                "company_id": letter.company_id.id,
                "row_id": now.get(letter.id, False),
                "came_back": letter.id in came_back,
            }
            for letter in letters_sudo
        ]

    @api.model
    def _routes(self, letters):
        """Return {letter id: row treated now} and the ids of letters that came back."""
        rows = self.env["desk.assignment"].search_fetch(
            [
                ("letter_id", "in", letters.ids),
                ("role", "=", "to"),
                ("state", "in", ("to_dispatch", *MISROUTED)),
            ],
            ["letter_id", "state"],
        )
        waiting = rows.filtered(lambda row: row.state == "to_dispatch")
        came_back = {row.letter_id.id for row in rows - waiting}
        return {row.letter_id.id: row.id for row in waiting}, came_back

    @api.model
    def _units(self):
        """Return the units of the user's administrations, each with those above it."""
        units = self.env["hr.department"].search_fetch(
            [("company_id", "in", self.env.companies.ids)],
            ["name", "parent_id", "company_id"],
            order="name, id",
        )
        # Units above are named, whoever may read them.
        units_sudo = units.sudo()
        return [
            {
                "id": unit.id,
                "name": unit.name,
                "within": unit.parent_id.name or "",
                "company_id": unit.company_id.id,
            }
            for unit in units_sudo
        ]

    @api.model
    def _instructions(self):
        rows = self.env["desk.assignment"].browse()
        instructions = self.env["desk.instruction"].search(
            [("company_id", "in", [*self.env.companies.ids, False])]
        )
        return [
            {
                "id": instruction.id,
                "name": instruction.name,
                "company_id": instruction.company_id.id,
                "due": self._iso(rows._due_date(None, instruction)),
            }
            for instruction in instructions
        ]

    @api.model
    def _iso(self, value):
        return value.isoformat() if value else False

    # ------------------------------------------------------------------
    # People of a unit
    # ------------------------------------------------------------------
    @api.model
    def agents(self, unit_id):
        """Return the people of a unit, whom a letter may be given to.

        :param int unit_id: ``hr.department`` of an administration of the user
        :return: list of ``{"id", "name", "load" (open letters), "is_head", "absent_until"
            (ISO date or False)}``, those present and least loaded first
        :raise AccessError: not one of the people of the desk
        :raise UserError: no such unit
        """
        self._check_board()
        unit = self.env["hr.department"].browse(given.record_id(unit_id)).exists()
        if not unit._filtered_access("read"):
            raise UserError(
                self.env._("There is no such unit any more: choose another one.")
            )
        users = self.env["gov.access"]._members(unit)
        heads = self.env["gov.access"]._people(unit, "head")
        load = self._load(users)
        absent = self.env["gov.absence"]._absent_until(users, unit.company_id)
        # Who works in a unit is shown to whoever dispatches to it.
        people = [
            {
                "id": user.id,
                "name": user.name,
                "load": load.get(user.id, 0),
                "is_head": user in heads,
                "absent_until": self._iso(absent.get(user.id)),
            }
            for user in users.sudo()
        ]
        return sorted(
            people,
            key=lambda one: (bool(one["absent_until"]), one["load"], one["name"]),
        )

    @api.model
    def find_people(self, words, company_id=False):
        """Return colleagues whose name has these words: for copies, opinions and visas.

        :param str words: words of the name
        :param int company_id: the administration of the letter; else all of the user's
        :return: at most 8 ``{"id", "name", "unit"}``
        :raise AccessError: not one of the people of the desk
        """
        self._check_board()
        words = text.clean_line(words if isinstance(words, str) else "", MAX_SEARCH)
        companies = self.env.companies
        if company_id:
            companies = companies.filtered(
                lambda company: company.id == given.record_id(company_id)
            )
        # Who works where is known to everybody of the administration.
        access_sudo = self.env["gov.access"].sudo()
        places_sudo = access_sudo.search(
            Domain("company_id", "in", companies.ids)
            & Domain("inherited", "=", False)
            & Domain("substitute_id", "=", False)
            & Domain("user_id.name", "ilike", escape_psql(words)),
            order="user_id, id",
            limit=40,
        )
        found = {}
        for place in places_sudo:
            if place.user_id != self.env.user:
                found.setdefault(place.user_id.id, place)
        return [
            {"id": user_id, "name": place.user_id.name, "unit": place.unit_id.name}
            for user_id, place in list(found.items())[:8]
        ]

    @api.model
    def _load(self, users):
        # A number for each, whatever letters the user may read.
        letters_sudo = self.env["registry.letter"].sudo()
        groups = letters_sudo._read_group(
            [
                ("desk_user_id", "in", users.ids),
                ("desk_state", "in", ("assigned", "replied")),
            ],
            ["desk_user_id"],
            ["__count"],
        )
        return {user.id: count for user, count in groups}
