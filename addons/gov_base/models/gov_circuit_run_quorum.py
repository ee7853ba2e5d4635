from odoo import models
from odoo.exceptions import UserError

from ..lib import quorum

#: what the outcome of a vote makes of a step
CLOSES = {quorum.AGREED: "done", quorum.REFUSED: "refused", quorum.OPEN: None}


class GovCircuitRunStep(models.Model):
    """Whether a step is decided: by all, by one, or by a number of its persons."""

    _inherit = "gov.circuit.run.step"

    def _open_places(self):
        """Rows of this step from which a decision may still come: a vacant place counts, somebody can be named."""
        return self.actor_ids.filtered(
            lambda actor: actor.state in ("waiting", "current") or actor.vacant
        )

    def _votes(self):
        """The votes of this step now (``lib/quorum.py``); an opinion counts like an agreement: it was given."""
        acted = self.actor_ids.filtered(lambda actor: actor.state == "done")
        agreed = acted.filtered(lambda one: one.decision in ("approve", "opinion"))
        against = acted.filtered(lambda one: one.decision == "refuse")
        left = self._open_places()
        chair = quorum.NO_CHAIR
        if left.filtered("is_chair"):
            chair = None
        elif (agreed | against).filtered("is_chair"):
            chair = bool(agreed.filtered("is_chair"))
        return quorum.Votes(self.quorum, len(agreed), len(against), len(left), chair)

    def _verdict(self):
        """How this step ends now: "done", "refused", or None while it is open."""
        if self.mode == "quorum":
            return CLOSES[quorum.outcome(self._votes())]
        votes = self._votes()
        if votes.against:
            return "refused"
        decided = votes.agreed if self.mode == "any" else not votes.left
        return "done" if decided else None

    def _most_agreements(self):
        """How many persons can agree at this step at most: places that an act needs (signature boxes)."""
        if self.mode == "any":
            return 1
        if self.mode == "quorum":
            return self.quorum
        return len(
            self.actor_ids.filtered(
                lambda actor: (
                    actor.state in ("waiting", "current", "done") or actor.vacant
                )
            )
        )

    def _refuser(self, actor):
        """The row whose words end the run: of the president where his vote decided, else of who refused last."""
        refused = self.actor_ids.filtered(
            lambda one: one.state == "done" and one.decision == "refuse"
        )
        if actor in refused:
            return actor
        return refused.filtered("is_chair") or refused.sorted("acted_at")[-1:]

    def _vote_refusal(self, user):
        """One person, one vote: who stands in for somebody and has voted himself does not vote again."""
        if self.mode != "quorum":
            return None
        voted = self.actor_ids.filtered(
            lambda actor: (
                actor.state == "done"
                and actor.decision != "return"
                and user in (actor.acted_by_id or actor.user_id)
            )
        )
        if not voted:
            return None
        return UserError(
            self.env._(
                "You have voted at “%(step)s” already: one person has one vote.",
                step=self.name,
            )
        )
