from odoo import api, fields, models
from odoo.fields import NO_ACCESS

from odoo.addons.digital_registry.models.registry_letter_register import LEAN


class RegistryLetter(models.Model):
    """A letter that was signed in the signature book: its folder ends with its seal."""

    _inherit = "registry.letter"

    # Who reads every field of a letter may have no role in the signature book.
    parapheur_piece_ids = fields.One2many(
        "parapheur.piece", "registry_letter_id", readonly=True, groups=NO_ACCESS
    )
    parapheur_folder_id = fields.Many2one(
        "parapheur.folder",
        string="Folder of the signature book",
        compute="_compute_parapheur_folder_id",
        compute_sudo=True,
        help="Where it was signed. Opened by those who read that folder.",
    )

    @api.depends("parapheur_piece_ids.folder_id")
    def _compute_parapheur_folder_id(self):
        for letter in self:
            letter.parapheur_folder_id = letter.parapheur_piece_ids.folder_id[:1]

    def action_open_parapheur_folder(self):
        """Open the folder in which this letter was signed.

        :return: window action
        :raise AccessError: not among those who read that folder
        """
        self.ensure_one()
        self.check_access("read")
        folder = self.parapheur_folder_id
        folder.check_access("read")
        return folder._get_records_action()

    @api.model
    def _register_finished_act(self, vals):
        """Register an act that was signed and sealed before: no seal, no receipt.

        :param dict vals: as for ``_register_born_digital``; ``document_ids`` name the
            sealed file first
        :return: the letter, as superuser
        :raise UserError: the register numbers nothing now: no number is spent
        """
        # Whoever ends an act has no right on the register; the folder passed its gate.
        letters_sudo = self.sudo().with_context(**LEAN)._gated()
        register = letters_sudo._deposit_register(vals)
        letter = letters_sudo._register_lean(
            register,
            {
                "channel": "desk",
                **vals,
                "parties": [
                    {"role": "recipient", **party} for party in vals["parties"]
                ],
            },
            letters_sudo._born_digital_vals(vals),
        )
        # The open gate stays here.
        return self.sudo().browse(letter.id)

    def _closing_done(self):
        result = super()._closing_done()
        # The batch closes for nobody in particular; readers of the folder see its end.
        folders_sudo = self.env["parapheur.folder"].sudo()
        for folder_sudo in folders_sudo.search(
            [
                ("piece_ids.registry_letter_id", "in", self.ids),
                ("state", "=", "closing"),
            ]
        ):
            folder_sudo._try_now("closing")
        return result

    def _gov_document_completed(self, document, before, after, level):
        result = super()._gov_document_completed(document, before, after, level)
        # The queue completes for nobody; readers of the folder read the same file.
        folders_sudo = self.env["parapheur.folder"].sudo()
        for folder_sudo in folders_sudo.search(
            [("piece_ids.registry_letter_id", "in", self.ids), ("state", "=", "done")]
        ):
            folder_sudo._take_completed(before, after, level)
        return result
