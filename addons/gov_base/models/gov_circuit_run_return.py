from odoo import fields, models
from odoo.exceptions import UserError

#: what is done again after a return
RESUMES = ("all", "here")
#: rows of persons who have no place at their step any more
GONE = ("transferred", "recalled", "recused", "replaced")


class GovCircuitRun(models.Model):
    """Sending back: to which step, what is done again, what stays valid."""

    _inherit = "gov.circuit.run"

    def action_return(self, step_id, reason, resume="all"):
        """Send back to an earlier step.

        :param int step_id: ``gov.circuit.run.step``, before the current one
        :param str reason: required, read by everybody in the circuit
        :param str resume: "all": that step and all that follow are done again; "here": that step alone, then it comes straight
            back to who returned it
        :raise AccessError, UserError: not among those who act, no such earlier step, no reason, ended
        """
        self.ensure_one()
        self._check_reader()
        self._return(self._step(step_id), self._required(reason), resume)
        return True

    def get_return_effects(self, step_id, resume="all"):
        """Say what a return would do, for the dialog.

        :param int step_id: ``gov.circuit.run.step``, before the current one
        :param str resume: "all" or "here", see ``action_return``
        :return: ``{"again": [step], "valid": [step]}``; a step is ``{"id", "name", "people": [names]}``
        :raise AccessError, UserError: hidden run, no such step
        """
        self.ensure_one()
        self._check_reader()
        step = self._step(step_id)
        self._check_target(step)
        return self._return_effects(step, resume)

    def _return_effects(self, target, resume):
        """What is done again after a return to ``target``, and what stays valid: names of steps and persons."""
        self._check_resume(resume)
        live = self._live_steps().filtered(lambda step: step.state != "waiting")
        again = self._redone(target, resume) | self._mine()
        valid = (live - again).filtered(lambda step: step.state in ("done", "bypassed"))
        return {"again": again._named(), "valid": valid._named()}

    def _mine(self):
        """The step of who is connected: after a return it waits for him again."""
        return self._actor_of(self.env.user).step_id or self._current_steps()[:1]

    def _redone(self, target, resume):
        """The steps that become history, with a new row to come for each."""
        if resume == "here":
            return target
        return self._live_steps().filtered(
            lambda step: step.rank >= target.rank and step.state != "waiting"
        )

    def _check_target(self, step):
        if step not in self._return_targets():
            raise UserError(
                self.env._(
                    "“%(step)s” is not before the current step: choose an earlier one.",
                    step=step.name,
                )
            )

    def _check_resume(self, resume):
        if resume not in RESUMES:
            raise UserError(
                self.env._(
                    "Say what is done again after the return: everything from that step on, or "
                    "that step alone. Nothing was done."
                )
            )

    def _return(self, target, reason, resume="all"):
        user = self.env.user
        self._check_resume(resume)
        self._lock()
        self._check("return", user)
        refusal = self._return_refusal(user)
        if refusal:
            raise refusal
        self._check_target(target)
        # Nobody may write runs; the gate was passed on the lines above.
        actor_sudo = self._actor_of(user).sudo()
        step_sudo, target_sudo = actor_sudo.step_id, target.sudo()
        actor_sudo._record(
            "done",
            decision="return",
            comment=reason,
            base=self._subject()._circuit_base() or "",
        )
        actor_sudo._unschedule()
        again_sudo = self.sudo()._redo(self.sudo()._redone(target_sudo, resume))
        if resume == "here":
            self._wait_again(actor_sudo)
        self._log(
            "returned",
            {
                "step": step_sudo.id,
                "to": target_sudo.id,
                "resume": resume,
                "user": user.id,
                "comment": actor_sudo._comment_digest(),
                "again": [step.id for step in again_sudo.values()],
                **actor_sudo._acting_facts(),
            },
        )
        new = self.env["gov.circuit.run.step"].browse(again_sudo[target_sudo].id)
        self._subject()._circuit_returned(self, new)
        self._open_next()

    def _redo(self, old):
        """Turn these steps (superuser) into history, with a new row to come for each."""
        again = {}
        for step in old:
            again[step] = step._again()
            seen = self.env["res.users"]
            for actor in step.actor_ids.filtered(lambda one: one.state not in GONE):
                if actor.user_id not in seen:
                    actor._again("waiting", again[step])
                    seen |= actor.user_id
            for vacant in step.actor_ids.filtered("vacant"):
                vacant._again("recused", again[step]).vacant = True
        old.actor_ids.filtered(lambda a: a.state in ("waiting", "current"))._skip()
        old.actor_ids.filtered("vacant").vacant = False
        old.write({"state": "returned"})
        old.filtered(lambda step: not step.closed_at).write(
            {"closed_at": fields.Datetime.now()}
        )
        return again

    def _wait_again(self, actor):
        """Steps that wait now wait until it comes back: what was decided in them stays. Called as superuser."""
        waiting = actor.run_id._current_steps()
        actor._again("waiting")
        left = waiting.actor_ids.filtered(lambda row: row.state == "current")
        left._unschedule()
        left.write({"state": "waiting"})
        waiting.write({"state": "waiting", "opened_at": False, "deadline": False})
        for step in waiting:
            step.acts_before = len(step._acts())
