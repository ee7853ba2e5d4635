from odoo import models

from .gov_circuit_plan import Planned
from .gov_circuit_simulate import UNIT, USER

#: superiors that are looked for, one above the other, up to the head of a unit
MAX_LEVELS = 9


class GovCircuitStep(models.Model):
    """Each rule is answered with persons and a reason that a reader understands."""

    _inherit = "gov.circuit.step"

    def _actors_person(self, scope):
        return [(user, "person", {}) for user in self.user_ids._origin]

    def _actors_chosen(self, scope):
        users = scope["chosen"].get(self) or self.user_ids._origin
        # Names are copied: they are read later by people who may not read this account.
        args = {"by": scope["initiator"].sudo().name}
        return [(user, "chosen", args) for user in users]

    def _actors_group(self, scope):
        # Who has a role is looked for among all accounts of the administration.
        users_sudo = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("all_group_ids", "in", self.group_id._origin.ids),
                    ("company_ids", "in", scope["company"].ids),
                ],
                order="name",
            )
        )
        # Names of roles are shown to everybody in a circuit.
        args = {"group": self.group_id._origin.sudo().name}
        return [(user, "group", args) for user in users_sudo]

    def _actors_unit_head(self, scope):
        return self._heads_with_reason(self.unit_id._origin)

    def _actors_subject_unit_head(self, scope):
        subject, unit = scope["subject"], self.env["hr.department"]
        if subject:
            unit = subject._circuit_unit()
        elif scope["facts"]:
            unit = unit.browse((scope["facts"].get(UNIT) or ())[:1])
        return self._heads_with_reason(unit)

    def _heads_with_reason(self, unit):
        heads, role, place = self.env["gov.access"]._heads_found(unit)
        # Names of units are shown to everybody in a circuit.
        asked = unit.sudo().name
        args = {"unit": place}
        if place != asked:
            args["below"] = asked
        return [(user, role, args) for user in heads]

    def _actors_initiator_manager(self, scope):
        return self._managers(scope["initiator"], scope["company"])

    def _actors_previous_manager(self, scope):
        return self._managers(scope["before"], scope["company"])

    def _managers(self, users, company):
        found = []
        for user in users:
            # Names are copied: they are read later by people who may not read this account.
            args = {"of": user.sudo().name, "level": 1}
            managers = self.env["gov.access"]._manager(user, company)
            found += [(manager, "manager", args) for manager in managers]
        return found

    def _actors_office(self, scope):
        """Who holds the function today, in the unit and below when one is named."""
        job, unit = self.job_id._origin, self.unit_id._origin
        domain = [("job_id", "=", job.id), ("company_id", "=", scope["company"].id)]
        if unit:
            domain.append(("department_id", "child_of", unit.id))
        # Staff files are closed to most people; only accounts are read from them.
        holders_sudo = self.env["hr.employee"].sudo().search(domain, order="name")
        # Names of offices and units are shown to everybody in a circuit.
        args = {"office": job.sudo().name}
        if unit:
            args["unit"] = unit.sudo().name
        users = self.env["res.users"].browse(holders_sudo.user_id.ids)
        return [(user, "office", args) for user in users]

    def _actors_subject_user(self, scope):
        subject, key = scope["subject"], self.subject_field
        users = self.env["res.users"]
        if subject and key:
            # Whom the document names is asked whoever starts; the account alone is kept.
            users_sudo = subject.sudo()._circuit_field_users(key)
            users = users.browse(users_sudo.ids)
        elif key and scope["facts"]:
            users = users.browse(scope["facts"].get(f"{USER}{key}") or ())
        args = {"field": self._subject_field_label()}
        return [(user, "field", args) for user in users]

    # ------------------------------------------------------------------
    # Superiors, one after the other
    # ------------------------------------------------------------------
    def _plan_levels(self, scope):
        """N+1, N+2, … of the sender, one step each, as far as there is somebody above or up to the head of the unit."""
        company, sender = scope["company"], scope["initiator"]
        heads = self._last_heads(company)
        if heads and sender in heads:
            # Names of units are shown to everybody in a circuit.
            facts = {"unit": self.unit_id._origin.sudo().name}
            return [Planned(self, 0, self.name, left_out=("is_head", facts))]
        name, user, seen, levels = sender.sudo().name, sender, sender, []
        for level in range(1, self._most_levels() + 1):
            managers = self.env["gov.access"]._manager(user, company) - seen
            if not managers:
                break
            args = {"of": name, "level": level}
            why = [(one, "manager", args) for one in managers]
            levels.append(Planned(self, 0, self.name, why))
            seen |= managers
            user = managers[:1]
            if managers & heads:
                return levels
        if not levels:
            levels.append(Planned(self, 0, self.name, problem=self._vacancy()))
        elif self.actor_rule == "up_to_head":
            levels[-1].problem = self._not_below(sender)
        return levels

    def _last_heads(self, company):
        if self.actor_rule != "up_to_head":
            return self.env["res.users"]
        heads = self.env["gov.access"]._heads(self.unit_id._origin)
        return self.env["gov.access"]._present(heads, company)

    def _most_levels(self):
        return self.levels if self.actor_rule == "up_to" else MAX_LEVELS

    def _not_below(self, sender):
        return self.env._(
            "Step “%(step)s”: those above %(sender)s do not lead to the head of %(unit)s. "
            "Choose another unit, or name a head.",
            step=self.name,
            # Names of accounts and units are shown to everybody in a circuit.
            sender=sender.sudo().name,
            unit=self.unit_id._origin.sudo().name,
        )
