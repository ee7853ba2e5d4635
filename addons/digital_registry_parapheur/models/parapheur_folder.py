from odoo import api, fields, models
from odoo.exceptions import AccessError

from .parapheur_nature import MODES


class ParapheurFolder(models.Model):
    """The number of an act: asked for after the last signature, printed by the seal."""

    _inherit = "parapheur.folder"

    register_id = fields.Many2one(
        "registry.register",
        string="Numbered in",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="As the nature said when the folder was submitted.",
    )
    is_numbered = fields.Boolean(compute="_compute_is_numbered")
    recipient_name = fields.Char(
        string="Recipient",
        size=240,
        help="To whom the act is sent, as in the register.",
    )
    registry_letter_id = fields.Many2one(
        "registry.letter",
        string="Registered as",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    register_mode = fields.Selection(
        MODES,
        readonly=True,
        copy=False,
        help="As the nature said when the folder was submitted.",
    )
    number = fields.Char(compute="_compute_number")

    _registry_letter_uniq = models.UniqueIndex(
        "(registry_letter_id) WHERE registry_letter_id IS NOT NULL"
    )

    @api.depends("nature_id", "register_id")
    def _compute_is_numbered(self):
        for folder in self:
            folder.is_numbered = bool(
                folder.register_id or folder._numbering_register()
            )

    @api.depends("registry_letter_id", "piece_ids.registry_letter_id")
    def _compute_number(self):
        for folder in self:
            # Who reads a folder reads its number, whatever his role in the register is.
            letters_sudo = folder.sudo()._letters()
            numbers = [letter.number for letter in letters_sudo if letter.number]
            folder.number = ", ".join(numbers) or False

    def _letters(self):
        """Letters of the register that these folders became, in the order of documents."""
        return self.piece_ids.registry_letter_id | self.registry_letter_id

    def _check_protected(self, vals):
        super()._check_protected(vals)
        if self._gate_is_open():
            return
        touched = self._platform_fields() & vals.keys()
        if any(self._changes(name, vals[name]) for name in touched):
            raise AccessError(
                self.env._(
                    "What a folder is registered as changes only with its buttons: Submit, "
                    "Sign, Refuse."
                )
            )

    @api.model
    def _gated_names(self):
        return super()._gated_names() | self._platform_fields()

    @api.model
    def _fixed_names(self):
        return super()._fixed_names() | {"recipient_name"}

    @api.model
    def _platform_fields(self):
        """Names of the fields that only the platform sets. Bridges add theirs."""
        return {"register_id", "registry_letter_id", "register_mode"}

    def _numbering_register(self):
        """The register that will number this folder, or an empty set. Hook of bridges."""
        self.ensure_one()
        return self.nature_id.register_id

    def _submit_problems(self):
        problems = super()._submit_problems()
        if not self._numbering_register():
            return problems
        if not self.recipient_name:
            problems.append(
                self.env._(
                    "The recipient is missing: the act is numbered in a register, which "
                    "says to whom it goes."
                )
            )
        return problems

    def _submit(self):
        result = super()._submit()
        # Frozen with the circuit: the folder was just submitted by who may.
        folder_sudo = self.sudo()._gated()
        folder_sudo.write(
            {
                "register_id": self._numbering_register().id,
                "register_mode": self.nature_id.register_mode,
            }
        )
        return result
