from odoo import models


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _make_access_error(self, operation, records):
        """Stock names the forbidden records in debug mode; the name of a file is already content."""
        if isinstance(records, self.env.registry["gov.document.access"]):
            return records._gov_access_error()
        return super()._make_access_error(operation, records)
