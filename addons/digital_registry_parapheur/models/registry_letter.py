from odoo import models


class RegistryLetter(models.Model):
    """A letter that was signed in the signature book: its folder ends with its seal."""

    _inherit = "registry.letter"

    def _closing_done(self):
        result = super()._closing_done()
        # The batch closes for nobody in particular; readers of the folder see its end.
        folders_sudo = self.env["parapheur.folder"].sudo()
        for folder_sudo in folders_sudo.search(
            [("registry_letter_id", "in", self.ids), ("state", "=", "closing")]
        ):
            folder_sudo._try_now("closing")
        return result

    def _gov_document_completed(self, document, before, after, level):
        result = super()._gov_document_completed(document, before, after, level)
        # The queue completes for nobody; readers of the folder read the same file.
        folders_sudo = self.env["parapheur.folder"].sudo()
        for folder_sudo in folders_sudo.search(
            [("registry_letter_id", "in", self.ids), ("state", "=", "done")]
        ):
            folder_sudo._take_completed(before, after, level)
        return result
