from odoo import models


class ParapheurSignature(models.Model):
    """What the public page says of one signature."""

    _inherit = "parapheur.signature"

    def _public_row(self):
        """Name and capacity as they are printed on the document itself."""
        self.ensure_one()
        return {
            "state": "signed",
            "name": self.certificate_name or self.signer_name,
            "quality": self.quality or "",
            "formula": self.formula or "",
            "at": self.signed_at,
        }

    def _file_state(self):
        """What the file of this signature is now (key of ``VERDICTS``), or None.

        A finished act answers by its proof; what was withdrawn is no version of it.
        """
        self.ensure_one()
        state = self.piece_id._act_state()
        if self.state == "withdrawn":
            return "withdrawn"
        if state == "issued":
            return None
        if state == "under_way" and self.piece_id._current().sha256 != self.sha256:
            return "earlier"
        return state
