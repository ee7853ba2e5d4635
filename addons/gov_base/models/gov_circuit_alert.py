from odoo import api, models
from odoo.tools import format_date


class GovCircuit(models.Model):
    """What somebody should know before a circuit starts: vacancies, conflicts, absences."""

    _inherit = "gov.circuit"

    @api.model
    def _alerts(self, plan, initiator):
        """Say what is wrong or odd in a plan, before it starts.

        :param list plan: as ``gov.circuit.step._plan`` returns it
        :param initiator: ``res.users`` who would start
        :return: list of ``{"code", "level", "step", "text"}``; ``level`` is "danger" where nothing can start, else "warning";
            ``code`` is vacancy, self, twice, absent or quorum
        """
        acting = [planned for planned in plan if planned.actors]
        alerts = [
            self._alert("vacancy", planned, planned.problem, level="danger")
            for planned in plan
            if planned.problem
        ]
        alerts += self._alerts_self(acting, initiator)
        alerts += self._alerts_twice(acting)
        alerts += self._alerts_absent(acting, plan)
        return alerts

    @api.model
    def _alert(self, code, planned, text, level="warning"):
        return {"code": code, "level": level, "step": planned.name, "text": text}

    @api.model
    def _self_approvals(self, plan, initiator):
        """Sentences that forbid a start where the sender would decide on his own document."""
        return [
            alert["text"]
            for alert in self._alerts_self(plan, initiator)
            if alert["level"] == "danger"
        ]

    @api.model
    def _alerts_self(self, plan, initiator):
        alerts = []
        for planned in plan:
            own = initiator in planned.users(self.env)
            if not own or planned.step.kind == "opinion":
                continue
            forbidden = planned.step.circuit_id.no_self_approval
            # The name of the sender is shown to everybody in a circuit.
            words = {"name": initiator.sudo().name, "step": planned.name}
            if forbidden:
                text = self.env._(
                    "%(name)s sends this document and would decide on it at the step "
                    "“%(step)s”: this circuit does not allow it. Let somebody else send it, or "
                    "name another person.",
                    **words,
                )
            else:
                text = self.env._(
                    "%(name)s sends this document and decides on it at the step “%(step)s”.",
                    **words,
                )
            level = "danger" if forbidden else "warning"
            alerts.append(self._alert("self", planned, text, level))
        return alerts

    @api.model
    def _alerts_twice(self, plan):
        """The same person at several steps that decide."""
        steps = {}
        for planned in plan:
            if planned.step.kind != "opinion":
                for user in planned.users(self.env):
                    steps.setdefault(user, []).append(planned)
        return [
            self._alert(
                "twice",
                found[-1],
                self.env._(
                    "%(name)s acts at several steps: %(steps)s.",
                    # Names of those who act are shown to everybody in a circuit.
                    name=user.sudo().name,
                    steps=", ".join(f"“{planned.name}”" for planned in found),
                ),
            )
            for user, found in steps.items()
            if len(found) > 1
        ]

    @api.model
    def _alerts_absent(self, acting, plan):
        if not acting:
            return []
        users = self.env["res.users"].union(
            *(planned.users(self.env) for planned in acting)
        )
        company = plan[0].step.company_id or self.env.company
        until = self.env["gov.absence"]._absent_until(users, company)
        alerts = []
        for planned in acting:
            away = [one for one in planned.users(self.env) if one.id in until]
            alerts += [self._alert_absent(planned, user, until) for user in away]
            here = len(planned.actors) - len(away)
            if planned.step.mode == "quorum" and here < planned.step.quorum:
                text = self.env._(
                    "Step “%(step)s”: %(needed)s persons must agree, and only %(here)s are "
                    "not absent today.",
                    step=planned.name,
                    needed=planned.step.quorum,
                    here=here,
                )
                alerts.append(self._alert("quorum", planned, text))
        return alerts

    @api.model
    def _alert_absent(self, planned, user, until):
        words = {
            # Names of those who act are shown to everybody in a circuit.
            "name": user.sudo().name,
            "date": format_date(self.env, until[user.id]),
            "step": planned.name,
        }
        return self._alert(
            "absent",
            planned,
            self.env._(
                "%(name)s, at the step “%(step)s”, is absent until %(date)s. Who stands in gives "
                "opinions and visas; nobody signs in the place of another without a delegation.",
                **words,
            ),
        )
