from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import groupby


class GovCircuit(models.Model):
    """The circuit as people look at it, and a rehearsal of it."""

    _inherit = "gov.circuit"

    picture = fields.Json(compute="_compute_picture")

    @api.depends(
        "name",
        "step_ids.rank",
        "step_ids.sequence",
        "step_ids.name",
        "step_ids.kind",
        "step_ids.mode",
        "step_ids.actor_text",
        "step_ids.deadline_days",
    )
    @api.depends_context("lang")
    def _compute_picture(self):
        for circuit in self:
            circuit.picture = circuit._picture()

    def get_picture(self):
        """The circuit as boxes, for the picture.

        :return: ``{"name", "groups": [{"rank", "steps": [step]}]}``; see ``gov.circuit.run.get_picture``
        :raise AccessError: no right to read it
        """
        self.ensure_one()
        self.check_access("read")
        return self._picture()

    def action_simulate(self, subject=None, user=None):
        """Say who would act and why, without starting anything.

        :param subject: record of ``gov.circuit.subject``, or ``"model,id"`` by RPC; without it the unit of the document is
            not known
        :param user: ``res.users`` or its id, the sender; oneself by default
        :return: a picture (see ``get_picture``) with ``problems``: sentences on steps where nobody can act
        :raise AccessError: no right to read the circuit or the subject
        :raise UserError: the subject cannot go through circuits
        """
        self.ensure_one()
        self.check_access("read")
        subject = self._simulated_subject(subject)
        company = subject.company_id if subject else self.company_id
        sender = self._simulated_sender(user, company)
        plan = self.step_ids._plan(subject, sender, company)
        problems = [
            planned.problem
            for planned in plan
            if planned.problem and planned.step.actor_rule != "chosen"
        ]
        return {**self._plan_picture(self.name, plan), "problems": problems}

    @api.model
    def _plan_picture(self, name, plan):
        """A plan (``gov.circuit.step._plan``) as boxes: each person and why, what is left out and why.

        :param str name: name of the whole
        :return: ``{"name", "groups"}``
        """
        groups = groupby(plan, key=lambda planned: planned.rank)
        return {
            "name": name or "",
            "groups": [
                {"rank": rank, "steps": [self._planned_box(one) for one in batch]}
                for rank, batch in groups
            ],
        }

    @api.model
    def _planned_box(self, planned):
        reasons = self.env["gov.circuit.run.actor"]
        people = [
            {
                # Names of those who act are shown to everybody in a circuit.
                "name": user.sudo().name,
                "why": reasons._reason_sentence(code, args),
            }
            for user, code, args in planned.actors
        ]
        problem = planned.problem and self._simulated_problem(planned)
        box = planned.step._box(people, problem=problem)
        if planned.left_out:
            box["state"] = "left_out"
            box["left_out"] = self.env["gov.circuit.run.step"]._left_out_sentence(
                *planned.left_out, planned.step.condition_text
            )
        return box

    def _simulated_problem(self, planned):
        """What the box says where nobody was found; where the sender chooses, he has not yet."""
        if planned.step.actor_rule == "chosen":
            return ""
        return self.env._("Nobody can act here")

    def _simulated_sender(self, user, company):
        """Nothing is said of people of another administration."""
        sender = self.env["gov.circuit.run"]._persons(
            getattr(user, "id", user) or self.env.uid
        )
        present = self.env["gov.access"]._present(sender.exists(), company)
        if sender != self.env.user and (len(sender) != 1 or present != sender):
            raise UserError(
                self.env._(
                    "Choose an active person of %(company)s as sender.",
                    company=company.name,
                )
            )
        return sender

    def _simulated_subject(self, subject):
        if not subject:
            return None
        if isinstance(subject, str):
            model, _comma, record_id = subject.partition(",")
            known = model in self.env and record_id.isdecimal()
            if not known or len(record_id) > 10:
                raise UserError(
                    self.env._("This is not a document: nothing was simulated.")
                )
            subject = self.env[model].browse(int(record_id))
        if not hasattr(subject, "_circuit_unit"):
            raise UserError(
                self.env._("Documents of this kind do not go through circuits.")
            )
        subject.check_access("read")
        return subject

    def _picture(self):
        ordered = self.step_ids.sorted(lambda step: (step.rank, step.sequence))
        return {
            "name": self.name or "",
            "groups": [
                {"rank": rank, "steps": [step._box() for step in steps]}
                for rank, steps in groupby(ordered, key=lambda step: step.rank)
            ],
        }
