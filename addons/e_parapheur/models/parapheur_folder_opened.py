from odoo import fields, models
from odoo.exceptions import UserError


class ParapheurFolder(models.Model):
    """Who opened the folder when his turn had come: what came before is not taken back then."""

    _inherit = "parapheur.folder"

    def get_desk_folder(self):
        """Return one folder as the desk shows it, and note that its actor opened it.

        :return: dict of plain values
        :raise AccessError: the user may not read this folder
        """
        told = super().get_desk_folder()
        self._note_opened()
        return told

    def _gov_document_check(self, version, operation):
        result = super()._gov_document_check(version, operation)
        if operation == "read" and not self.env.cr.readonly:
            self._note_opened()
        return result

    def _note_opened(self):
        """Write, once, that a person whose turn has come opened this folder."""
        self.ensure_one()
        if self.state not in ("running", "closing"):
            return
        user = self.env.user
        mine = self.run_id.actor_ids.filtered(
            lambda row: (
                row.state == "current" and row.user_id == user and not row.read_at
            )
        )
        if not mine:
            return
        # Rows of a circuit are written by the platform; that he opened it is a fact.
        mine_sudo = mine.sudo()
        mine_sudo.write({"read_at": fields.Datetime.now()})
        # The journal of the administration is written by the platform alone.
        folder_sudo = self.sudo()
        folder_sudo._event(
            "folder.opened",
            {"run": self.run_id.id, "steps": mine_sudo.step_id.ids, "user": user.id},
        )

    def _opened_since_refusal(self, rank):
        """Return why what was done at steps up to ``rank`` is not taken back, or None.

        :param int rank: of the step whose act is taken back; 0 for the submission
        """
        opened = self.run_id.actor_ids.filtered(
            lambda row: (
                row.state == "current" and row.step_id.rank > rank and row.read_at
            )
        )
        if not opened:
            return None
        return UserError(
            self.env._(
                "%(name)s has opened the folder %(folder)s since: it is not taken back any "
                "more. Ask for it to be returned.",
                name=opened[0].name,
                folder=self.display_name,
            )
        )
