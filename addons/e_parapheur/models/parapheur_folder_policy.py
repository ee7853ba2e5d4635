from odoo import models
from odoo.exceptions import UserError

from odoo.addons.gov_trust.lib import cms


class ParapheurFolder(models.Model):
    """What the nature says of the signature itself: the policy it follows, what its block shows."""

    _inherit = "parapheur.folder"

    def _signature_policy(self):
        """The signature policy of the nature (EN 319 122-1, 5.2.9), or None."""
        version = self._nature_version()
        if not (version.policy_oid and version.policy_sha256):
            return None
        return cms.Policy(version.policy_oid, bytes.fromhex(version.policy_sha256))

    def _drawn(self, piece, act):
        return {**super()._drawn(piece, act), "policy": self._signature_policy()}

    def _block_words(self, piece):
        """What a block shows beside who signs and when."""
        if self._nature_version().block_style == "sober":
            return {"reference": "", "qr_url": ""}
        return {"reference": self.reference, "qr_url": self._block_url(piece)}

    # ------------------------------------------------------------------
    # Signed with another tool
    # ------------------------------------------------------------------
    def _accepts_elsewhere(self):
        # A tool of the signatory's own does not write the policy in what it signs.
        return not self._signature_policy() and super()._accepts_elsewhere()

    def _check_elsewhere(self):
        if self._signature_policy():
            raise UserError(
                self.env._(
                    "Signatures of the nature “%(nature)s” follow a policy that your own "
                    "tool does not write in them: sign here, with your personal key.",
                    nature=self.nature_id.name,
                )
            )
        return super()._check_elsewhere()
