from odoo import api, models

from .desk_role_mixin import HEADS


class DeskRoleMixin(models.AbstractModel):
    """Who stands in for an absent person: what he may do in that place, and that it is said.

    Roles given by groups (supervisor, administrator) are not lent: only the person's letters and units are.
    """

    _inherit = "desk.role.mixin"

    @api.model
    def _desk_replaced(self, company, unit=None):
        """Return the people for whose letters in ``unit`` the user stands in now."""
        # What a person stands in for is asked about himself.
        rows = self.env.user.sudo().gov_replaces_ids.filtered(
            lambda row: row.for_work and row.company_id == company
        )
        if not rows:
            return self.env["res.users"]
        # Units may be hidden from who asks; only their places are compared.
        path = unit.sudo().parent_path if unit else ""
        rows = rows.filtered(
            lambda row: (
                not row.unit_id or (path or "").startswith(row.unit_id.parent_path)
            )
        )
        return self.env["res.users"].browse(rows.absent_id.ids)

    @api.model
    def _desk_is_me(self, user, unit, company) -> bool:
        """Tell whether the user is ``user``, or stands in for him for what is in ``unit``."""
        return bool(user) and (
            user == self.env.user or user in self._desk_replaced(company, unit)
        )

    @api.model
    def _desk_acts_for(self, user, unit, company):
        """Return in whose place the user acts on what ``user`` has in ``unit``; none by right of his own."""
        nobody, me = self.env["res.users"], self.env.user
        replaced = self._desk_replaced(company, unit)
        if not replaced or self._desk_is("supervisor") or user == me:
            return nobody
        # Who works where is asked about himself, whatever administration is switched on.
        rows_sudo = (
            self.env["gov.access"]
            .sudo()
            .search([("user_id", "=", me.id), ("unit_id", "=", unit.id)])
        )
        own = rows_sudo.filtered(lambda row: not row.substitute_id)
        if own.filtered(lambda row: row.role in HEADS) or (own and not user):
            return nobody
        if user in replaced:
            return user
        lent = rows_sudo - own
        heads = lent.filtered(lambda row: row.role in HEADS) or lent
        return nobody.browse(heads[:1].absent_id.ids)

    def _desk_note_acting(self, user, unit):
        """Remember, until the timeline is written, in whose place the user acts on this record."""
        self.ensure_one()
        absent = self._desk_acts_for(user, unit, self.company_id)
        self.env["desk.event"]._note_acting(self._name, self.id, absent)
