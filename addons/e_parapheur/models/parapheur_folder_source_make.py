from odoo import models
from odoo.exceptions import AccessError, UserError


class ParapheurFolder(models.Model):
    """The document that is made from the record: put in the draft, and made again when the record changed."""

    _inherit = "parapheur.folder"

    def _keep_source(self, vals):
        """Write from which record this draft is made, and what that record says."""
        # Kept for the comparison alone: nobody reads it, whoever made the folder.
        folder_sudo = self.sudo()._gated()
        folder_sudo.write(vals)

    def _keep_source_pdf(self, pdf, filename):
        """Put the document that was made from the record in this draft, in place of the one before."""
        self.ensure_one()
        before = self.source_document_id
        version = self._add_generated(pdf, filename)
        # What the folder was made from is written by the platform alone; the draft was checked.
        folder_sudo = self.sudo()._gated()
        folder_sudo.source_document_id = version.document_id
        if before:
            self.action_remove_document(before.id)

    def action_refresh_source(self):
        """Read the record again and make its document again, in this draft.

        :return: True
        :raise UserError: submitted already, the record is gone, the template or a program fails
        :raise AccessError: not the sender, or somebody who may not read the record
        """
        self.ensure_one()
        self.check_access("write")
        if self.initiator_id != self.env.user:
            raise AccessError(
                self.env._(
                    "Only %(name)s, who started the folder %(folder)s, can do this.",
                    name=self.initiator_id.name,
                    folder=self.display_name,
                )
            )
        self._check_documents_open()
        record, source = self._source_record(), self.source_id
        if not record:
            raise UserError(
                self.env._(
                    "%(record)s is not there any more: the document cannot be made again.",
                    record=self.source_name or "–",
                )
            )
        source._check_record(record)
        source._check_free(record)
        facts = source._facts(record)
        pdf = source._make_pdf(record, facts)
        answers, _missed = source._answers(self.form_id, facts)
        self._gated().form_values = {**(self.form_values or {}), **answers}
        self._keep_source(source._source_vals(record))
        self._keep_source_pdf(pdf, source._file_name(self.title or source.name))
        return True

    # ------------------------------------------------------------------
    # Persons of the record, for circuits
    # ------------------------------------------------------------------
    def _circuit_user_fields(self, company):
        """Persons that records name, for the rule “person of the record” of a circuit.

        :param company: the administration
        :return: list of ``{"key", "label"}``
        :rtype: list[dict]
        """
        offered = list(super()._circuit_user_fields(company))
        # Names of fields alone, for the designer of circuits.
        rows_sudo = self.env["parapheur.source.field"].sudo()
        rows = rows_sudo.search(
            [("company_id", "=", company.id), ("source_id.state", "!=", "retired")]
        )
        known = set()
        for row in rows.filtered(lambda one: one._is_person()):
            key = row._person_key()
            if key not in known:
                known.add(key)
                model = self.env["ir.model"]._get(row.source_id.model).display_name
                path = row.source_id._path_label(row.source_id.model, row.path)
                offered.append({"key": key, "label": f"{model} ▸ {path}"})
        return offered

    def _circuit_field_users(self, key):
        """The persons that the record of this folder names there.

        :param str key: as :meth:`_circuit_user_fields` gives it
        :return: ``res.users``, perhaps empty
        """
        if not isinstance(key, str) or not key.startswith("source:"):
            return super()._circuit_field_users(key)
        self.ensure_one()
        # Who acts is found whatever the sender may read of that person.
        folder_sudo = self.sudo()
        record_sudo = folder_sudo._source_record()
        model, _colon, path = key.removeprefix("source:").partition(":")
        users = self.env["res.users"]
        if not record_sudo or record_sudo._name != model:
            return users
        found = record_sudo
        for field in folder_sudo.source_id._path_fields(model, path):
            found = found[field.name]
        if found._name == "hr.employee":
            found = found.user_id
        return users.browse(found.ids if found._name == "res.users" else ())
