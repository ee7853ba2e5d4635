from dataclasses import dataclass, field

from odoo import models
from odoo.tools import groupby


@dataclass
class Planned:
    """One step as it would run: who acts and why.

    ``actors`` are ``(user, reason code, facts of the reason)``; ``left_out`` is ``(code, facts)`` where the step is not part
    of the way; ``chair`` is the account of the president.
    """

    step: object
    rank: int
    name: str
    actors: list = field(default_factory=list)
    problem: str | None = None
    left_out: tuple | None = None
    chair: object = None

    def users(self, env):
        return env["res.users"].browse(user.id for user, _code, _args in self.actors)


class GovCircuitStep(models.Model):
    """Who acts, and why: the steps of a circuit as they would run, from the first to the last."""

    _inherit = "gov.circuit.step"

    def _plan(self, subject, initiator, company, chosen=None, facts=None):
        """Answer the rules of these steps.

        :param subject: record of ``gov.circuit.subject``, may be empty (simulation)
        :param initiator: who starts
        :param company: the administration; nobody of another one is found
        :param dict chosen: {step: res.users} for steps whose persons the sender chooses
        :param dict facts: in the place of a subject, what its conditions would find: {key: found}
        :return: list of ``Planned``, ranks 1, 2, 3…; ``problem`` says what is vacant
        """
        plan, rank, before, names = [], 0, initiator, {}
        scope = {
            "subject": subject,
            "initiator": initiator,
            "company": company,
            "chosen": chosen or {},
            "facts": facts,
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
                    self._explain(planned, names)
                plan += batch
                acting = [planned for planned in batch if planned.actors]
                if acting:
                    before = self.env["res.users"].union(
                        *(planned.users(self.env) for planned in acting)
                    )
                    names = {
                        user.id: planned.name
                        for planned in acting
                        for user, _code, _args in planned.actors
                    }
        return plan

    def _batches(self, group, scope):
        """The steps that run at once; superiors one after the other make one batch each."""
        step = group[0]
        if len(group) == 1 and step.actor_rule in ("up_to", "up_to_head"):
            planned = step._planned(scope)
            if planned.left_out or planned.problem:
                return [[planned]]
            return [[planned] for planned in step._plan_levels(scope)]
        return [[one._plan_one(scope) for one in group]]

    def _planned(self, scope):
        """This step without its persons: left out, or not, or in doubt because its condition is lost."""
        lost = self._lost_condition(scope["company"])
        left_out = None if lost else self._left_out(scope)
        return Planned(self, 0, self.name, problem=lost, left_out=left_out)

    def _plan_one(self, scope):
        planned = self._planned(scope)
        if planned.problem or planned.left_out or self.actor_rule == "platform":
            return planned
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
        elif self.mode == "quorum":
            self._plan_quorum(planned)
        return planned

    def _plan_quorum(self, planned):
        """Enough persons, and the president among them."""
        # The name of the president is shown to everybody in a circuit.
        chair_sudo = self.chair_id._origin.sudo()
        if len(planned.actors) < self.quorum:
            planned.problem = self.env._(
                "Step “%(step)s”: %(needed)s persons must agree, and only %(found)s can act. "
                "Name more persons, or change the circuit.",
                step=self.name,
                needed=self.quorum,
                found=len(planned.actors),
            )
        elif chair_sudo and chair_sudo.id not in planned.users(self.env).ids:
            planned.problem = self.env._(
                "Step “%(step)s”: its president, %(name)s, is not one of those who act. Name "
                "this person among them, or another president.",
                step=self.name,
                name=chair_sudo.name,
            )
        else:
            planned.chair = self.env["res.users"].browse(chair_sudo.id)

    def _vacancy(self):
        if self.actor_rule == "chosen":
            return self.env._(
                "Choose who acts at the step “%(step)s”: an active person of this "
                "administration.",
                step=self.name,
            )
        if self.actor_rule == "subject_user":
            return self.env._(
                "Nobody can act at the step “%(step)s”: “%(field)s” of the document names no "
                "active person of this administration. Fill it in.",
                step=self.name,
                field=self._subject_field_label(),
            )
        return self.env._(
            "Nobody can act at the step “%(step)s” (%(rule)s): the place is vacant or the "
            "account is closed. Name a head or a deputy, or change the circuit.",
            step=self.name,
            rule=self.actor_text,
        )

    def _explain(self, planned, just_before):
        """The same person twice in a row is allowed, and said."""
        planned.actors = [
            (user, code, {**args, "also": just_before[user.id]})
            if user.id in just_before
            else (user, code, args)
            for user, code, args in planned.actors
        ]
