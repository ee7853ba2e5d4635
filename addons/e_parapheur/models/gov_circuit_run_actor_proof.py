from odoo import models

from ..lib.sign_act import Proof


class GovCircuitRunActor(models.Model):
    """The journal keeps how a person proved who he was when he agreed."""

    _inherit = "gov.circuit.run.actor"

    def _acting_facts(self):
        facts = super()._acting_facts()
        proof = self.env.context.get("parapheur_proof")
        if isinstance(proof, Proof) and self.run_id.res_id in proof.items:
            facts |= self.env["parapheur.signing"]._evidence_of(proof)
        return facts
