from dataclasses import dataclass, field

from odoo import models
from odoo.tools import groupby


@dataclass
class Planned:
    """One step as it would run: who acts and why. `actors` are ``(user, reason code, facts of the reason)``."""

    step: object
    rank: int
    name: str
    actors: list = field(default_factory=list)
    problem: str | None = None

    def users(self, env):
        return env["res.users"].browse(user.id for user, _code, _args in self.actors)


class GovCircuitStep(models.Model):
    """Who acts, and why: each rule is answered with persons and a reason that a reader understands."""

    _inherit = "gov.circuit.step"

    def _plan(self, subject, initiator, company, chosen=None):
        """Answer the rules of these steps.

        :param subject: record of ``gov.circuit.subject``, may be empty (simulation)
        :param initiator: who starts
        :param company: the administration; nobody of another one is found
        :param dict chosen: {step: res.users} for steps whose persons the sender chooses
        :return: list of ``Planned``, ranks 1, 2, 3…; ``problem`` says what is vacant
        """
        plan, rank, before = [], 0, initiator
        scope = {
            "subject": subject,
            "initiator": initiator,
            "company": company,
            "chosen": chosen or {},
        }
        # Several circuits follow each other in the order in which they were given.
        turn = {circuit.id: number for number, circuit in enumerate(self.circuit_id)}

        def place(step):
            return turn.get(step.circuit_id.id, 0), step.rank

        ordered = self.sorted(lambda step: (*place(step), step.sequence))
        for _place, group in groupby(ordered, key=place):
            for batch in self._batches(list(group), {**scope, "before": before}):
                rank += 1
                for planned in batch:
                    planned.rank = rank
                    self._explain(planned, plan)
                plan += batch
                before = self.env["res.users"].union(
                    *(planned.users(self.env) for planned in batch)
                )
        return plan

    def _batches(self, group, scope):
        """The steps that run at once; superiors “up to” make one batch each."""
        if len(group) == 1 and group[0].actor_rule == "up_to":
            return [[planned] for planned in group[0]._plan_levels(scope)]
        return [[step._plan_one(scope) for step in group]]

    def _plan_one(self, scope):
        planned = Planned(self, 0, self.name)
        found = getattr(self, f"_actors_{self.actor_rule}")(scope)
        present = self.env["gov.access"]._present(
            self.env["res.users"].browse(user.id for user, *_why in found),
            scope["company"],
        )
        seen = set()
        for user, code, args in found:
            if user in present and user.id not in seen:
                seen.add(user.id)
                planned.actors.append((user, code, args))
        if not planned.actors:
            planned.problem = self._vacancy()
        return planned

    def _vacancy(self):
        if self.actor_rule == "chosen":
            return self.env._(
                "Choose who acts at the step “%(step)s”: an active person of this "
                "administration.",
                step=self.name,
            )
        return self.env._(
            "Nobody can act at the step “%(step)s” (%(rule)s): the place is vacant or the "
            "account is closed. Name a head or a deputy, or change the circuit.",
            step=self.name,
            rule=self.actor_text,
        )

    def _explain(self, planned, plan):
        """The same person twice in a row is allowed, and said."""
        just_before = {
            user.id: before.name
            for before in plan
            if before.rank == planned.rank - 1
            for user, _code, _args in before.actors
        }
        planned.actors = [
            (user, code, {**args, "also": just_before[user.id]})
            if user.id in just_before
            else (user, code, args)
            for user, code, args in planned.actors
        ]

    # ------------------------------------------------------------------
    # Rules
    # ------------------------------------------------------------------
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
        args = {"group": self.group_id._origin.sudo().name}
        return [(user, "group", args) for user in users_sudo]

    def _actors_unit_head(self, scope):
        return self._heads_with_reason(self.unit_id._origin)

    def _actors_subject_unit_head(self, scope):
        subject = scope["subject"]
        return self._heads_with_reason(
            subject._circuit_unit() if subject else self.env["hr.department"]
        )

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

    def _plan_levels(self, scope):
        """N+1, N+2, … of the sender, one step each, as far as there is somebody above."""
        company, user = scope["company"], scope["initiator"]
        name, seen, levels = user.sudo().name, user, []
        for level in range(1, self.levels + 1):
            managers = self.env["gov.access"]._manager(user, company) - seen
            if not managers:
                break
            args = {"of": name, "level": level}
            levels.append(
                Planned(
                    self, 0, self.name, [(one, "manager", args) for one in managers]
                )
            )
            seen |= managers
            user = managers[:1]
        if not levels:
            levels.append(Planned(self, 0, self.name, problem=self._vacancy()))
        return levels
