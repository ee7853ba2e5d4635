from odoo import models


class RegistryLetter(models.Model):
    """Where a letter should go, and why."""

    _inherit = "registry.letter"

    def _desk_proposals(self):
        """Where this letter should go, best first, each with its reasons.

        At most three queries; ``_desk_proposals_by_letter`` answers for many letters with as many.

        :return: list of dicts: ``unit`` (id), ``unit_name``, ``user`` (id or False), ``user_name``, ``reasons`` (sentences
            in the reader's language), ``load`` (open letters of the agent, else of the unit), ``absent_until`` (date or
            False), ``source`` ("rule", "precedent", "category" or "load")
        :rtype: list[dict]
        """
        self.ensure_one()
        return self._desk_proposals_by_letter()[self.id]

    def _desk_proposals_by_letter(self):
        """Return {letter id: proposals} of letters that the user reads, see ``_desk_proposals``."""
        return self.env["desk.proposal"]._propose(self)
