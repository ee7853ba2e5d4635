from odoo import api, fields, models
from odoo.exceptions import UserError

from .gov_circuit_step import SIGNATURE
from .parapheur_folder_submit import AGENT


class ParapheurFolder(models.Model):
    """What would happen if the draft were submitted now: who acts, why, and what is wrong."""

    _inherit = "parapheur.folder"

    preview = fields.Json("Circuit as it would run", compute="_compute_preview")
    preview_way = fields.Text("Circuit taken", compute="_compute_preview")
    preview_dangers = fields.Text(compute="_compute_preview")
    preview_warnings = fields.Text(compute="_compute_preview")

    @api.depends(
        "state",
        "nature_id",
        "unit_id",
        "title",
        "language",
        "priority",
        "form_id",
        "form_values",
        "choice_ids.step_id",
        "choice_ids.user_ids",
    )
    @api.depends_context("uid", "lang")
    def _compute_preview(self):
        for folder in self:
            found = folder._preview() if folder.state == "draft" else {}
            folder.preview = found.get("picture") or False
            folder.preview_way = found.get("way") or False
            folder.preview_dangers = "\n".join(found.get("dangers", ())) or False
            folder.preview_warnings = "\n".join(found.get("warnings", ())) or False

    @api.readonly
    def get_preview(self):
        """Say who would act if this draft were submitted now, why, and what is wrong or odd.

        :return: ``{"picture", "way", "dangers", "warnings"}``: the picture of the circuit (see
            ``gov.circuit.run.get_picture``), why it is this circuit, sentences on what keeps the
            folder from circulating and on what its sender should know
        :raise AccessError: the user may not read this folder
        :raise UserError: submitted already
        """
        self.ensure_one()
        self.check_access("read")
        if self.state != "draft":
            raise UserError(
                self.env._(
                    "The folder %(folder)s was submitted: its circuit is shown as it is.",
                    folder=self.display_name,
                )
            )
        return self._preview()

    def _preview(self):
        """As :meth:`get_preview`; also on a form that is not saved."""
        if not self.nature_id:
            return {}
        found = {"dangers": self._nature_problems(), "warnings": []}
        preparation, circuit, way_sudo = self._way()
        if not circuit:
            if not found["dangers"]:
                found["dangers"].append(
                    self.env._(
                        "The circuit of this nature is not published: a functional "
                        "administrator publishes it."
                    )
                )
            return found
        plan = self._preview_plan(preparation, circuit)
        for alert in circuit._alerts(plan, self.initiator_id):
            found["dangers" if alert["level"] == "danger" else "warnings"].append(
                alert["text"]
            )
        self._preview_people(plan, found)
        found["picture"] = circuit._plan_picture(circuit.name, plan)
        found["way"] = self._preview_way(circuit, way_sudo)
        return {
            **found,
            "dangers": list(dict.fromkeys(found["dangers"])),
            "warnings": list(dict.fromkeys(found["warnings"])),
        }

    def _preview_plan(self, preparation, circuit):
        chosen = {
            choice.step_id._origin: choice.user_ids._origin
            for choice in self.choice_ids
            if choice.user_ids
        }
        return (preparation.step_ids + circuit.step_ids)._plan(
            self, self.initiator_id, self.company_id, chosen
        )

    def _preview_people(self, plan, found):
        """Who could not open the folder, who has no key yet, what the law does not allow."""
        users = self.env["res.users"].union(
            *(planned.users(self.env) for planned in plan)
        )
        try:
            self._check_actors(users)
        except UserError as refusal:
            found["dangers"].append(refusal.args[0])
        signing = [
            planned
            for planned in plan
            if planned.step.kind == SIGNATURE and not planned.left_out
        ]
        if signing:
            try:
                self._check_eligible(
                    self.env["gov.circuit.step"].union(
                        *(planned.step for planned in signing)
                    )
                )
            except UserError as refusal:
                found["dangers"].append(refusal.args[0])
        keys = self.env["gov.key"]
        without = [
            # Names of those who act are shown to everybody in a circuit.
            user.sudo().name
            for planned in signing
            for user in planned.users(self.env)
            if user.has_group(AGENT) and not keys._personal(user)
        ]
        if without:
            found["warnings"].append(
                self.env._(
                    "No personal key yet: %(names)s. Each makes one in “My signature” before "
                    "signing.",
                    names=", ".join(dict.fromkeys(without)),
                )
            )

    def _preview_way(self, circuit, way_sudo):
        """Which circuit it is, and by which condition."""
        if not way_sudo:
            return self.env._("Circuit: %(circuit)s", circuit=circuit.name)
        return self.env._(
            "Circuit: %(circuit)s, because %(condition)s",
            circuit=circuit.name,
            condition=way_sudo.sentence,
        )
