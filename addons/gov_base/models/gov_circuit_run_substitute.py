from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class GovCircuitRun(models.Model):
    """Acting in the place of another person: of an absent one for opinions, visas and validations, never to sign; by a delegation of signature, to sign what it covers."""

    _inherit = "gov.circuit.run"

    def _substitute_refusal(self, operation, user, step, decision):
        """Return why `user`, who stands in for somebody here, may not do this, or None."""
        actor = self._actor_of(user, step)
        if not actor or actor.user_id == user:
            return None
        if self.initiator_id == user and (
            operation == "transfer" or (operation == "act" and decision != "opinion")
        ):
            return UserError(
                self.env._(
                    "You started this circuit: you do not decide in it in the place of "
                    "%(name)s. Ask for another substitute, or somebody above.",
                    name=actor.name,
                )
            )
        if operation in ("transfer", "add_step") and actor._delegation(user):
            return UserError(
                self.env._(
                    "The act gives you the power to sign in the place of %(name)s, not to hand "
                    "it on or to ask others: nothing was done.",
                    name=actor.name,
                )
            )
        return None

    def _signature_refusal(self, user):
        """The sentence for who stands in for somebody who has to sign, or whose delegation does not cover this; or None."""
        if refusal := self._delegation_refusal(user):
            return refusal
        replaced = self.env["gov.absence"]._replaced_by(
            user, self.company_id, "circuits"
        )
        asked = self.actor_ids.filtered(
            lambda row: row.state == "current" and row.user_id in replaced
        )
        if not asked:
            return None
        return UserError(
            self.env._(
                "You stand in for %(name)s, and that gives no power to sign: a delegation "
                "of signature does.",
                name=asked[:1].name,
            )
        )

    def _delegation_refusal(self, user):
        """Why no delegation lets `user` sign here now in the place of who is asked; None when he was never given one."""
        kinds = self.env["gov.circuit.step"]._delegable_kinds()
        rows = self.actor_ids.filtered(
            lambda row: row.state == "current" and row.step_id.kind in kinds
        )
        if not rows or not hasattr(self.env.get(self.res_model), "_circuit_scope"):
            return None
        # The subject tells its unit, nature and amount to this check alone.
        scope = self._subject().sudo()._circuit_scope()
        return self.env["gov.delegation"]._uncovered_by(
            rows.user_id, user, self.company_id, **scope
        )

    @api.model
    def _my_waiting_domain(self):
        """Rows at which the user may have to act: his own, of whom he stands in for, and what he signs by delegation; ``_is_for`` decides."""
        waiting = self._my_actors_domain()
        kinds = self.env["gov.circuit.step"]._delegable_kinds()
        # What a person may sign in whose place is asked about himself.
        user_sudo = self.env.user.sudo()
        for act_sudo in user_sudo.gov_delegated_ids._in_force_today():
            waiting |= (
                Domain("user_id", "=", act_sudo.grantor_id.id)
                & Domain("company_id", "=", act_sudo.company_id.id)
                & Domain("step_id.kind", "in", kinds)
            )
        return waiting

    @api.model
    def _my_actors_domain(self):
        """Rows of the user, and of whom he stands in for in the same administration."""
        mine = Domain("user_id", "=", self.env.uid)
        # What a person stands in for is asked about himself.
        user_sudo = self.env.user.sudo()
        for row in user_sudo.gov_replaces_ids.filtered("for_circuits"):
            mine |= Domain("user_id", "=", row.absent_id.id) & Domain(
                "company_id", "=", row.company_id.id
            )
        return mine
