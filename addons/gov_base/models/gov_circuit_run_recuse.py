from odoo import api, fields, models
from odoo.exceptions import UserError


class GovCircuitRun(models.Model):
    """Withdrawing from a step (conflict of interest): the first replacement of the list takes the place, or it is vacant."""

    _inherit = "gov.circuit.run"

    can_recuse = fields.Boolean(compute="_compute_can_recuse")

    @api.depends("state", "revision", "actor_ids.state")
    @api.depends_context("uid")
    def _compute_can_recuse(self):
        for run in self:
            run.can_recuse = not run._recuse_refusal(self.env.user)

    def action_recuse(self, reason, step_id=None):
        """Withdraw from the step that waits for the user: he does not act in it.

        :param str reason: required, read by everybody in the circuit
        :param int step_id: which step, when two wait for the same person; the first by default
        :return: name of who takes the place, or False: the place is vacant, or not needed
        :raise AccessError, UserError: not among those who act, in the place of another, no reason, ended
        """
        self.ensure_one()
        self._check_reader()
        reason = self._required(reason)
        step = self._step(step_id) if step_id else None
        replacement = self._recuse(reason, step)
        return replacement.name if replacement else False

    def _recuse_refusal(self, user, step=None):
        refusal = self._refusal("recuse", user, step=step)
        actor = self._actor_of(user, step)
        if refusal or not actor:
            return refusal or self._not_yours("recuse", user, step)
        if actor.user_id != user:
            return UserError(
                self.env._(
                    "You stand in for %(name)s: only %(name)s withdraws. Do not act, and let "
                    "somebody else stand in.",
                    name=actor.name,
                )
            )
        return None

    def _recuse(self, reason, step=None):
        user = self.env.user
        self._lock()
        refusal = self._recuse_refusal(user, step)
        if refusal:
            raise refusal
        # Nobody may write runs; the gate was passed on the lines above.
        actor_sudo = self._actor_of(user, step).sudo()
        step_sudo = actor_sudo.step_id
        actor_sudo._record("recused", comment=reason)
        actor_sudo._unschedule()
        receiver = self._replacement(actor_sudo)
        new_sudo = actor_sudo.browse()
        if receiver:
            new_sudo = step_sudo._take_place(
                actor_sudo, receiver, "recused", {"of": actor_sudo.name}
            )
        else:
            actor_sudo.vacant = (
                step_sudo.mode != "any" or not step_sudo._current_actors()
            )
        self._sync()
        self._log(
            "recused",
            {
                "step": step_sudo.id,
                "user": user.id,
                "to": receiver.id or None,
                "vacant": actor_sudo.vacant,
                "comment": actor_sudo._comment_digest(),
            },
        )
        rows = self.env["gov.circuit.run.actor"]
        actor, new = rows.browse(actor_sudo.id), rows.browse(new_sudo.id)
        self._subject()._circuit_recused(self, actor.step_id, actor, new)
        return new

    def _replacement(self, actor):
        """The first of the list of the step who can act: an open account, not absent, without a part in this step."""
        step = actor.step_id
        listed = self.env["res.users"].browse(
            user_id for user_id, _name in step.replacements or ()
        )
        present = self.env["gov.access"]._present(listed.exists(), self.company_id)
        away = self.env["gov.absence"]._absent_until(present, self.company_id)
        taken = step._with_part().user_id
        own_step = self.env["gov.circuit.run.step"].browse(step.id)
        for user in listed:
            if user not in present or user.id in away or user in taken:
                continue
            if self._is_self(step.kind, user):
                continue
            refusal = self._subject()._circuit_act_refusal(own_step, user, "transfer")
            if not refusal:
                return user
        return listed.browse()

    # ------------------------------------------------------------------
    # The sender does not decide
    # ------------------------------------------------------------------
    def _is_self(self, kind, user):
        """Whether `user` sent this document and may not do a step of this kind."""
        if user != self.initiator_id or kind == "opinion":
            return False
        # A published circuit is read whoever asks: it does not change.
        run_sudo = self.sudo()
        circuits_sudo = run_sudo.circuit_id | run_sudo.step_ids.origin_id.circuit_id
        return any(circuits_sudo.mapped("no_self_approval"))

    def _check_not_self(self, kind, users):
        """Raise when the sender would decide, where the circuit does not let him."""
        for user in users:
            if self._is_self(kind, user):
                raise UserError(
                    self.env._(
                        "%(name)s sent this document, and this circuit does not let its "
                        "sender decide: choose another person.",
                        # The name of the sender is shown to every reader of the circuit.
                        name=user.sudo().name,
                    )
                )
