from odoo import api, models

ROLES = {
    "agent": "mail_desk.group_mail_desk_agent",
    "supervisor": "mail_desk.group_mail_desk_supervisor",
    "admin": "mail_desk.group_mail_desk_admin",
    "auditor": "mail_desk.group_mail_desk_auditor",
}
#: set in the context by our own methods only: a plain object cannot come by RPC
GATE = object()
HEADS = ("head", "deputy")
#: who reads what the desk adds to a letter; a registrar reads its route and state alone
READERS = "mail_desk.group_mail_desk_agent,mail_desk.group_mail_desk_auditor"


class DeskRoleMixin(models.AbstractModel):
    """Who is who at the desk: groups, and the units a person heads or works in."""

    _name = "desk.role.mixin"
    _description = "Roles of the desk"

    @api.model
    def _desk_is(self, role) -> bool:
        """Tell whether the user holds ``role`` (server code always does)."""
        return self.env.su or self.env.user.has_group(ROLES[role])

    @api.model
    def _desk_heads(self, unit) -> bool:
        """Tell whether the user heads ``unit``, himself or through a unit above it."""
        return bool(unit) and unit in self._desk_headed()

    @api.model
    def _desk_headed(self):
        """Return the units the user heads, himself or through a unit above them."""
        return self.env["gov.access"]._units(self.env.user, HEADS)

    @api.model
    def _desk_works_in(self, unit) -> bool:
        """Tell whether the user works in ``unit`` or heads it."""
        return bool(unit) and unit in self.env["gov.access"]._units(self.env.user)

    def _desk_gated(self):
        """Return these records with the right to change what the gate protects."""
        return self.with_context(desk_gate=GATE)

    @api.model
    def _desk_gate_is_open(self):
        return self.env.context.get("desk_gate") is GATE
