from odoo import api, fields, models
from odoo.tools import groupby


class GovCircuitRun(models.Model):
    """The way of a document as people look at it."""

    _inherit = "gov.circuit.run"

    picture = fields.Json(compute="_compute_picture")

    @api.depends("state", "revision", "step_ids.state", "actor_ids.state")
    @api.depends_context("lang", "tz", "uid")
    def _compute_picture(self):
        for run in self:
            run.picture = run._picture() if run.id else False

    def get_picture(self):
        """The run as boxes from left to right, in the language and zone of the reader.

        :return: ``{"name", "state", "state_label", "earlier", "groups": [{"rank", "steps": [...]}]}``; a step has ``id``,
            ``name``, ``kind``, ``mode`` (also “2 of 3 must agree”), ``state``, ``state_label``, ``note`` (deadline), ``late``,
            ``question``, ``people``, ``condition`` (on the arrow), ``left_out`` (why it is not done), ``problem``; a person has ``name``, ``state``, ``state_label``, ``date``, ``why``, ``comment``; ``earlier`` counts steps that
            were done again after a return
        :raise AccessError: no right to read it
        """
        self.ensure_one()
        self.check_access("read")
        return self._picture()

    def _picture(self):
        # What was left out is shown: a reader sees why it is not there.
        shown = self.step_ids.filtered(lambda step: step.state != "returned")
        shown = shown.sorted(lambda step: (step.rank, step.id))
        states = dict(self._fields["state"]._description_selection(self.env))
        return {
            "name": self.name,
            "state": self.state,
            "state_label": states[self.state],
            "earlier": len(self.step_ids) - len(shown),
            "groups": [
                {"rank": rank, "steps": [step._box() for step in steps]}
                for rank, steps in groupby(shown, key=lambda step: step.rank)
            ],
        }
