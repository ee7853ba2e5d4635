from odoo import models
from odoo.exceptions import UserError

from odoo.addons.e_parapheur.models.gov_circuit_step import SIGNATURE


class ParapheurFolder(models.Model):
    """What happens in the signature book is told on the letter; who signs is who it names."""

    _inherit = "parapheur.folder"

    def _tell_letter(self, kind, args):
        """A line in the timeline of the letter that this folder signs, if any."""
        # Who acts in the signature book may have no right on the letter.
        outgoing_sudo = self.desk_outgoing_id.sudo()
        if outgoing_sudo:
            outgoing_sudo._log(kind, {"folder": self.reference, **args})

    def _circuit_acted(self, run, step, actor):
        result = super()._circuit_acted(run, step, actor)
        # The engine checked the act; its words are shown to whoever reads the letter.
        actor_sudo, step_sudo = actor.sudo(), step.sudo()
        if actor_sudo.decision in ("approve", "opinion"):
            kind = "signed" if step_sudo.kind == SIGNATURE else "sign_step"
            self._tell_letter(
                kind, {"name": step_sudo.name, "text": actor_sudo.comment or ""}
            )
        return result

    def _circuit_returned(self, run, step):
        result = super()._circuit_returned(run, step)
        # The engine checked the return; its words are shown to whoever reads the letter.
        returned_sudo = run.sudo().actor_ids.filtered(
            lambda one: one.decision == "return"
        )
        self._tell_letter(
            "sign_returned",
            {
                "name": step.sudo().name,
                "reason": returned_sudo.sorted("id")[-1:].comment or "",
            },
        )
        return result

    def _become(self, new, **vals):
        result = super()._become(new, **vals)
        if new in ("refused", "cancelled"):
            # Who acts in the signature book may have no right on the letter that goes back.
            for outgoing_sudo in self.desk_outgoing_id.sudo():
                if outgoing_sudo.state != "signing":
                    continue
                # Refused: it is written again. Given up: it may be sent to sign again.
                refused = new == "refused"
                outgoing_sudo._set_state("draft" if refused else "validated")
                outgoing_sudo._log(
                    "sign_refused" if refused else "sign_cancelled",
                    {
                        "folder": self.reference,
                        "reason": vals.get("end_reason")
                        or self.end_reason
                        or self.run_id.reason
                        or "",
                    },
                )
        return result

    def _circuit_act_refusal(self, step, user, decision):
        refusal = super()._circuit_act_refusal(step, user, decision)
        if refusal or decision != "approve" or step.kind != SIGNATURE:
            return refusal
        return self._named_signatory_refusal(step, user)

    def _named_signatory_refusal(self, step, user):
        """A letter that prints who signs, by which act, is signed by him, and by that act."""
        # The act is compared with what the letter prints; who signs may not read it.
        act_sudo = self.sudo().desk_outgoing_id.delegation_id
        actor = self.run_id._actor_of(user, step)
        if not act_sudo or not actor or actor.user_id != act_sudo.grantor_id:
            return None
        power = actor._delegation(user)
        if user == act_sudo.grantee_id and (not power or power == act_sudo):
            return None
        return UserError(
            self.env._(
                "The letter names %(name)s as its signatory, by the delegation "
                "%(reference)s: it is signed by nobody else in that place. Refuse it to "
                "have another signatory written.",
                name=act_sudo.grantee_id.name,
                reference=act_sudo.reference,
            )
        )
