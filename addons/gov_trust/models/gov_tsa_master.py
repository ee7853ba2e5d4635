from odoo import api, models
from odoo.tools import SQL

from ..lib import secret_text


class GovMaster(models.AbstractModel):
    """Passwords move with the master key."""

    _inherit = "gov.master"

    @api.model
    def _rewrap_some(self, opened):
        done = super()._rewrap_some(opened)
        # The operator's command moves secrets that nobody may read.
        secrets_sudo = self.env["gov.tsa.secret"].sudo()
        for secret_sudo in secrets_sudo.search(
            [("master_fingerprint", "!=", opened.fingerprint)]
        ):
            place = secrets_sudo._place(secret_sudo.tsa_id)
            values = secret_sudo.read(["ciphertext", "nonce", "master_fingerprint"])[0]
            plain = secret_text.unseal(opened, place, values)
            secret_sudo.write(secret_text.seal(opened, place, plain))
            done += 1
        return done

    @api.model
    def _hanging_some(self, opened):
        rows = self.env.execute_query(
            SQL("SELECT master_fingerprint, count(*) FROM gov_tsa_secret GROUP BY 1")
        )
        return {**super()._hanging_some(opened), "passwords": dict(rows)}
