from odoo import api, fields, models
from odoo.exceptions import UserError

#: operation → who may, besides the subject's own refusals
OPERATIONS = {
    "act": ("actor",),
    "return": ("actor",),
    "transfer": ("actor",),
    "recall": ("author",),
    "add_step": ("actor", "initiator"),
    "go_on": ("initiator",),
    "cancel": ("initiator", "admin"),
    "recuse": ("actor",),
    "bypass_ask": ("initiator", "supervisor", "admin"),
    "bypass_confirm": ("initiator", "supervisor", "admin"),
    "replace": ("initiator", "supervisor", "admin"),
    "platform_retry": ("initiator", "supervisor", "admin"),
}


class GovCircuitRun(models.Model):
    """The one gate: who may do what in a run now, and the sentence when not. Buttons ask it too."""

    _inherit = "gov.circuit.run"

    my_step_id = fields.Many2one(
        "gov.circuit.run.step", compute="_compute_can", string="My step"
    )
    my_kind = fields.Char(compute="_compute_can")
    can_act = fields.Boolean(compute="_compute_can")
    can_return = fields.Boolean(compute="_compute_can")
    can_transfer = fields.Boolean(compute="_compute_can")
    can_recall = fields.Boolean(compute="_compute_can")
    can_add_step = fields.Boolean(compute="_compute_can")
    can_go_on = fields.Boolean(compute="_compute_can")
    can_cancel = fields.Boolean(compute="_compute_can")

    @api.depends("state", "revision", "step_ids.state", "actor_ids.state")
    @api.depends_context("uid")
    def _compute_can(self):
        user = self.env.user
        for run in self:
            step = run._actor_of(user).step_id
            run.my_step_id = step
            run.my_kind = step.kind
            run.can_act = not run._refusal("act", user)
            run.can_return = bool(step) and not run._return_refusal(user)
            run.can_transfer = not run._refusal("transfer", user)
            run.can_recall = not run._recall_refusal(user)
            run.can_add_step = not run._refusal("add_step", user)
            run.can_go_on = not run._go_on_refusal(user)
            run.can_cancel = not run._refusal("cancel", user)

    # ------------------------------------------------------------------
    # Who
    # ------------------------------------------------------------------
    def _actor_of(self, user, step=None):
        """The row by which `user` has to act now, at `step` if given: his own before one of whom he stands in for, or signs in whose place."""
        rows = self.actor_ids.filtered(lambda actor: actor.state == "current")
        if step:
            rows = rows.filtered(lambda actor: actor.step_id == step)
        own = rows.filtered(lambda actor: actor.user_id == user)
        return (own or rows.filtered(lambda actor: actor._is_for(user)))[:1]

    def _roles(self, user):
        """What `user` is in this run."""
        roles = set()
        if self._actor_of(user):
            roles.add("actor")
        if self._last_act(user):
            roles.add("author")
        if self.initiator_id == user:
            roles.add("initiator")
        if user.has_group("gov_base.group_gov_base_admin"):
            roles.add("admin")
        if self._subject()._circuit_supervised_by(user):
            roles.add("supervisor")
        return roles

    def _last_act(self, user):
        """The last decision of `user` in a step that counts."""
        rows = self.actor_ids.filtered(
            lambda actor: (
                actor.state == "done"
                # What was sent back is not taken back: it is on its way.
                and actor.decision != "return"
                and user in (actor.user_id | actor.acted_by_id)
                and actor.step_id.state != "returned"
            )
        )
        return rows.sorted(lambda actor: (actor.acted_at, actor.id))[-1:]

    # ------------------------------------------------------------------
    # Gate
    # ------------------------------------------------------------------
    def _refusal(self, operation, user, *, step=None, decision=None, receiver=None):
        """Return why `user` may not do `operation` now, or None."""
        self.ensure_one()
        # Which administrations a person works in is compared, not shown.
        if self.company_id not in user.sudo().company_ids:
            return self._unreadable()
        if self.state != "running":
            return self._ended()
        if not hasattr(self.env.get(self.res_model), "_circuit_act_refusal"):
            return self._orphan()
        roles = self._roles(user)
        if not roles & set(OPERATIONS[operation]) or (
            step and operation == "act" and not self._actor_of(user, step)
        ):
            return self._not_yours(operation, user, step)
        step = step or self._actor_of(user).step_id or self._current_steps()[:1]
        if operation == "act":
            decision = decision or ("opinion" if step.kind == "opinion" else "approve")
            refusal = self._decision_refusal(step, decision)
            refusal = refusal or step._vote_refusal(user)
            if refusal:
                return refusal
        refusal = self._substitute_refusal(operation, user, step, decision)
        if refusal:
            return refusal
        return self._subject()._circuit_act_refusal(
            step, receiver or user, decision or operation
        )

    def _check(self, operation, user, **how):
        refusal = self._refusal(operation, user, **how)
        if refusal:
            raise refusal

    def _decision_refusal(self, step, decision):
        if decision not in ("approve", "refuse", "opinion"):
            return UserError(
                self.env._("Decide with approve, refuse or opinion: nothing was done.")
            )
        if step.kind == "opinion" and decision != "opinion":
            return UserError(
                self.env._(
                    "“%(step)s” asks for an opinion: write it. An opinion neither agrees nor "
                    "refuses for anybody.",
                    step=step.name,
                )
            )
        if step.kind != "opinion" and decision == "opinion":
            return UserError(
                self.env._(
                    "“%(step)s” asks for a decision, not for an opinion: agree or refuse.",
                    step=step.name,
                )
            )
        return None

    def _return_refusal(self, user):
        refusal = self._refusal("return", user)
        step = self._actor_of(user).step_id
        if not refusal and step.kind == "opinion":
            refusal = UserError(
                self.env._(
                    "“%(step)s” asks for an opinion: write it. Who decides sends it back.",
                    step=step.name,
                )
            )
        if not refusal and not self._return_targets():
            refusal = UserError(
                self.env._(
                    "This is the first step: there is none to send it back to. Refuse, with "
                    "your reason."
                )
            )
        return refusal

    def _return_targets(self):
        """The steps a run can go back to: those before the current ones that persons do."""
        rank = self._current_rank()
        return self._live_steps().filtered(
            lambda step: step.rank < rank and step.rule != "platform"
        )

    def _recall_refusal(self, user):
        refusal = self._refusal("recall", user)
        if refusal:
            return refusal
        act = self._last_act(user)
        now = self._current_steps()
        if act.step_id.rank == now[:1].rank:
            return None
        ranks = sorted(set(self._live_steps().mapped("rank")))
        before = [rank for rank in ranks if rank < now[:1].rank]
        # After a return that comes straight back, the step just before is not the one of the order below.
        last = now[:1].after_rank or (before and before[-1])
        touched = any(len(step._acts()) > step.acts_before for step in now)
        if touched or not before or act.step_id.rank != last:
            return UserError(
                self.env._(
                    "You cannot take your act back any more: the next step has acted "
                    "already. Ask those who have it now to send it back."
                )
            )
        return None

    def _go_on_refusal(self, user):
        refusal = self._refusal("go_on", user)
        if not refusal and any(
            step.kind != "opinion" for step in self._current_steps()
        ):
            refusal = UserError(
                self.env._(
                    "Only opinions can be left out: a decision is waited for. Ask the "
                    "person, or cancel the circuit."
                )
            )
        return refusal
