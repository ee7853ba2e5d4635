from odoo import models
from odoo.exceptions import AccessError

OURS = ("gov", "registry", "desk", "parapheur")


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _make_access_error(self, operation, records):
        """Say no without a word of what is forbidden.

        In debug mode stock writes the names of the forbidden records in the error, and
        it cannot read an administration that evidence keeps as a plain number.
        """
        if records._name.partition(".")[0] not in OURS or self._may_switch(records):
            return super()._make_access_error(operation, records)
        records.invalidate_recordset()
        return AccessError(
            self.env._(
                "You may not do this: these records belong to another administration, "
                "or your role does not allow it. Ask the person who manages the rights."
            )
        )

    def _may_switch(self, records):
        """Whether the user works for these records' administration too: stock tells."""
        field = records._fields.get("company_id")
        if not field or field.type != "many2one":
            return False
        # Only compared with the user's own administrations.
        records_sudo = records.sudo().exists()
        companies = records_sudo.company_id
        return bool(companies) and companies <= self.env.user.company_ids
