from odoo import models
from odoo.exceptions import UserError

from ..lib import text


class GovCircuitRun(models.Model):
    """Handing on, taking back, leaving opinions out, stopping."""

    _inherit = "gov.circuit.run"

    # ------------------------------------------------------------------
    # Public: each acts as the user who is connected
    # ------------------------------------------------------------------
    def action_transfer(self, user_id, reason, actor_id=None):
        """Hand one's step on to another person of the administration.

        :param int user_id: who receives it
        :param str reason: required
        :param int actor_id: ``gov.circuit.run.actor`` whose account is closed, for the functional administrator who
            replaces that person; oneself by default
        :raise AccessError, UserError: not among those who act, not an active person of this administration, oneself, ended
        """
        self.ensure_one()
        self._check_reader()
        receiver = self._persons(user_id)
        self._transfer(receiver, self._required(reason), actor_id=actor_id)
        return True

    def action_recall(self, reason):
        """Take one's last act back, while the next step has not acted.

        :param str reason: required
        :raise UserError: nothing to take back, the next step has acted, ended
        """
        self.ensure_one()
        self._check_reader()
        self._recall(self._required(reason))
        return True

    def action_go_on(self, reason):
        """Go on without the opinions that have not come (sender of the circuit only).

        :param str reason: required
        :raise AccessError, UserError: not the sender, a decision is waited for, ended
        """
        self.ensure_one()
        self._check_reader()
        self._leave_opinions(self._required(reason))
        return True

    def action_cancel(self, reason):
        """Stop the circuit (its sender, or a functional administrator).

        :param str reason: required
        :raise AccessError, UserError: not the sender, ended
        """
        self.ensure_one()
        self._check_reader()
        reason = self._required(reason)
        self._lock()
        self._check("cancel", self.env.user)
        self._cancel(reason)
        return True

    def _required(self, reason):
        reason = text.clean_block(reason)
        if not reason:
            raise UserError(self.env._("Say why first: others will read the reason."))
        return reason

    # ------------------------------------------------------------------
    # Handing on
    # ------------------------------------------------------------------
    def _transfer(self, receiver, reason, actor_id=None):
        user = self.env.user
        self._lock()
        if actor_id:
            actor = self._replaced(actor_id)
            self._check_other_than_self(receiver)
        else:
            self._check("transfer", user)
            actor = self._actor_of(user)
        self._hand_on(actor, receiver, reason)

    def _hand_on(self, actor, receiver, reason):
        """Hand a step on to `receiver`. The caller passed a gate: this one's, or that of who hands over for somebody."""
        self._lock()
        if self.state != "running" or actor.state != "current":
            raise UserError(
                self.env._(
                    "This step does not wait for anybody any more: reload the page."
                )
            )
        self._check_receiver(actor, receiver)
        refusal = self._subject()._circuit_act_refusal(
            actor.step_id, receiver, "transfer"
        )
        if refusal:
            raise refusal
        # Nobody may write runs; the gate was passed on the lines above.
        actor_sudo = actor.sudo()
        actor_sudo._record("transferred", comment=reason)
        actor_sudo._unschedule()
        new_sudo = actor_sudo.step_id._take_place(
            actor_sudo, receiver, "handed", {"by": actor_sudo.name}
        )
        self._sync()
        self._log(
            "transferred",
            {
                "step": actor_sudo.step_id.id,
                "user": actor_sudo.user_id.id,
                "to": receiver.id,
                "comment": actor_sudo._comment_digest(),
                **actor_sudo._acting_facts(),
            },
        )
        new = self.env["gov.circuit.run.actor"].browse(new_sudo.id)
        self._subject()._circuit_transferred(self, new.step_id, new)

    def _replaced(self, actor_id):
        """The row of somebody who left, which the functional administrator hands on."""
        actor = self.actor_ids.filtered(lambda row: row.id == actor_id)
        if self.state != "running":
            raise self._ended()
        if not self.env.user.has_group("gov_base.group_gov_base_admin"):
            raise self._not_yours("transfer", self.env.user)
        present = self.env["gov.access"]._present(actor.user_id, self.company_id)
        away = self.env["gov.absence"]._absent_until(present, self.company_id)
        if actor.state != "current" or (present and not away):
            raise UserError(
                self.env._(
                    "Only the step of somebody whose account is closed, or who is absent, is "
                    "handed on for him: others do it themselves."
                )
            )
        return actor

    def _check_receiver(self, actor, receiver):
        if receiver == actor.user_id:
            raise UserError(
                self.env._("This step is yours already: choose another person.")
            )
        present = self.env["gov.access"]._present(receiver.exists(), self.company_id)
        if len(receiver) != 1 or present != receiver:
            raise UserError(
                self.env._(
                    "Choose an active person of %(company)s: this one cannot act here.",
                    company=self.company_id.name,
                )
            )
        self._check_not_self(actor.step_id.kind, receiver)
        if receiver in actor.step_id._with_part().user_id:
            raise UserError(
                self.env._(
                    "%(name)s acts at this step already: choose another person.",
                    name=receiver.name,
                )
            )

    # ------------------------------------------------------------------
    # Taking back
    # ------------------------------------------------------------------
    def _recall(self, reason):
        user = self.env.user
        self._lock()
        refusal = self._recall_refusal(user)
        if refusal:
            raise refusal
        # Nobody may write runs; the gate was passed on the lines above.
        actor_sudo = self._last_act(user).sudo()
        step_sudo = actor_sudo.step_id
        now_sudo = self._current_steps().sudo()
        later_sudo = now_sudo.filtered(lambda step: step.rank > step_sudo.rank)
        asked_sudo = later_sudo.actor_ids.filtered(lambda row: row.state == "current")
        asked_sudo._unschedule()
        asked_sudo.write({"state": "waiting"})
        later_sudo.write({"state": "waiting", "opened_at": False, "deadline": False})
        actor_sudo.write({"state": "recalled", "recall_reason": reason})
        group_sudo = (
            self.sudo()
            ._live_steps()
            .filtered(
                lambda step: step.rank == step_sudo.rank and step.state != "waiting"
            )
        )
        reopened_sudo = step_sudo | group_sudo.filtered(
            lambda step: step.state == "skipped"
        )
        left_sudo = reopened_sudo.actor_ids.filtered(lambda row: row.state == "skipped")
        left_sudo.write({"state": "current"})
        reopened_sudo.write({"state": "current", "closed_at": False})
        (left_sudo | actor_sudo._again("current"))._schedule()
        self._sync()
        self._log(
            "recalled",
            {
                "step": step_sudo.id,
                "user": user.id,
                "decision": actor_sudo.decision,
            },
        )
        step = self.env["gov.circuit.run.step"].browse(step_sudo.id)
        self._subject()._circuit_recalled(self, step)

    def _leave_opinions(self, reason):
        user = self.env.user
        self._lock()
        refusal = self._go_on_refusal(user)
        if refusal:
            raise refusal
        # Nobody may write runs; the gate was passed on the lines above.
        steps_sudo = self._current_steps().sudo()
        steps_sudo._close("skipped")
        steps_sudo.reason = reason
        self._log("left_out", {"steps": steps_sudo.ids, "user": user.id})
        self._open_next()

    def _cancel(self, reason):
        """Stop a run for its subject, which passed its own gate; nothing happens to one that ended."""
        for run in self.filtered(lambda one: one.state == "running"):
            run._lock()
            run._end("cancelled", reason=reason)
