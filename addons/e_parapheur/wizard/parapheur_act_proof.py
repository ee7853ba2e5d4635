from odoo import api, fields, models


class ParapheurAct(models.TransientModel):
    """An agreement whose nature asks to prove again who one is: the window asks for it."""

    _inherit = "parapheur.act"

    proof_kind = fields.Char(compute="_compute_proof_kind")
    proof = fields.Json("What proves that it is you")

    @api.depends("folder_id", "what")
    @api.depends_context("uid")
    def _compute_proof_kind(self):
        signings = self.env["parapheur.signing"]
        for act in self:
            act.proof_kind = (
                signings._offered(self.env.user, act.folder_id._proof_wanted("approve"))
                if act.what in ("approve", "seal") and act.folder_id
                else "none"
            )

    def _reauth(self):
        return self.proof or super()._reauth()
