from odoo import api, models


class GovSeal(models.AbstractModel):
    _inherit = "gov.seal"

    @api.model
    def _issuer(self, company):
        """Who issues: the official name, code and zone of the administration."""
        told = super()._issuer(company)
        if not company:
            return told
        # Official names are public; the caller may act for another administration.
        company_sudo = company.sudo()
        identity = company_sudo._gov_identity()
        names = identity["name"]
        return {
            **told,
            "name": names.get("fr") or names.get("ar") or next(iter(names.values())),
            "code": identity["code"] or told["code"],
            "tz": identity["tz"] or told["tz"],
        }
