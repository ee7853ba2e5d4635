from odoo import api, fields, models
from odoo.exceptions import UserError

from .desk_outgoing_signed import GoingAlong

#: of a letter of the desk: what was validated there, and who has to sign it
OF_THE_LETTER = {"nature_id", "company_id", "unit_id", "title", "recipient_name"}


class ParapheurFolder(models.Model):
    """A folder that signs a letter of the mail desk."""

    _inherit = "parapheur.folder"

    desk_outgoing_id = fields.Many2one(
        "desk.outgoing",
        string="Letter of the mail desk",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _platform_fields(self):
        return super()._platform_fields() | {"desk_outgoing_id"}

    def _check_protected(self, vals):
        super()._check_protected(vals)
        if self._gate_is_open():
            return
        for folder in self.filtered("desk_outgoing_id"):
            touched = OF_THE_LETTER & vals.keys()
            if any(folder._changes(name, vals[name]) for name in touched):
                raise folder._of_the_letter()

    def _add_document(self, content, filename, *, role="main", origin="scan"):
        if role == "main" and self.desk_outgoing_id:
            raise self._of_the_letter()
        return super()._add_document(content, filename, role=role, origin=origin)

    def action_remove_document(self, document_id):
        """Take an annex out of this draft; the letter of the desk stays."""
        self.ensure_one()
        if self.desk_outgoing_id and document_id in self.main_ids.ids:
            raise self._of_the_letter()
        return super().action_remove_document(document_id)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_the_letter(self):
        for folder in self.filtered("desk_outgoing_id"):
            raise folder._of_the_letter()

    def _of_the_letter(self):
        return UserError(
            self.env._(
                "The folder %(folder)s signs a letter of the mail desk as it was validated "
                "there. To change the letter or who signs it, cancel the folder and start "
                "again from the letter.",
                folder=self.display_name,
            )
        )

    def _needs_nothing_more(self):
        """Whether the sender has nothing to choose or fill in before it circulates."""
        self.ensure_one()
        return not (self.form_id or self._choice_steps())

    def _numbering_register(self):
        # The letter takes its number in the outgoing register of its own office.
        if self.desk_outgoing_id:
            outgoing_sudo = self.desk_outgoing_id.sudo()
            return outgoing_sudo._numbering_register()
        return super()._numbering_register()

    def _take_number(self, item, others):
        if not self.desk_outgoing_id:
            return super()._take_number(item, others)
        # The last signature was just made: its signer may have no right on the letter.
        outgoing_sudo = self.desk_outgoing_id.sudo()
        # What was joined in the folder leaves with the letter.
        along = GoingAlong(self._going_along(item["piece"], others))
        return outgoing_sudo.with_context(going_along=along)._take_number(
            item["pdf"], item["seal_field"]
        )
