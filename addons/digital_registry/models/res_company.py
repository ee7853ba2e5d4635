from odoo import api, models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_registered(self):
        # Evidence is looked for whatever the reader's rights are.
        entries_sudo = self.env["registry.entry"].sudo()
        if entries_sudo.search_count([("company_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "This administration has registered letters: it is archived, never "
                    "deleted."
                )
            )
