from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError


class RegistryLetter(models.Model):
    """What rules may do to a letter at the desk: the acts of people, through the same gate."""

    _inherit = "registry.letter"

    def _rule_action_problem(self, key, params, company):
        env = self.env
        units, users = env["hr.department"], env["res.users"]
        if key in ("assign", "propose") and params.get("user"):
            unit = units.browse(params["unit"])
            user = users.browse(params["user"])
            if user not in env["gov.access"]._members(unit):
                # Names of the rule's own administration, for who keeps its rules.
                names_sudo = user.sudo(), unit.sudo()
                return env._(
                    "%(user)s does not work in %(unit)s any more: choose another agent, or "
                    "the unit alone.",
                    user=names_sudo[0].name,
                    unit=names_sudo[1].name,
                )
        if (
            key == "notify"
            and params.get("who") == "persons"
            and not params.get("users")
        ):
            return env._("Say which persons are told.")
        if key == "circuit":
            # The state alone is read.
            circuit_sudo = env["gov.circuit"].sudo().browse(params["circuit"])
            if not circuit_sudo._family("published"):
                return env._(
                    "No version of the circuit %(name)s is published: publish one.",
                    name=circuit_sudo.name,
                )
        return super()._rule_action_problem(key, params, company)

    def _rule_lock(self):
        # Taken as people take it: whoever acts on the letter right now goes first.
        rows = self.assignment_ids
        try:
            rows._lock()
        except UserError:
            return False
        self.invalidate_recordset()
        return True

    def _rule_refused(self, rule_name, error):
        self._desk_log("rule_refused", {"rule": rule_name, "reason": error})

    def _rule_row(self):
        """The assignment that is being treated, or a refusal."""
        row = self._desk_row()
        if not row:
            raise UserError(
                self.env._(
                    "The letter %(letter)s is closed: nothing is left to do.",
                    letter=self.display_name,
                )
            )
        return row

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------
    def _rule_do_assign(self, params, rule):
        row = self._rule_row()
        if row.unit_id.id == params["unit"] and not params.get("user"):
            # It is there already: who heads the unit dispatches it.
            return
        row.action_dispatch(
            unit_id=params["unit"],
            user_id=params.get("user"),
            instruction_id=params.get("instruction"),
            note=params.get("note"),
        )

    def _rule_do_propose(self, params, rule):
        """Nothing is done: the proposal is made again for whoever dispatches the letter."""

    def _rule_do_copy(self, params, rule):
        row = self._rule_row()
        for unit in self.env["hr.department"].browse(params["units"]):
            row._check_unit(unit)
        row._send_copies(params["units"])

    def _rule_do_deadline(self, params, rule):
        row = self._rule_row()
        today = self.company_id._gov_today()
        day = self._rule_day(today, params["days"], params.get("working"))
        # Nobody has write access on assignments: the rule acts for the platform.
        row.sudo()._desk_gated().write({"due_date": day})
        self._desk_sync()
        self._desk_log("rule_due", {"due": day})

    def _rule_day(self, today, days, working):
        """The day ``days`` after ``today``; working days are those of the administration."""
        if not working:
            return today + timedelta(days=days)
        return self.env["gov.holiday"]._working_days_after(self.company_id, today, days)

    def _rule_do_notify(self, params, rule):
        users = self._rule_told(params)
        # Only people who may read the letter are told that there is one.
        told = users.filtered(lambda user: self.with_user(user).has_access("read"))
        if not told:
            raise UserError(
                self.env._(
                    "Nobody who may read the letter %(letter)s is to be told.",
                    letter=self.display_name,
                )
            )
        body = params.get("note") or self.env._(
            "The rule “%(rule)s” draws your attention to this letter.", rule=rule.name
        )
        self.message_notify(
            partner_ids=told.partner_id.ids,
            subject=self.env._("Letter %(letter)s", letter=self.display_name),
            body=body,
        )
        self._desk_log("rule_told", {"users": told.ids})

    def _rule_told(self, params):
        if params["who"] == "holder":
            return self.desk_user_id
        if params["who"] == "head":
            return self.env["gov.access"]._heads(self.desk_unit_id)
        users = self.env["res.users"].browse(params.get("users") or ())
        return self.env["gov.access"]._present(users, self.company_id)

    def _rule_do_circuit(self, params, rule):
        self._rule_row()
        circuit = self.env["gov.circuit"].browse(params["circuit"])
        heads = self.env["gov.access"]._heads(self.desk_unit_id)
        # Steps about "the sender" are asked of whoever treats the letter.
        initiator = self.desk_user_id or heads[:1]
        if not initiator:
            raise UserError(
                self.env._(
                    "Nobody has the letter %(letter)s and its unit has no head: no circuit "
                    "was started.",
                    letter=self.display_name,
                )
            )
        self._circuit_start(circuit, initiator=initiator)
        self._desk_log("rule_circuit", {"text": circuit.name})

    def _rule_do_complete(self, params, rule):
        """Ask the sender, as a person would: a rule never makes an exception to the single request."""
        due = None
        if params.get("days"):
            today = self.company_id._gov_today()
            due = self._rule_day(today, params["days"], working=True)
        self.action_ask_completion(question=params["question"], due_date=due)
