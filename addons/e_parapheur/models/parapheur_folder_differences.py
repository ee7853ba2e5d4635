from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime

from odoo.addons.gov_base.lib import compare, given, hygiene

from .parapheur_folder_documents import PDF

READING_MINUTES = 10


class ParapheurFolder(models.Model):
    """What changed between two versions of a document, for those who read or signed the first one."""

    _inherit = "parapheur.folder"

    def get_document_versions(self, document_id):
        """Return the versions of a document of this folder, and which two to compare first.

        :param int document_id: id of a ``gov.document`` of this folder
        :return: ``{"versions": [{"id", "number", "label", "date", "sha256", "pages"}] the latest
            first, "old", "new"}``: the version the user signed last, else the one before the
            current one; ``old`` is False when there is one only
        :raise UserError: no document of this folder
        :raise AccessError: the user may not read this folder
        """
        self.ensure_one()
        document = self._readable_document(document_id)
        versions = document.version_ids.filtered(
            lambda one: one.state == "released" and one.mime == PDF
        ).sorted("number", reverse=True)
        labels = self._version_labels(document)
        new = document.current_version_id
        # Who reads the folder sees who signed which version.
        signed_sudo = self.sudo().signature_ids.filtered(
            lambda one: (
                one.signer_id == self.env.uid and one.version_id in versions - new
            )
        )
        old = signed_sudo.sorted("id")[-1:].version_id or (versions - new)[:1]
        return {
            "versions": [
                {
                    "id": version.id,
                    "number": version.number,
                    "label": labels.get(version.id)
                    or (
                        self.env._("As it was added")
                        if version.origin != "born_digital" or version.number == 1
                        else self.env._("As it stood then")
                    ),
                    "date": format_datetime(self.env, version.create_date),
                    "sha256": version.sha256,
                    "pages": version.pages,
                }
                for version in versions
            ],
            "old": old.id,
            "new": new.id,
        }

    def get_differences(self, document_id, old_version=None, new_version=None):
        """Compare two versions of a document page by page, as they are seen; blocks left out.

        :param int document_id: id of a ``gov.document`` of this folder
        :param int old_version: id of a ``gov.document.version``; the one that
            :meth:`get_document_versions` proposes when nothing is given
        :param int new_version: the current one when nothing is given
        :return: ``{"document_id", "old", "new" (ids), "same" (bool), "pages": [{"state"
            (``same``, ``changed``, ``added``, ``removed``), "old", "new" (page from 0, or
            None), "marks": [[x, y, width, height]] in parts of the page, "text" (HTML with
            ``ins`` and ``del``, or False)}]}``; page pictures:
            ``/parapheur/document/<version>/page/<page>``
        :raise UserError: no such version, or one that cannot be drawn
        :raise AccessError: the user may not read this folder
        """
        self.ensure_one()
        document = self._readable_document(document_id)
        old, new = self._two_versions(document, old_version, new_version)
        try:
            pages = hygiene.compare(
                old._read_content(),
                new._read_content(),
                notes=[one.origin != "born_digital" for one in (old, new)],
            )
        except hygiene.Busy as error:
            raise UserError(
                self.env._("The server is busy: compare again in a moment.")
            ) from error
        except ValueError as error:
            raise UserError(
                self.env._(
                    "These two versions cannot be compared: one cannot be drawn."
                )
            ) from error
        for page in pages:
            texts = page.pop("texts")
            page["text"] = bool(texts) and str(compare.compared(*texts))
        return {
            "document_id": document.id,
            "old": old.id,
            "new": new.id,
            "same": all(page["state"] == "same" for page in pages),
            "pages": pages,
        }

    def _readable_document(self, document_id):
        self.check_access("read")
        wanted = given.record_id(document_id)
        document = (self.main_ids | self.annex_ids).filtered(
            lambda one: one.id == wanted
        )
        if not document:
            raise UserError(
                self.env._("This document is not in the folder any more. Reload.")
            )
        return document

    def _two_versions(self, document, old_version, new_version):
        known = self.get_document_versions(document.id)
        ids = {one["id"] for one in known["versions"]}
        wanted = [
            given.record_id(asked) or known[name]
            for asked, name in ((old_version, "old"), (new_version, "new"))
        ]
        if not all(wanted) or not set(wanted) <= ids:
            raise UserError(
                self.env._(
                    "Choose two versions of this document that can be shown: nothing to "
                    "compare."
                )
            )
        versions = self.env["gov.document.version"].browse(wanted)
        for version in versions:
            try:
                version._check_readable()
            except AccessError as error:
                raise UserError(
                    self.env._("This version cannot be opened now.")
                ) from error
        return versions

    @api.model
    def _log_pages(self, version):
        """Keep that the user reads a version; the pages of one reading are one line."""
        since = fields.Datetime.now() - timedelta(minutes=READING_MINUTES)
        # Readers have no right on the log; this only asks whether the line is there.
        log_sudo = self.env["gov.consultation"].sudo()
        if not log_sudo.search_count(
            [
                ("version_id", "=", version.id),
                ("user_id", "=", self.env.uid),
                ("read_at", ">=", since),
            ],
            limit=1,
        ):
            log_sudo.with_env(self.env)._log(version)

    def _version_labels(self, document):
        """{id of a version: what it is}, for the versions that this folder made."""
        labels = {}
        # Pieces and signatures follow the folder, whose reading was checked.
        folder_sudo = self.sudo()
        piece = folder_sudo.piece_ids.filtered(lambda one: one.document_id == document)
        labels[piece.original_id.id] = self.env._("As submitted")
        labels[piece.prepared_id.id] = self.env._("As shown to the signers")
        for signature in folder_sudo.signature_ids.filtered(
            lambda one: one.piece_id == piece
        ).sorted("id"):
            labels[signature.version_id.id] = (
                self.env._("Signed by %(name)s", name=signature.signer_name)
                if signature.state == "valid"
                else self.env._(
                    "Signed by %(name)s, withdrawn since", name=signature.signer_name
                )
            )
        labels[piece.final_id.id] = self.env._("Closed by the seal")
        return labels
