from odoo import api, models

from odoo.addons.gov_trust.lib import codes

from .gov_deposit_track import CODE_CHARS, FAMILY


class GovMaster(models.AbstractModel):
    """Secret codes of deposits hang on the master key they were derived from.

    Their controls were made in the same instant with the same key.
    """

    _inherit = "gov.master"

    @api.model
    def _hanging_some(self, opened):
        def code_of(public_id, member):
            return codes.digest(
                codes.derive(f"{FAMILY}.track", public_id, CODE_CHARS, member)
            )

        made = self._who_made(
            opened, "gov_deposit", "public_id", "track_digest", code_of
        )
        return {**super()._hanging_some(opened), "tracking_codes": made}
