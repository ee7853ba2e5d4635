from odoo import fields, models
from odoo.exceptions import UserError

from .desk_role_mixin import READERS


class RegistryLetter(models.Model):
    """A letter that a unit treats on paper: its slips, printed and come back."""

    _inherit = "registry.letter"

    fiche_ids = fields.One2many(
        "desk.fiche", "letter_id", string="Slips", readonly=True, groups=READERS
    )

    def _desk_moved(self, kind, args, journal):
        result = super()._desk_moved(kind, args, journal)
        for letter in self:
            # How a unit works is configuration, whoever dispatches.
            if letter.sudo().desk_unit_id.desk_on_paper and letter.desk_state in (
                "to_dispatch",
                "assigned",
            ):
                self.env["desk.fiche"]._prepare(letter)
        return result

    def action_print_fiche(self):
        """Print the slip that goes with the paper of this letter.

        :return: action that opens the PDF
        :raise UserError: the letter is not at the desk
        """
        self.ensure_one()
        self.check_access("read")
        if self.desk_state not in ("to_dispatch", "assigned"):
            raise UserError(
                self.env._(
                    "The letter %(letter)s is not being treated: no slip goes with it.",
                    letter=self.display_name,
                )
            )
        fiche = self.fiche_ids.filtered(
            lambda one: (
                one.state in ("to_print", "printed")
                and one.assignment_id == self._desk_row()
            )
        )[:1]
        if not fiche:
            fiche = self.env["desk.fiche"]._prepare(self).with_env(self.env)
        return fiche.action_print()

    def action_scan_back(self):
        """Open the form that takes the scan of what came back on paper.

        :return: window action
        """
        self.ensure_one()
        self.check_access("read")
        return self._desk_open_form(
            "desk.scan.wizard", self.env._("Scan what came back")
        )
