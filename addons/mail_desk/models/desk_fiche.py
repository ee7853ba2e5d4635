import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.digital_registry.models.registry_letter import ALPHABET

STATES = [
    ("to_print", "To print"),
    ("printed", "With the unit, on paper"),
    ("returned", "Came back"),
    ("cancelled", "Not needed any more"),
]
#: what stands before the code in the QR of a fiche
PREFIX = "MKT:FICHE:"
CODE_SIZE = 13


class DeskFiche(models.Model):
    """A dispatch slip on paper (fiche d'imputation), for a unit that still works on paper.

    Its QR names it: a scan that comes back finds its letter by itself. The scans of a fiche
    are its documents; the pieces of the registered letter stay as they are.
    """

    _name = "desk.fiche"
    _description = "Dispatch slip on paper"
    _inherit = ["desk.kept.mixin", "gov.document.owner"]
    _order = "id desc"
    _rec_name = "code"
    _check_company_auto = True

    code = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self._default_code(),
    )
    letter_id = fields.Many2one(
        "registry.letter",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    assignment_id = fields.Many2one(
        "desk.assignment", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    unit_id = fields.Many2one(
        "hr.department",
        required=True,
        readonly=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default="to_print", index=True
    )
    printed_at = fields.Datetime(readonly=True)
    printed_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    returned_at = fields.Datetime(readonly=True)
    number = fields.Char(related="letter_id.number")
    subject = fields.Char(related="letter_id.subject")

    _code_uniq = models.UniqueIndex("(code)")

    @api.model
    def _default_code(self):
        return "".join(secrets.choice(ALPHABET) for _position in range(CODE_SIZE))

    @api.model
    def _gated_names(self):
        return frozenset(self._fields)

    @api.model
    def _desk_gate_sentence(self):
        return self.env._(
            "A dispatch slip is made by the dispatch and changes by printing and "
            "scanning alone."
        )

    def _gov_document_locked(self, documents):
        """Answer the document: what came back on paper is kept."""
        return True

    @api.model
    def _prepare(self, letter):
        """Make the slip of the assignment that is open now; one that was not printed is dropped."""
        # Nobody may write slips: the dispatch passed its own gate.
        fiches_sudo = self.sudo()._desk_gated()
        row_sudo = letter.sudo()._desk_row()
        old_sudo = fiches_sudo.search(
            [("letter_id", "=", letter.id), ("state", "=", "to_print")]
        )
        old_sudo.write({"state": "cancelled"})
        return fiches_sudo.create(
            {
                "letter_id": letter.id,
                "assignment_id": row_sudo.id,
                "unit_id": row_sudo.unit_id.id or letter.sudo().desk_unit_id.id,
                "company_id": letter.company_id.id,
            }
        )

    def action_print(self):
        """Print these slips, one a page.

        :return: action that opens one PDF with all of them
        :raise UserError: nothing was chosen, or a slip is not needed any more
        :raise AccessError: the user may not read one of the letters
        """
        if not self:
            raise UserError(self.env._("Choose the slips to print."))
        self.check_access("read")
        if gone := self.filtered(lambda fiche: fiche.state == "cancelled"):
            raise UserError(
                self.env._(
                    "The slip of the letter %(letter)s is not needed any more: the letter "
                    "was dispatched otherwise.",
                    letter=gone[:1].letter_id.display_name,
                )
            )
        # Nobody may write slips: the right on their letters was checked.
        waiting_sudo = (
            self.sudo()._desk_gated().filtered(lambda fiche: fiche.state == "to_print")
        )
        waiting_sudo.write(
            {
                "state": "printed",
                "printed_at": fields.Datetime.now(),
                "printed_by_id": self.env.uid,
            }
        )
        for fiche in waiting_sudo:
            fiche.letter_id.with_env(self.env)._desk_log(
                "fiche_printed", {"unit": fiche.unit_id.id}
            )
        ids = ",".join(str(fiche.id) for fiche in self)
        return {
            "type": "ir.actions.act_url",
            "url": f"/desk/fiches/{ids}.pdf",
            "target": "new",
        }

    def _lock_back(self):
        """Take this slip, or say that somebody files it now."""
        self.ensure_one()
        self.check_access("read")
        self._lock_or_tell(
            self.env._(
                "Somebody else files this slip at this very moment. Open the letter to "
                "see what was done."
            )
        )

    def _came_back(self, comment, by_hand=False):
        """Note that the paper came back. The caller stored the scan."""
        self.ensure_one()
        # Nobody may write slips: the scan was just filed.
        fiche_sudo = self.sudo()._desk_gated()
        fiche_sudo.write({"state": "returned", "returned_at": fields.Datetime.now()})
        self.letter_id._desk_log(
            "fiche_returned_by_hand" if by_hand else "fiche_returned",
            {"unit": fiche_sudo.unit_id.id, "text": comment},
            journal={"by_hand": by_hand},
        )

    def action_open_scans(self):
        """Open what came back of this slip: the file, or the list of the files.

        :return: action that downloads the last scan
        :raise UserError: nothing came back, or it is still being checked
        """
        self.ensure_one()
        self.check_access("read")
        versions = self.gov_document_ids.current_version_id.filtered(
            lambda version: version.state == "released"
        )
        if not versions:
            raise UserError(
                self.env._("The scan is still being checked, or nothing came back yet.")
            )
        return versions.sorted("id")[-1].action_download()

    def action_open_letter(self):
        """Open the letter of this slip.

        :return: window action
        """
        self.ensure_one()
        return self.letter_id.action_open_desk()
