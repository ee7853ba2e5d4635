from odoo import SUPERUSER_ID, api, models


class RegistryExchange(models.Model):
    """Letters of the desk that another administration has to answer."""

    _name = "registry.exchange"
    _inherit = ["registry.exchange", "desk.role.mixin"]

    @api.readonly
    @api.model
    def find_offices(self, name="", limit=10):
        """Find offices of other administrations; the heads of the desk may, too.

        :param str name: part of the name or code of an office or administration
        :param int limit: at most so many, 50 at most
        :return: list of dict(id, name, code, administration), by administration
        :raise AccessError: neither registrar, head of a unit nor supervisor of the desk
        """
        heads = self._desk_is("agent") and self.env["gov.access"]._units(
            self.env.user, ("head", "deputy")
        )
        if heads or self._desk_is("supervisor"):
            # Who heads a unit transfers its letters: only names of offices leave.
            exchanges_sudo = self.sudo()
            return super(RegistryExchange, exchanges_sudo).find_offices(name, limit)
        return super().find_offices(name, limit)

    def _decide(self, state, reason, **facts):
        result = super()._decide(state, reason, **facts)
        # Persons of the other administration are not named here: the platform tells it.
        platform = self.with_user(SUPERUSER_ID)
        platform.from_letter_id._desk_transfer_decided(platform)
        return result
