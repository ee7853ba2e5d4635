from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..lib import text


class GovCircuitRun(models.Model):
    """Deciding, going on to the next step, ending."""

    _inherit = "gov.circuit.run"

    # ------------------------------------------------------------------
    # Public
    # ------------------------------------------------------------------
    def action_act(self, decision, comment=None, base=None, step_id=None):
        """Decide, as the user who is connected, at the step that waits for him.

        :param str decision: ``approve``, ``refuse`` or, at a step that asks for one, ``opinion``
        :param str comment: required to refuse and for an opinion
        :param str base: digest of what was read (``base`` of the subject); refused when it changed since
        :param int step_id: which step, when two wait for the same person; the first by default
        :raise AccessError: another administration, or not among those who act
        :raise UserError: out of turn, twice, ended, older version, or a kind of step with its own button
        """
        self.ensure_one()
        self._check_reader()
        step = self._step(step_id) if step_id else self._actor_of(self.env.user).step_id
        if decision == "approve" and step.kind in self._own_kinds():
            raise UserError(
                self.env._(
                    "“%(step)s” is more than an agreement by click: open the document and "
                    "use its own button.",
                    step=step.name,
                )
            )
        self._act(self.env.user, decision, comment, base, step=step)
        return True

    # ------------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------------
    def _act(self, user, decision, comment=None, base=None, *, step=None):
        """Decide for `user`, who must be the one that is connected: nobody acts for another.

        :return: the ``gov.circuit.run.actor`` row that holds the act
        :raise AccessError, UserError: see ``action_act``
        """
        self.ensure_one()
        if self.env.uid != user.id:
            raise AccessError(self.env._("Nobody acts in the place of another person."))
        self._lock()
        self._check("act", user, step=step, decision=decision)
        comment = text.clean_block(comment)
        if not comment and decision != "approve":
            raise UserError(
                self.env._("Write your opinion or the reason of your refusal first.")
            )
        current = self._check_base(base)
        # Nobody may write runs; the gate was passed on the lines above.
        actor_sudo = self._actor_of(user, step).sudo()
        step_sudo = actor_sudo.step_id
        actor_sudo._record(
            "done", decision=decision, comment=comment or False, base=current
        )
        actor_sudo._unschedule()
        self._log(
            "acted",
            {
                "step": step_sudo.id,
                "kind": step_sudo.kind,
                "user": user.id,
                "decision": decision,
                "base": current,
                "comment": actor_sudo._comment_digest(),
                **actor_sudo._acting_facts(),
            },
        )
        verdict = step_sudo._verdict()
        if verdict:
            step_sudo._close(verdict)
        actor = self.env["gov.circuit.run.actor"].browse(actor_sudo.id)
        self._subject()._circuit_acted(self, actor.step_id, actor)
        if verdict == "refused":
            refuser_sudo = step_sudo._refuser(actor_sudo)
            self._end(
                "refused",
                reason=refuser_sudo.comment,
                actor=actor.browse(refuser_sudo.id),
            )
            return actor
        if verdict == "done":
            self._passed(actor.step_id)
        self._go_on(after=actor.step_id.rank)
        return actor

    def _check_base(self, base):
        """Return the digest of what is acted on now; raise when the caller read something older."""
        current = self._subject()._circuit_base() or ""
        if base is not None and base != current:
            raise UserError(
                self.env._(
                    "The document changed since you opened it: reload the page, read it "
                    "again and decide then. Nothing was done."
                )
            )
        return current

    # ------------------------------------------------------------------
    # Going on
    # ------------------------------------------------------------------
    def _go_on(self, after=0):
        """Close the group when it is complete and open the next one; ends the run after the last.

        Opinions that were asked beside a decision do not hold it: they close with it.

        :param int after: order of the step that was just passed
        """
        # Nobody may write runs; operations call this after their gate.
        run_sudo = self.sudo()
        current = run_sudo._current_steps()
        deciding = run_sudo._live_steps().filtered(
            lambda step: step.rank == current[:1].rank and step.kind != "opinion"
        )
        if current and deciding and all(s.state != "current" for s in deciding):
            current._close("skipped")
            current = current.browse()
        if current:
            self._sync()
        else:
            self._open_next(after)

    def _open_next(self, after=0):
        # Nobody may write runs; operations call this after their gate.
        run_sudo = self.sudo()
        waiting = run_sudo.step_ids.filtered(lambda step: step.state == "waiting")
        if not waiting:
            self._end("done")
            return
        rank = min(waiting.mapped("rank"))
        self._open(waiting.filtered(lambda step: step.rank == rank), after)

    def _open(self, steps, after=0):
        """Open these steps (superuser): from now on they wait for their persons, or for the application."""
        days = self.env["gov.holiday"]._working_days_after
        for step in steps:
            step._follow_previous()
            step.write(
                {
                    "state": "current",
                    "opened_at": fields.Datetime.now(),
                    "deadline": step.due
                    or (step.days and days(step.company_id, None, step.days)),
                    "after_rank": after,
                }
            )
        waiting = steps.actor_ids.filtered(lambda actor: actor.state == "waiting")
        waiting.write({"state": "current"})
        waiting._schedule()
        self._sync()
        self._log(
            "opened",
            {
                "steps": steps._facts(),
                "deadlines": [
                    step.deadline.isoformat() if step.deadline else None
                    for step in steps
                ],
            },
        )
        opened = self.env["gov.circuit.run.step"].browse(steps.ids)
        self._subject()._circuit_opened(self, opened)
        self._start_platform(opened)

    def _end(self, state, *, reason=None, actor=None):
        # Nobody may write runs; operations call this after their gate.
        run_sudo = self.sudo()
        left = run_sudo.step_ids.filtered(
            lambda step: step.state in ("waiting", "current")
        )
        left._close("skipped")
        # A person may still have a row in the step that was refused.
        run_sudo.actor_ids.filtered(
            lambda row: row.state in ("waiting", "current")
        )._skip()
        run_sudo.write(
            {"state": state, "ended_at": fields.Datetime.now(), "reason": reason}
        )
        self._sync()
        self._log(state, {"step": actor.step_id.id if actor else None})
        subject = self._subject()
        if state == "done":
            subject._circuit_done(self)
        elif state == "refused":
            subject._circuit_refused(self, actor)
        else:
            subject._circuit_cancelled(self)

    def _sync(self):
        """Keep on the run whom it waits for: baskets read this column alone."""
        # Nobody may write runs; operations call this after their gate.
        run_sudo = self.sudo()
        current = run_sudo.actor_ids.filtered(lambda actor: actor.state == "current")
        run_sudo.current_user_ids = [Command.set(current.user_id.ids)]
        # ``_lock`` counted in SQL: what depends on the count learns it here, after the change.
        run_sudo.modified(["revision"])

    # ------------------------------------------------------------------
    # Guards of the public methods
    # ------------------------------------------------------------------
    def _check_reader(self):
        """One refusal for another administration, an unknown run and a hidden one."""
        if not self.exists() or not self._filtered_access("read"):
            raise self._unreadable()

    def _step(self, step_id):
        """The step of this run with this id, or a sentence."""
        step = self.step_ids.filtered(lambda one: one.id == step_id)
        if not step or step.state in ("returned", "left_out"):
            raise UserError(
                self.env._(
                    "This step is not, or no longer, part of the circuit: reload the page "
                    "and choose again."
                )
            )
        return step
