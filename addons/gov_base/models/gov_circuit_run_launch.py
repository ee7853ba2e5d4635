from odoo import api, fields, models


class GovCircuitRun(models.Model):
    """Starting: the plan is written down once, with every person and reason."""

    _inherit = "gov.circuit.run"

    @api.model
    def _launch(self, subject, plan, *, circuit=None, initiator, name=None):
        """Create the run of `plan` (``gov.circuit.step._plan``) and open its first steps."""
        # Nobody may write runs: the subject passed its own gate before it started one.
        runs_sudo = self.sudo()
        run_sudo = runs_sudo.create(
            {
                "name": name or (circuit and circuit.name) or plan[0].name,
                "circuit_id": circuit and circuit.id,
                "version": circuit and circuit.version,
                "company_id": subject.company_id.id,
                "res_model": subject._name,
                "res_id": subject.id,
                "initiator_id": initiator.id,
                "started_at": fields.Datetime.now(),
            }
        )
        for planned in plan:
            run_sudo._add_planned(planned)
        run = self.browse(run_sudo.id)
        subject._circuit_remember(run)
        run._log(
            "started",
            {
                "circuit": [circuit.id, circuit.version] if circuit else None,
                "initiator": initiator.id,
                "steps": run_sudo.step_ids._facts(),
            },
        )
        run._open_next()
        return run

    def _add_planned(self, planned, **extra):
        """Write one step of a plan and its persons; called as superuser."""
        step, origin = planned.step, planned.step._origin
        code, args = planned.left_out or (False, False)
        row = self.env["gov.circuit.run.step"].create(
            {
                "run_id": self.id,
                "company_id": self.company_id.id,
                "origin_id": origin.id,
                "rank": planned.rank,
                "name": planned.name,
                "kind": step.kind,
                "mode": step.mode,
                "rule": step.actor_rule,
                "days": step.deadline_days,
                "question": step.question,
                **step._frozen(),
                **({"state": "left_out"} if code else {}),
                "left_out_code": code,
                "left_out_args": args,
                **extra,
            }
        )
        if origin:
            row._freeze_words(origin)
        row._add_actors(planned.actors, chair=planned.chair)
        return row
