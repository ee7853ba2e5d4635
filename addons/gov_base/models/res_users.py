from odoo import api, fields, models

_PLACES = {"active", "company_ids", "group_ids", "share"}


class ResUsers(models.Model):
    """Closing an account, or taking an administration from it, takes its rights on units at once."""

    _inherit = "res.users"

    gov_replaces_ids = fields.One2many(
        "gov.substitute", "user_id", string="Stands in for", readonly=True
    )
    gov_delegated_ids = fields.One2many(
        "gov.delegation",
        "grantee_id",
        string="Signs in the place of others",
        readonly=True,
        groups=fields.NO_ACCESS,
    )
    gov_substitute_ids = fields.One2many(
        "gov.substitute", "absent_id", string="Substitutes", readonly=True
    )

    @property
    def SELF_WRITEABLE_FIELDS(self):
        """Without the address of the staff file, which is that of the account too."""
        allowed = super().SELF_WRITEABLE_FIELDS
        return [name for name in allowed if name != "work_email"]

    def write(self, vals):
        result = super().write(vals)
        if _PLACES & vals.keys():
            self.env["gov.access"]._refresh(users=self)
        return result

    @api.model
    def _incompatible_groups(self):
        """Whoever looks after keys does not also say who works where, and with what rights."""
        return [
            *super()._incompatible_groups(),
            ("gov_trust.group_gov_trust_officer", "gov_base.group_gov_base_admin"),
        ]
