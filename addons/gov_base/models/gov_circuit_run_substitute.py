from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class GovCircuitRun(models.Model):
    """Acting in the place of an absent person: for opinions, visas and validations, never to sign."""

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
        return None

    def _signature_refusal(self, user):
        """The sentence for who stands in for somebody who has to sign, or None."""
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
