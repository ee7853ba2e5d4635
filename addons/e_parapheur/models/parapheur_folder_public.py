from odoo import models

from odoo.addons.gov_trust.models.gov_proof_act import ISSUED

from .gov_circuit_step import PAPER, SIGNATURE

#: What the public page says of a folder, by its state.
ACT_STATES = {"refused": "refused", "cancelled": "given_up", "done": ISSUED}


class ParapheurFolder(models.Model):
    """What anybody who holds a page of a folder may ask: how far it is, who signed."""

    _inherit = "parapheur.folder"

    def _act_state(self):
        """Key of the public state of this folder."""
        self.ensure_one()
        return ACT_STATES.get(self.state, "under_way")

    def _public_number(self):
        """The number that the page says. Hook of bridges."""
        self.ensure_one()
        return self.reference

    def _block_url(self, piece):
        """Address in the QR code of a person's block: the page of that document.

        The blocks are drawn before the proof is issued; its code is known all the same.
        Where the master key is away the code is not known either, and nothing is sealed:
        the signature is refused with that reason.
        """
        self.ensure_one()
        return piece._promised_url()

    def _expected_signatures(self):
        """Signatures to come, in order: dicts as in ``gov.proof._public_act``."""
        self.ensure_one()
        steps = self.run_id._live_steps().filtered(
            lambda step: (
                step.kind in (SIGNATURE, PAPER) and step.state in ("waiting", "current")
            )
        )
        rows = []
        for step in steps.sorted(lambda one: (one.rank, one.id)):
            rows += self._expected_at(step)
        return rows

    def _expected_at(self, step):
        """Signatures still to come at one step."""
        still = step.actor_ids.filtered(lambda one: one.state in ("waiting", "current"))
        count = step._most_agreements() - len(
            step.actor_ids.filtered(
                lambda one: one.state == "done" and one.decision == "approve"
            )
        )
        names = [actor.name for actor in still]
        if step.mode == "all":
            wanted = [[name] for name in names]
        else:
            wanted = [names] * min(max(count, 0), len(names))
        return [
            {
                "state": "expected",
                # Who has to sign a restricted folder is nobody else's business.
                "name": "" if self.is_restricted else " / ".join(one),
                "quality": "",
                "formula": "",
                "at": None,
            }
            for one in wanted
        ]
