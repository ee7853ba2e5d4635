from odoo import api, models

from .parapheur_folder_source import IN_SIGNATURE


class ParapheurFolder(models.Model):
    """What the form of any record says about the folders that were made from it."""

    _inherit = "parapheur.folder"

    @api.model
    @api.readonly
    def get_source_notice(self, model, record_id):
        """What a form says about the folders that were made from its record.

        :param str model: technical name of the model
        :param int record_id: id of the record
        :return: list of ``{"id", "level", "sentence", "open"}``, at most two: the folder under way and the last finished
            one; ``level`` is info, warning or success; ``open`` tells whether the user may read the folder
        :rtype: list[dict]
        :raise AccessError: the user may not read the record
        """
        shown = (
            isinstance(model, str) and model in self.env["parapheur.source"]._shown()
        )
        if not shown or type(record_id) is not int or record_id <= 0:
            return []
        record = self.env[model].browse(record_id).exists()
        record.check_access("read")
        # Who reads the record is told that it is in signature; what is in the folder follows the folder's rights.
        folders_sudo = self.sudo().search(
            [
                ("source_model", "=", model),
                ("source_res_id", "in", record.ids),
                ("state", "in", (*IN_SIGNATURE, "draft", "done")),
                ("company_id", "in", self.env.companies.ids),
            ],
            order="id desc",
        )
        under_way = folders_sudo.filtered(lambda one: one.state in IN_SIGNATURE)
        drafts = folders_sudo.filtered(
            lambda one: one.state == "draft" and one.initiator_id == self.env.user
        )
        done = folders_sudo.filtered(lambda one: one.state == "done")
        first = (under_way or drafts)[:1]
        return [folder.with_env(self.env)._notice_of() for folder in first | done[:1]]

    def _notice_of(self):
        # The state and the comparison are told to whoever reads the record.
        folder_sudo = self.sudo()
        level, sentence = self._notice_words(folder_sudo)
        return {
            "id": self.id,
            "level": level,
            "sentence": sentence,
            "open": self.has_access("read"),
        }

    @api.model
    def _notice_words(self, folder_sudo):
        env = self.env
        reference = folder_sudo.reference
        if folder_sudo.state == "draft":
            return "info", env._(
                "The folder %(folder)s was made from this record and is not submitted yet.",
                folder=reference,
            )
        changes = folder_sudo._source_changes()
        if changes:
            return "warning", env._(
                "This record differs from what is signed in the folder %(folder)s: %(labels)s.",
                folder=reference,
                labels=", ".join(changes),
            )
        if folder_sudo.state == "done":
            return "success", env._(
                "Signed: folder %(folder)s. The record says what the signed document says.",
                folder=reference,
            )
        lock = folder_sudo.source_id.lock
        if lock == "record":
            return "info", env._(
                "In signature: folder %(folder)s. The record is locked until it ends.",
                folder=reference,
            )
        if lock == "fields":
            return "info", env._(
                "In signature: folder %(folder)s. What stands in the document is locked until it "
                "ends.",
                folder=reference,
            )
        return "info", env._("In signature: folder %(folder)s.", folder=reference)
