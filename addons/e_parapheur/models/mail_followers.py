from odoo import models
from odoo.fields import Domain

FOLDER = "parapheur.folder"


class MailFollowers(models.Model):
    """Who follows a folder is known to those who read it: the list of its people says much of a restricted one."""

    _inherit = "mail.followers"

    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            folders = self.env[FOLDER]
            others = Domain("res_model", "!=", FOLDER)
            if folders.has_access("read"):
                others |= Domain("res_id", "in", folders._search([]))
            domain = Domain(domain) & others
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)
