from odoo import api, fields, models

from odoo.addons.e_parapheur.models.gov_circuit_step import OWN_KINDS

FOLDER = "parapheur.folder"
SUPERVISOR = "e_parapheur.group_e_parapheur_supervisor"


class DeskHandover(models.Model):
    """What waits in the signature book for who leaves is handed over with his letters."""

    _inherit = "desk.handover"

    signatures = fields.Boolean(
        default=True,
        help="Signatures and seals that are asked of this person now. The receiver signs in "
        "his own name, with his own key.",
    )

    @api.model
    def _parts(self):
        return (*super()._parts(), "signatures")

    def _move_signatures(self):
        return self._move_steps(OWN_KINDS)

    @api.model
    def _step_models(self):
        return {**super()._step_models(), FOLDER: "folder_id"}

    @api.model
    def _step_what(self, step):
        return "signature" if step.kind in OWN_KINDS else super()._step_what(step)

    def _may_hand_step(self, run):
        # The run is looked at for who it is about; the person is compared below.
        if run.sudo().res_model != FOLDER:
            return super()._may_hand_step(run)
        return self._is_above() or self.env.user.has_group(SUPERVISOR)
