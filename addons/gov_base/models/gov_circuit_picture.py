from odoo import api, fields, models
from odoo.tools import groupby


class GovCircuit(models.Model):
    """The circuit as people look at it."""

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
        "step_ids.question",
        "step_ids.quorum",
        "step_ids.chair_id",
        "step_ids.condition_text",
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

    def _picture(self):
        ordered = self.step_ids.sorted(lambda step: (step.rank, step.sequence))
        return {
            "name": self.name or "",
            "groups": [
                {"rank": rank, "steps": [step._box() for step in steps]}
                for rank, steps in groupby(ordered, key=lambda step: step.rank)
            ],
        }
