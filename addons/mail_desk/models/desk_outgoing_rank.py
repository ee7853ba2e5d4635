from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import given


class DeskOutgoing(models.Model):
    """Up to which rank a letter is validated: levels, a unit above, and what the office asks."""

    _inherit = "desk.outgoing"

    rank_unit_ids = fields.Many2many(
        "hr.department", string="Units above", compute="_compute_rank_unit_ids"
    )

    def _compute_rank_unit_ids(self):
        for outgoing in self:
            outgoing.rank_unit_ids = outgoing._units_above()

    def _units_above(self):
        """Return the unit of this letter and those above it, up to the top."""
        self.ensure_one()
        # The unit above may be hidden from who writes; its place is no secret to him.
        unit_sudo = self.unit_id.sudo()
        units_sudo = unit_sudo.browse()
        while unit_sudo and unit_sudo not in units_sudo:
            units_sudo += unit_sudo
            unit_sudo = unit_sudo.parent_id
        return units_sudo.with_env(self.env)

    def _rank_unit(self, unit_id):
        """Return the unit that was chosen, or none; it must be above the letter's own."""
        unit = self.env["hr.department"].browse(given.record_id(unit_id))
        if unit and unit not in self._units_above():
            raise UserError(
                self.env._(
                    "A letter is validated up to its own unit or one above it: choose one "
                    "of these. Nothing was submitted."
                )
            )
        return unit

    def _validators(self, levels, until=None):
        """Return who validates, level by level; the author validates nothing of his.

        A unit of that rank without a head is validated by the next one above.

        :param int levels: how many superiors
        :param until: ``hr.department`` up to whose head; its levels count instead
        """
        access = self.env["gov.access"]
        # Somebody else may submit it for its author.
        authors = self.env.user | self.user_id
        # The rank that the office asks for is configuration, whoever writes.
        needed_sudo = self.office_id.sudo().desk_rank_id & self._units_above().sudo()
        ranks = {unit.id for unit in (until, needed_sudo) if unit}
        levels = 0 if until else max(1, levels)
        found, seen, passed = [], authors, set()
        for unit in self._units_above():
            if len(found) >= levels and not ranks:
                break
            passed.add(unit.id)
            heads = access._heads(unit, besides=authors)
            if heads and not heads & seen:
                found.append(heads)
                seen |= heads
            if heads or authors & access._heads(unit):
                # This rank is reached, and those below that have no head.
                ranks -= passed
        return found
