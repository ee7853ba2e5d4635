from odoo import api, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.gov_base.lib import given

ROLES = {
    "registrar": "digital_registry.group_digital_registry_registrar",
    "head": "digital_registry.group_digital_registry_head",
    "auditor": "digital_registry.group_digital_registry_auditor",
    "admin": "digital_registry.group_digital_registry_admin",
}


class RegistryRoleMixin(models.AbstractModel):
    """Who may do what in the register: one place that says it and one that refuses."""

    _name = "registry.role.mixin"
    _description = "Roles of the register"

    @api.model
    def _may(self, *roles) -> bool:
        """Tell whether the user holds one of ``roles`` (server code always may)."""
        return self.env.su or any(
            self.env.user.has_group(ROLES[role]) for role in roles
        )

    @api.model
    def _given_day(self, value):
        """Return a date as a caller gave it, or None; raise UserError when it is none."""
        try:
            return given.day(value)
        except ValueError as error:
            raise UserError(
                self.env._(
                    "This is no date: write it like %(example)s. Nothing was done.",
                    example="2026-12-31",
                )
            ) from error

    @api.model
    def _check_may(self, *roles):
        """Raise AccessError, naming the role that is missing."""
        if self._may(*roles):
            return
        names = {
            "registrar": self.env._("registrar"),
            "head": self.env._("head of office"),
            "auditor": self.env._("auditor"),
            "admin": self.env._("functional administrator"),
        }
        raise AccessError(
            self.env._(
                "Only a %(roles)s can do this. Ask the administrator of your "
                "administration for the role.",
                roles=self.env._(" or ").join(names[role] for role in roles),
            )
        )
