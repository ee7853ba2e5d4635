from odoo import Command, api, fields, models

#: what may change the circuit of a draft, hence for which steps persons are chosen
DECIDING = {"nature_id", "form_values", "unit_id", "title", "language", "priority"}


class ParapheurFolder(models.Model):
    """Steps that leave the choice of their persons to the sender."""

    _inherit = "parapheur.folder"

    choice_ids = fields.One2many(
        "parapheur.choice", "folder_id", string="Chosen by you"
    )

    @api.onchange("nature_id", "form_values", "unit_id")
    def _onchange_nature_choices(self):
        steps = self._choice_steps()
        if steps == self.choice_ids.step_id:
            return
        chosen = {choice.step_id: choice.user_ids.ids for choice in self.choice_ids}
        self.choice_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "step_id": step.id,
                        "user_ids": chosen.get(step) or step.user_ids.ids,
                    }
                )
                for step in steps
            ),
        ]

    @api.model_create_multi
    def create(self, vals_list):
        folders = super().create(vals_list)
        folders._sync_choices()
        return folders

    def write(self, vals):
        result = super().write(vals)
        if DECIDING & vals.keys():
            self._sync_choices()
        return result

    def _choice_steps(self):
        """Steps of the circuit for which the sender says who acts."""
        return self._way_steps().filtered(lambda step: step.actor_rule == "chosen")

    def _sync_choices(self):
        """One line for each step to choose for; what was chosen for others is dropped."""
        for folder in self.filtered(lambda one: one.state == "draft"):
            steps = folder._choice_steps()
            left = folder.choice_ids.step_id - steps
            folder.choice_ids.filtered_domain([("step_id", "in", left.ids)]).unlink()
            self.env["parapheur.choice"].create(
                [
                    {
                        "folder_id": folder.id,
                        "step_id": step.id,
                        "user_ids": [Command.set(step.user_ids.ids)],
                    }
                    for step in steps - folder.choice_ids.step_id
                ]
            )

    def _chosen(self):
        """Who was chosen, as ``_circuit_start`` wants it: {step: res.users}."""
        self._sync_choices()
        return {
            choice.step_id: choice.user_ids
            for choice in self.choice_ids
            if choice.user_ids
        }
