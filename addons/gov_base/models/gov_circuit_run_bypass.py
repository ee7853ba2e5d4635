from odoo import api, fields, models
from odoo.exceptions import UserError


class GovCircuitRun(models.Model):
    """Passing a step over: one person asks with a reason, another one who has no part in the circuit confirms."""

    _inherit = "gov.circuit.run"

    can_bypass_ask = fields.Boolean(compute="_compute_can_bypass")
    can_bypass_confirm = fields.Boolean(compute="_compute_can_bypass")
    can_platform_retry = fields.Boolean(compute="_compute_can_bypass")
    bypass_note = fields.Text(compute="_compute_can_bypass")

    @api.depends("state", "revision", "step_ids.state", "step_ids.bypass_asked_at")
    @api.depends_context("uid", "lang")
    def _compute_can_bypass(self):
        user = self.env.user
        for run in self:
            steps = run._current_steps()
            run.can_bypass_ask = bool(run._bypassable("bypass_ask"))
            run.can_bypass_confirm = bool(run._bypassable("bypass_confirm"))
            run.can_platform_retry = bool(
                steps.filtered("platform_error")
            ) and not run._refusal("platform_retry", user)
            run.bypass_note = "\n".join(
                filter(None, (step._bypass_sentence() for step in steps))
            )

    def _bypassable(self, operation):
        """The steps that wait now for which the user may ask or confirm that they are passed over."""
        return self._current_steps().filtered(
            lambda step: not self._bypass_refusal(operation, step, self.env.user)
        )

    def action_bypass_ask(self, step_id, reason):
        """Ask to pass over a step that waits: another person confirms it.

        :param int step_id: ``gov.circuit.run.step`` that waits now
        :param str reason: required, read by everybody in the circuit
        :raise AccessError, UserError: neither sender, supervisor nor administrator; a kind that is never passed over; asked
            already; no reason; ended
        """
        self.ensure_one()
        self._check_reader()
        step, reason = self._step(step_id), self._required(reason)
        self._pass_bypass_gate("bypass_ask", step)
        # Nobody may write runs; the gate was passed on the line above.
        step_sudo = step.sudo()
        step_sudo._ask_bypass(self.env.user, reason)
        self._sync()
        self._log(
            "bypass_asked",
            {
                "step": step.id,
                "user": self.env.uid,
                "comment": step_sudo._bypass_digest(),
            },
        )
        self._subject()._circuit_bypass_asked(self, step)
        return True

    def action_bypass_withdraw(self, step_id):
        """Take back one's request to pass a step over.

        :param int step_id: ``gov.circuit.run.step``
        :raise AccessError, UserError: another person's request, none at all, ended
        """
        self.ensure_one()
        self._check_reader()
        step = self._step(step_id)
        self._lock()
        self._check("bypass_ask", self.env.user, step=step)
        if step.state != "current" or step.bypass_asked_id != self.env.user:
            raise UserError(
                self.env._(
                    "You have not asked to pass this step over: nothing was done."
                )
            )
        # Nobody may write runs; the gate was passed on the lines above.
        step_sudo = step.sudo()
        step_sudo._forget_bypass()
        self._sync()
        self._log("bypass_withdrawn", {"step": step.id, "user": self.env.uid})
        return True

    def action_bypass_confirm(self, step_id):
        """Confirm that a step is passed over, as another person than who asked.

        :param int step_id: ``gov.circuit.run.step`` that somebody asked to pass over
        :raise AccessError, UserError: neither sender, supervisor nor administrator; who asked himself; somebody who acts in the
            circuit; nothing was asked; ended
        """
        self.ensure_one()
        self._check_reader()
        step = self._step(step_id)
        self._pass_bypass_gate("bypass_confirm", step)
        user = self.env.user
        # Nobody may write runs; the gate was passed on the lines above.
        step_sudo = step.sudo()
        step_sudo.write(
            {
                "bypass_confirmed_id": user.id,
                # Copied: read later by people who may not read this account.
                "bypass_confirmed_name": user.sudo().name,
                "bypassed_at": fields.Datetime.now(),
            }
        )
        step_sudo._close("bypassed")
        step_sudo.actor_ids.filtered("vacant").vacant = False
        self._log(
            "bypassed",
            {
                "step": step.id,
                "kind": step.kind,
                "asked": step_sudo.bypass_asked_id.id,
                "user": user.id,
                "comment": step_sudo._bypass_digest(),
            },
        )
        self._subject()._circuit_bypassed(self, step)
        self._go_on(after=step.rank)
        return True

    def _pass_bypass_gate(self, operation, step):
        self._lock()
        refusal = self._bypass_refusal(operation, step, self.env.user)
        if refusal:
            raise refusal

    def _bypass_refusal(self, operation, step, user):
        """Return why `user` may not ask or confirm that this step is passed over, or None."""
        refusal = self._refusal(operation, user, step=step)
        if refusal:
            return refusal
        if step.state != "current":
            return UserError(
                self.env._(
                    "Only a step that waits now is passed over: “%(step)s” does not.",
                    step=step.name,
                )
            )
        if step.kind in self._subject()._circuit_never_bypassed():
            return UserError(
                self.env._(
                    "“%(step)s” is never passed over: without this act the document is "
                    "nothing. Name another person, or stop the circuit.",
                    step=step.name,
                )
            )
        if operation == "bypass_ask":
            return self._bypass_ask_refusal(step)
        return self._bypass_confirm_refusal(step, user)

    def _bypass_ask_refusal(self, step):
        if not step.bypass_asked_id:
            return None
        return UserError(
            self.env._(
                "%(name)s has asked that already: another person confirms it.",
                name=step.bypass_asked_name,
            )
        )

    def _bypass_confirm_refusal(self, step, user):
        if not step.bypass_asked_id:
            return UserError(
                self.env._(
                    "Nobody has asked to pass “%(step)s” over: one person asks, another "
                    "confirms.",
                    step=step.name,
                )
            )
        if step.bypass_asked_id == user:
            return UserError(
                self.env._("You have asked it yourself: another person confirms it.")
            )
        acts = self._live_steps().actor_ids.filtered(
            lambda row: (
                user in (row.user_id | row.acted_by_id)
                or row._standing_in(user)
                or row._delegation(user)
            )
        )
        if acts:
            return UserError(
                self.env._(
                    "You act in this circuit, or stand in for somebody who does: a person "
                    "without a part in it confirms."
                )
            )
        return None
