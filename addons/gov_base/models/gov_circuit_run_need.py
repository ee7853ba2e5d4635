from odoo import models
from odoo.exceptions import UserError


class GovCircuitRun(models.Model):
    """What a step asks before it is passed: fields filled in, a document attached. Who is told then."""

    _inherit = "gov.circuit.run"

    def _check(self, operation, user, **how):
        done = super()._check(operation, user, **how)
        if operation == "act":
            step = how.get("step") or self._actor_of(user).step_id
            refusal = self._need_refusal(step, user, how.get("decision"))
            if refusal:
                raise refusal
        return done

    def _missing(self, step, user, decision):
        """What is still missing for ``decision`` at ``step``, for the dialog that asks for it.

        :return: ``{"keys": [keys of the form], "labels": [what is not filled in], "attachment": bool}``
        """
        # The frozen rules of a step are those of its run.
        step_sudo = step.sudo()
        refusing = decision == "refuse"
        keys = (
            step_sudo.required_on_refuse if refusing else step_sudo.required_on_approve
        ) or []
        subject = self._subject()
        attachment = step_sudo.attachment_required and not refusing
        return {
            "keys": keys,
            "labels": list(subject._circuit_missing(keys)) if keys else [],
            "attachment": bool(
                attachment and not subject._circuit_attached(step, user)
            ),
        }

    def _need_refusal(self, step, user, decision):
        missing = self._missing(step, user, decision)
        if missing["labels"]:
            return UserError(
                self.env._(
                    "“%(step)s” asks for more first: fill in %(fields)s. Nothing was done.",
                    step=step.name,
                    fields=", ".join(f"“{label}”" for label in missing["labels"]),
                )
            )
        if missing["attachment"]:
            return UserError(
                self.env._(
                    "“%(step)s” asks for a document: attach it, then decide. Nothing was "
                    "done.",
                    step=step.name,
                )
            )
        return None

    def _passed(self, step):
        """Tell those whom the circuit names that ``step`` was passed."""
        # Whom a circuit tells is known to nobody else; only accounts are taken.
        told = step.sudo().told
        if not told:
            return
        users = self.env["res.users"].browse(told.get("users") or ())
        if told.get("group"):
            # Who has a role is looked for among all accounts of the administration.
            users_sudo = users.sudo()
            users |= users_sudo.search(
                [
                    ("all_group_ids", "in", told["group"]),
                    ("company_ids", "in", self.company_id.ids),
                ]
            )
        present = self.env["gov.access"]._present(users.exists(), self.company_id)
        if present:
            self._log("told", {"step": step.id, "users": sorted(present.ids)})
            self._subject()._circuit_notify(self, step, present)
