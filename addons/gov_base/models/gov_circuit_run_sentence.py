from odoo import api, models
from odoo.exceptions import AccessError, UserError


class GovCircuitRun(models.Model):
    """Why somebody may not do something in a run, said so that he knows what to do."""

    _inherit = "gov.circuit.run"

    @api.model
    def _unreadable(self):
        return AccessError(
            self.env._(
                "This circuit belongs to another administration, or to a document that you "
                "may not read. Ask its sender."
            )
        )

    def _orphan(self):
        return UserError(
            self.env._(
                "The application this document belongs to was removed: its circuit can only "
                "be read."
            )
        )

    def _ended(self):
        sentences = {
            "done": self.env._(
                "“%(run)s” is finished already: nobody acts in it any more.",
                run=self.name,
            ),
            "refused": self.env._(
                "“%(run)s” was refused already: nobody acts in it any more.",
                run=self.name,
            ),
            "cancelled": self.env._(
                "“%(run)s” was stopped already: nobody acts in it any more.",
                run=self.name,
            ),
        }
        return UserError(sentences[self.state])

    def _not_yours(self, operation, user, step=None):
        """The sentence for who is not entitled: twice, out of turn, too late, out of role."""
        if operation == "recall":
            return UserError(
                self.env._("You have not acted in this circuit: nothing to take back.")
            )
        if operation in ("bypass_ask", "bypass_confirm", "replace", "platform_retry"):
            return AccessError(
                self.env._(
                    "Only the sender of this circuit, %(sender)s, a supervisor or a "
                    "functional administrator does this.",
                    # The name of the sender is shown to every reader of the circuit.
                    sender=self.initiator_id.sudo().name,
                )
            )
        if operation in ("cancel", "go_on"):
            return AccessError(
                self.env._(
                    "Only the sender of this circuit, %(sender)s, does this.",
                    # The name of the sender is shown to every reader of the circuit.
                    sender=self.initiator_id.sudo().name,
                )
            )
        if operation == "act" and (refusal := self._signature_refusal(user)):
            return refusal
        return self._out_of_turn(user, step) or self._not_among()

    def _out_of_turn(self, user, step=None):
        """The sentence for who has, had or will have a part in these steps, or None."""
        rows = self._actors_of(self._live_steps()).filtered(
            lambda row: row.user_id == user
        )
        if step:
            rows = rows.filtered(lambda row: row.step_id == step)
        states = set(rows.mapped("state"))
        sentences = {
            "waiting": self.env._(
                "It is not your turn yet: “%(now)s” comes first. You will be told.",
                now=", ".join(self._current_steps().mapped("name")),
            ),
            "done": self.env._(
                "You have acted already at “%(step)s”: an act is done once.",
                step=rows.filtered(lambda r: r.state == "done")[-1:].step_id.name,
            ),
            "recused": self.env._(
                "You have withdrawn from this step: you do not act in it."
            ),
            "replaced": self.env._(
                "Somebody was named in your place: this step is not yours."
            ),
            "transferred": self.env._(
                "You have handed this step on already: it is not yours."
            ),
            "skipped": self.env._("This step was decided already by somebody else."),
        }
        for state, sentence in sentences.items():
            if state in states:
                return UserError(sentence)
        return None

    def _not_among(self):
        now = ", ".join(self._current_steps().mapped("name"))
        if all(step.rule == "platform" for step in self._current_steps()):
            return AccessError(
                self.env._(
                    "“%(now)s” is done by the application itself: nobody acts in it.",
                    now=now,
                )
            )
        return AccessError(
            self.env._(
                "You are not among those who act now. “%(now)s” waits for %(names)s.",
                now=now,
                names=", ".join(
                    self.actor_ids.filtered(lambda r: r.state == "current").mapped(
                        "name"
                    )
                ),
            )
        )
