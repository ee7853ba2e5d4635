from odoo import api, models


class GovVerifyOffline(models.AbstractModel):
    _inherit = "gov.verify.offline"

    @api.model
    def _owners(self, companies):
        """Official code and zone of the administrations."""
        owners = super()._owners(companies)
        # Codes and zones of administrations are public, whoever asks.
        for company_sudo in companies.sudo():
            owner = owners[company_sudo.id]
            owner["code"] = company_sudo.gov_code or owner["code"]
            owner["tz"] = company_sudo.gov_tz or owner["tz"]
        return owners
