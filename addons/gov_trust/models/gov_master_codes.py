from odoo import api, models

from ..lib import codes
from .gov_proof import CODE_CHARS, CODE_LABEL


class GovMaster(models.AbstractModel):
    """Verification codes hang on the master key they were derived from."""

    _inherit = "gov.master"

    @api.model
    def _hanging_some(self, opened):
        def code_of(public_ref, member):
            return codes.digest(
                codes.derive(CODE_LABEL, public_ref, CODE_CHARS, member)
            )

        made = self._who_made(opened, "gov_proof", "public_ref", "code_digest", code_of)
        return {**super()._hanging_some(opened), "verification_codes": made}
