from odoo import api, fields, models
from odoo.exceptions import UserError


class GovCircuitRun(models.Model):
    """Naming somebody in the place of a person who left, is absent or withdrew."""

    _inherit = "gov.circuit.run"

    can_replace = fields.Boolean(compute="_compute_can_replace")

    @api.depends("state", "revision", "actor_ids.state", "actor_ids.vacant")
    @api.depends_context("uid")
    def _compute_can_replace(self):
        for run in self:
            run.can_replace = bool(run._replaceable(self.env.user))

    def action_replace(self, actor_id, user_id, reason):
        """Name another person in a place that nobody can fill.

        :param int actor_id: ``gov.circuit.run.actor``: account closed, absent, or withdrawn without replacement
        :param int user_id: who takes the place
        :param str reason: required
        :raise AccessError, UserError: neither supervisor nor administrator (nor sender, where the sender chooses), a person who
            can act, somebody who cannot act here, no reason, ended
        """
        self.ensure_one()
        self._check_reader()
        receiver = self._persons(user_id)
        self._replace(actor_id, receiver, self._required(reason))
        return True

    def _replaceable(self, user):
        """The places of this run for which `user` may name somebody."""
        if self._refusal("replace", user):
            return self.actor_ids.browse()
        rows = self._live_steps().actor_ids
        return rows.filtered(lambda actor: not self._replace_refusal(actor, user))

    def _replace_refusal(self, actor, user):
        """Return why `user` may not name somebody in the place of this row, or None."""
        refusal = self._refusal("replace", user, step=actor.step_id)
        if refusal:
            return refusal
        if not {"supervisor", "admin"} & self._roles(user) and (
            actor.step_id.rule != "chosen"
        ):
            return self._not_yours("replace", user)
        if actor.vacant and actor.step_id.state in ("waiting", "current"):
            return None
        present = self.env["gov.access"]._present(actor.user_id, self.company_id)
        away = self.env["gov.absence"]._absent_until(present, self.company_id)
        if actor.state not in ("waiting", "current") or (present and not away):
            return UserError(
                self.env._(
                    "Somebody is named only in the place of a person whose account is closed, "
                    "who is absent, or who withdrew. %(name)s can act.",
                    name=actor.name,
                )
            )
        return None

    def _replace(self, actor_id, receiver, reason):
        user = self.env.user
        self._lock()
        actor = self._live_steps().actor_ids.filtered(lambda row: row.id == actor_id)
        if self.state != "running":
            raise self._ended()
        if not actor:
            raise UserError(
                self.env._(
                    "This place is not, or no longer, part of the circuit: reload the page "
                    "and choose again."
                )
            )
        refusal = self._replace_refusal(actor, user)
        if refusal:
            raise refusal
        self._check_other_than_self(receiver)
        self._check_named(actor, receiver)
        # Nobody may write runs; the gate was passed on the lines above.
        actor_sudo = actor.sudo()
        step_sudo, old = actor_sudo.step_id, actor_sudo.name
        if not actor_sudo.vacant:
            actor_sudo._record("replaced", comment=reason)
            actor_sudo._unschedule()
        actor_sudo.vacant = False
        # Names are copied: they are read later by people who may not read this account.
        facts = {"of": old, "by": user.sudo().name}
        new_sudo = step_sudo._take_place(actor_sudo, receiver, "named", facts)
        self._sync()
        self._log(
            "replaced",
            {
                "step": step_sudo.id,
                "user": actor_sudo.user_id.id,
                "to": receiver.id,
                "by": user.id,
                "comment": actor_sudo._comment_digest(),
            },
        )
        new = self.env["gov.circuit.run.actor"].browse(new_sudo.id)
        self._subject()._circuit_replaced(self, new.step_id, new)

    def _check_other_than_self(self, receiver):
        """Raise when the user would take the place of another person by himself."""
        if receiver == self.env.user:
            raise UserError(
                self.env._(
                    "Nobody names himself in the place of another person: choose somebody "
                    "else, or let another one name you."
                )
            )

    def _check_named(self, actor, receiver):
        """Raise unless `receiver` can take this place."""
        step = actor.step_id
        present = self.env["gov.access"]._present(receiver.exists(), self.company_id)
        if len(receiver) != 1 or present != receiver:
            raise UserError(
                self.env._(
                    "Choose an active person of %(company)s: this one cannot act here.",
                    company=self.company_id.name,
                )
            )
        taken = step._with_part().filtered(lambda row: row.user_id == receiver)
        if taken:
            raise UserError(
                self.env._(
                    "%(name)s has a part in this step already, or withdrew from it: choose "
                    "another person.",
                    name=taken[:1].name,
                )
            )
        self._check_not_self(step.kind, receiver)
        refusal = self._subject()._circuit_act_refusal(step, receiver, "transfer")
        if refusal:
            raise refusal
