from odoo import api, models
from odoo.exceptions import UserError

from ..lib import given, text
from .gov_circuit_plan import Planned
from .gov_circuit_step import KINDS

MAX_DAYS = 365


class GovCircuitRun(models.Model):
    """A step added by hand while the circuit runs."""

    _inherit = "gov.circuit.run"

    def action_add_step(
        self, kind, user_ids, *, after=None, mode="all", question=None, days=None
    ):
        """Add a step that the circuit did not have: a second opinion, one more visa.

        :param str kind: kind of step (opinion, visa, validation)
        :param list user_ids: persons of this administration
        :param int after: step after which it comes, the current one or a later one; without it, it opens now, beside the
            current step
        :param str mode: ``all`` or ``any`` of the persons
        :param str question: what they are asked
        :param int days: days to answer
        :raise AccessError, UserError: neither a current actor nor the sender, persons who cannot act, a step that is past
        """
        self.ensure_one()
        self._check_reader()
        if kind in self._own_kinds():
            raise UserError(
                self.env._(
                    "A step of this kind is added with the document's own button."
                )
            )
        if kind not in [name for name, _label in KINDS]:
            # Kinds of an app are acts of that app's documents alone.
            raise self._no_such_kind()
        step = self._add_step(
            kind,
            self._persons(user_ids),
            after=self._step(after) if after else None,
            mode=mode,
            question=question,
            days=days,
        )
        return step.id

    def _add_step(
        self,
        kind,
        users,
        *,
        after=None,
        mode="all",
        question=None,
        days=None,
        name=None,
    ):
        """The same for an app, also for its own kinds.

        :param str name: name of the step; the kind's name by default
        :return: the new ``gov.circuit.run.step``
        """
        user = self.env.user
        self._lock()
        self._check("add_step", user)
        kinds = dict(
            self.env["gov.circuit.step"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        if kind not in kinds or mode not in ("all", "any"):
            raise self._no_such_kind()
        self._check_days(days)
        rank = self._current_rank()
        if after and (after.state == "returned" or after.rank < rank):
            raise UserError(
                self.env._(
                    "“%(step)s” is past: add the step after the current one or a later one.",
                    step=after.name,
                )
            )
        self._check_askable(users)
        self._check_not_self(kind, users)
        in_memory = self.env["gov.circuit.step"].new(
            {
                "name": name or kinds[kind],
                "kind": kind,
                "mode": mode,
                "actor_rule": "chosen",
                "question": text.clean_block(question) or False,
                "deadline_days": days or 0,
            }
        )
        planned = Planned(
            in_memory,
            rank,
            in_memory.name,
            # Names are copied: they are read later by people who may not read this account.
            [(one.sudo(), "asked", {"by": user.sudo().name}) for one in users],
        )
        # Nobody may write runs; the gate was passed on the lines above.
        run_sudo = self.sudo()
        if after:
            planned.rank = after.rank + 1
            for later_sudo in run_sudo._live_steps():
                if later_sudo.rank > after.rank:
                    later_sudo.rank += 1
        row_sudo = run_sudo._add_planned(planned, added_by_id=user.id)
        self._log(
            "step_added",
            {
                "steps": row_sudo._facts(),
                "after": after.id if after else None,
                "user": user.id,
            },
        )
        row = self.env["gov.circuit.run.step"].browse(row_sudo.id)
        self._subject()._circuit_step_added(self, row)
        if not after:
            self._open(row_sudo)
        return row

    @api.model
    def _persons(self, user_ids):
        """The accounts with these ids, as a caller gave them; none at all when one is no id."""
        several = isinstance(user_ids, list | tuple)
        ids = given.record_ids(user_ids if several else [user_ids])
        return self.env["res.users"].browse(() if given.UNKNOWN in ids else ids)

    def _no_such_kind(self):
        return UserError(self.env._("There is no such kind of step."))

    def _check_days(self, days):
        if days and not (type(days) is int and 0 < days <= MAX_DAYS):
            raise UserError(
                self.env._(
                    "Days to answer: a whole number from 1 to %(most)s. Nothing was asked.",
                    most=MAX_DAYS,
                )
            )

    def _check_askable(self, users):
        present = self.env["gov.access"]._present(users.exists(), self.company_id)
        if not users or users - present:
            raise UserError(
                self.env._(
                    "Choose one or several active persons of %(company)s.",
                    company=self.company_id.name,
                )
            )
