from odoo import api, fields, models

from odoo.addons.gov_base.exceptions import IntakeRefused
from odoo.addons.gov_base.lib.text import clean_line

from ..lib import tokens


class GovDepositFile(models.Model):
    """A file of a deposit that is being written."""

    _name = "gov.deposit.file"
    _description = "File of an online deposit"
    _order = "id"

    deposit_id = fields.Many2one(
        "gov.deposit", required=True, index=True, ondelete="cascade"
    )
    key = fields.Char(required=True, groups=fields.NO_ACCESS)
    version_id = fields.Many2one(
        "gov.document.version",
        string="Document",
        required=True,
        index=True,
        ondelete="cascade",
    )

    @api.model
    def _receive(self, deposit, uploads):
        """Inspect ``uploads`` (name, content) and store those that may come in.

        :return: the stored versions, and a sentence for each file that was refused
        """
        stored = self.env["gov.document.version"]
        refused = []
        sizes = deposit._versions().mapped("size")
        intake, documents = self.env["gov.intake"], self.env["gov.document"]
        for filename, content in uploads:
            try:
                intake._check_batch([*sizes, len(content)])
                stored |= documents._ingest(
                    content,
                    filename,
                    company=deposit.company_id,
                    owner=deposit,
                    origin="portal",
                )
                sizes.append(len(content))
            except IntakeRefused as refusal:
                shown = clean_line(filename, 80) or self.env._("unnamed file")
                refused.append(
                    self.env._(
                        "%(file)s: %(reason)s", file=shown, reason=refusal.sentence
                    )
                )
        return stored, refused

    @api.model
    def _keep(self, deposit, versions):
        """Keep ``versions`` with the draft, each once."""
        kept = {(old.sha256, old.filename) for old in deposit.file_ids.version_id}
        for version in versions:
            mark = (version.sha256, version.filename)
            if mark in kept:  # double click, or a page sent again
                version.document_id.unlink()
                continue
            kept.add(mark)
            self.create(
                {
                    "deposit_id": deposit.id,
                    "version_id": version.id,
                    "key": tokens.new_token(),
                }
            )

    def _move_to(self, company):
        """Hand the files to another administration: its own copy, the old one dropped."""
        for file in self:
            old = file.version_id
            file.version_id = self.env["gov.document"]._ingest(
                old._read_content(),
                old.original_filename or old.filename,
                company=company,
                owner=file.deposit_id,
                origin="portal",
            )
            old.document_id.unlink()

    def _drop(self):
        """Delete files that will not be sent, with their content."""
        documents = self.version_id.document_id
        self.unlink()
        documents.unlink()

    @api.model
    def _size_text(self, size):
        """Return a size as people read it."""
        if size >= 1024 * 1024:
            return self.env._("%(size)s MB", size=f"{size / 1024**2:.1f}")
        return self.env._("%(size)s kB", size=max(1, round(size / 1024)))

    def _card(self):
        version = self.version_id
        return {
            "key": self.key,
            "name": version.filename,
            "size": version.size,
            "size_text": self._size_text(version.size),
            "sha256": version.sha256,
            "pages": version.pages or 0,
            "state": version.state,
        }
