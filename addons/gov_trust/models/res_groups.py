from odoo import api, models


class ResGroups(models.Model):
    """The same separation when it is the group that changes."""

    _inherit = "res.groups"

    @api.constrains("user_ids", "implied_ids")
    def _check_separation(self):
        # Users of a group are looked at whoever changes it.
        users_sudo = self.sudo().with_context(active_test=False).all_user_ids
        users_sudo._refuse_both()
