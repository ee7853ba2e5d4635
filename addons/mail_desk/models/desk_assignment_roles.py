from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.gov_base.lib import given, text


class DeskAssignment(models.Model):
    """Who else has a part in a letter: copies, opinions, visas and the signatory."""

    _inherit = "desk.assignment"

    def _read_others(self, asked):
        """Return what ``asked`` names, checked for these rows.

        :param dict asked: ids as a caller gave them: ``copy_unit_ids``,
            ``copy_user_ids``, ``opinion_user_ids``, ``visa_user_ids``, ``sign_user_id``;
            ``opinion_question`` (str), ``opinion_due`` (date or ISO text), ``circuit_id``
        :return: dict of records, ``days`` and ``question``
        :raise UserError: a unit or person that is not one of the administration
        """
        ids = given.record_ids
        users = self.env["res.users"].browse
        others = {
            "copy_units": self.env["hr.department"].browse(
                ids(asked.get("copy_unit_ids"))
            ),
            "copy_users": users(ids(asked.get("copy_user_ids"))),
            "opinion": users(ids(asked.get("opinion_user_ids"))),
            "visa": users(ids(asked.get("visa_user_ids"))),
            "sign": users(given.record_id(asked.get("sign_user_id")) or ()),
            "question": text.clean_line(asked.get("opinion_question"), 240),
            "due": self._opinion_due(asked.get("opinion_due")),
            "circuit": self.env["gov.circuit"].browse(
                given.record_id(asked.get("circuit_id")) or ()
            ),
        }
        for row in self:
            for unit in others["copy_units"]:
                row._check_unit(unit)
            for name in ("copy_users", "opinion", "visa", "sign"):
                row._check_people(others[name])
            if others["circuit"]:
                row.letter_id._desk_check_circuit(others["circuit"])
        if others["opinion"] == self.env.user:
            raise UserError(self.env._("Ask somebody else than yourself."))
        return others

    def _check_people(self, users):
        present = self.env["gov.access"]._present(users.exists(), self.company_id)
        if users - present:
            raise UserError(
                self.env._(
                    "Choose active people of %(company)s only. Nothing was dispatched.",
                    company=self.company_id.name,
                )
            )

    def _opinion_due(self, due):
        """Return the day an opinion is asked by, or None."""
        day = self._due_date(due, self.env["desk.instruction"]) if due else None
        days = (day - fields.Date.context_today(self)).days if day else 0
        if day and not days:
            raise UserError(
                self.env._(
                    "An opinion is asked by tomorrow at the earliest. Nothing was "
                    "dispatched."
                )
            )
        self.env["gov.circuit.run"]._check_days(days)
        return day

    def _ask_others(self, others):
        """Give each their part in this letter. The gate was passed, ``others`` checked."""
        self.ensure_one()
        self._send_copies(
            others["copy_units"].ids,
            [(self._unit_of(user), user) for user in others["copy_users"]],
        )
        self._name_for_reply("visa", others["visa"])
        self._name_for_reply("sign", others["sign"])
        letter = self._letter_sudo().with_env(self.env)
        if others["opinion"]:
            question = others["question"] or self.env._(
                "What is your opinion on this letter?"
            )
            letter._desk_start_opinion(others["opinion"], question, due=others["due"])
        if others["circuit"]:
            letter._desk_start_circuit(others["circuit"])

    def _send_copies(self, unit_ids, people=()):
        """Give a copy to each unit, and to each person in a unit, that has none yet."""
        self.ensure_one()
        letter_sudo = self._letter_sudo()
        open_copies = letter_sudo.assignment_ids.filtered(
            lambda row: row.role == "copy" and row._is_open()
        )
        have = {(row.unit_id.id, row.user_id.id) for row in open_copies}
        nobody = self.env["res.users"]
        units = self.env["hr.department"].browse(unit_ids)
        for unit, user in [*((unit, nobody) for unit in units), *people]:
            if (unit.id, user.id) in have:
                continue
            self._beside("copy", unit, user)
            letter_sudo._desk_log(
                "copied",
                {"unit": unit.id, "user": user.id},
                journal={"unit": unit._desk_code()},
            )

    def _name_for_reply(self, role, users):
        """Note who gives a visa on the reply, or signs it; one signatory at a time."""
        letter_sudo = self._letter_sudo()
        named = letter_sudo.assignment_ids.filtered(
            lambda row: row.role == role and row._is_open()
        )
        if role == "sign" and users and named:
            named.with_env(self.env)._close("withdrawn", "")
            named = named.browse()
        known = set(named.user_id.ids)
        for user in users:
            if user.id not in known:
                # In the unit that asks: nobody else reads the letter for that reason.
                self._beside(role, self.unit_id or self._unit_of(user), user)
                letter_sudo._desk_log(
                    f"{role}_named",
                    {"users": user.ids},
                    journal={"unit": self.unit_id._desk_code()},
                )

    def _beside(self, role, unit, user):
        # Nobody has write access on assignments: the gate was passed.
        rows_sudo = self.sudo()._desk_gated()
        return rows_sudo.create(
            {
                "letter_id": self.letter_id.id,
                "company_id": self.company_id.id,
                "role": role,
                "state": "assigned",
                "unit_id": unit.id,
                "user_id": user.id,
                "from_unit_id": self.unit_id.id,
                "assigned_by_id": self.env.uid,
                "assigned_at": fields.Datetime.now(),
            }
        )

    def _unit_of(self, user):
        """Return the unit where ``user`` works in this administration; a sentence if none."""
        # Who works where is asked for anybody of the administration.
        access_sudo = self.env["gov.access"].sudo()
        place_sudo = access_sudo.search(
            Domain("user_id", "=", user.id)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("inherited", "=", False)
            & Domain("substitute_id", "=", False),
            limit=1,
        )
        if not place_sudo:
            # The person was named by the user: the sentence names him too.
            name_sudo = user.sudo().name
            raise UserError(
                self.env._(
                    "%(user)s works in no unit of %(company)s: choose a unit, or place "
                    "the person in one first.",
                    user=name_sudo,
                    company=self.company_id.name,
                )
            )
        return self.env["hr.department"].browse(place_sudo.unit_id.ids)
