import re

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import text

_NOT_NAME = re.compile(r"[^\w.-]+")


class ParapheurSource(models.Model):
    """Sending: the record is read, the document is made, the folder is a draft of whoever sends it."""

    _inherit = "parapheur.source"

    def _send(self, record):
        """Make the folder of a record, with the rights of the user.

        :param record: of :attr:`model`
        :return: (the ``parapheur.folder``, a draft; labels of the values that did not fit the form)
        :rtype: tuple
        :raise UserError: deleted, in signature already, the template or a program fails
        :raise AccessError: the user may not read what stands in the document
        """
        self.ensure_one()
        record.ensure_one()
        self._check_record(record)
        self._check_free(record)
        facts = self._facts(record)
        pdf = self._make_pdf(record, facts)
        title = self._title_for(
            record, {**self._base_texts(record), **self._texts(facts)}
        )
        folders = self.env["parapheur.folder"].with_company(self.company_id)
        form = self.nature_id.form_id._current()
        answers, missed = self._answers(form, facts)
        folder = folders._gated().create(
            {
                "title": title,
                "company_id": self.company_id.id,
                "nature_id": self.nature_id.id,
                "unit_id": self._unit_for(record).id,
                "language": self._block_language(),
                "form_values": answers,
            }
        )
        folder = folder.with_env(folders.env)
        folder._keep_source(self._source_vals(record))
        folder._keep_source_pdf(pdf, self._file_name(title))
        self._tell_record(record, folder)
        return folder, missed

    def _source_vals(self, record):
        """What a folder keeps about its record."""
        # The comparison is made as the platform, whoever asks: so is what is compared with.
        facts_sudo = self.sudo()._facts(record.sudo())
        return {
            "source_id": self.id,
            "source_model": record._name,
            "source_res_id": record.id,
            "source_name": text.clean_line(self._spoken(record).display_name, 240)
            or f"{record._name} {record.id}",
            "source_facts": facts_sudo,
            "source_digest": self._digest(record, facts_sudo),
        }

    def _check_free(self, record):
        """Raise when the record is in signature and locked."""
        folders = self.env["parapheur.folder"]
        under_way = folders._source_in_signature(record._name, record.ids)
        locked = under_way.filtered(lambda one: one.source_id.lock != "none")
        if locked:
            raise UserError(
                self.env._(
                    "%(record)s is in signature already: folder %(folder)s. Wait until it ends.",
                    record=record.display_name,
                    folder=locked[0].reference,
                )
            )

    def _block_language(self):
        code = (self.lang or "fr")[:2]
        return code if code in ("ar", "fr", "en") else "fr"

    def _file_name(self, title):
        base = _NOT_NAME.sub("-", title).strip("-.")[:60] or "document"
        return f"{base}.pdf"

    def _tell_record(self, record, folder):
        """One line in the record's history, without a word of the folder."""
        # The platform says where the record went; who sends it need not be able to write it.
        record_sudo = record.sudo()
        record_sudo.message_post(
            body=self.env._(
                "Folder %(folder)s of the signature book was made from this record.",
                folder=folder.reference,
            ),
            subtype_xmlid="mail.mt_note",
        )
