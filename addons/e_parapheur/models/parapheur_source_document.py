import base64
import binascii

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.gov_base.exceptions import IntakeRefused

KINDS = [
    ("docx", "A file of Word with merge fields"),
    ("blocks", "A template of the platform"),
    ("report", "A report of the app"),
]
MIB = 1024 * 1024
DOCX_BYTES, DOCX_INFLATED = 8 * MIB, 60 * MIB


class Page:
    """A record as a template of blocks asks it: what ``gov.template.subject`` is for models that mix it in."""

    def __init__(self, source, record):
        self.source, self.record = source, record

    def _template_check(self):
        self.source._check_record(self.record)

    def _template_values(self, template, lang):
        source = self.source
        return {
            **source._base_texts(self.record, lang),
            **source._texts(source._facts(self.record, lang)),
        }

    def _template_company(self):
        return self.source.company_id

    def _template_unit(self):
        return self.source._unit_for(self.record)


class ParapheurSource(models.Model):
    """The document that is made of a record: file of Word, template of blocks, or report; always a PDF in the end."""

    _inherit = "parapheur.source"

    document_kind = fields.Selection(KINDS, "Made from", required=True, default="docx")
    report_name = fields.Char("Report")
    report_label = fields.Char(compute="_compute_report_label")
    template_id = fields.Many2one(
        "gov.template",
        check_company=True,
        ondelete="restrict",
        domain="[('kind', '=', 'record'), ('company_id', '=', company_id)]",
    )
    docx_id = fields.Many2one(
        "gov.document", "File of Word", readonly=True, copy=False, ondelete="set null"
    )
    docx_version_id = fields.Many2one(related="docx_id.current_version_id")
    docx_name = fields.Char(related="docx_id.name", string="Name of the file")

    def _compute_report_label(self):
        for source in self:
            labels = {}
            if source.model in self.env and source.report_name:
                labels = dict(
                    source._reports(source.model).mapped(
                        lambda one: (one.report_name, one.name)
                    )
                )
            source.report_label = labels.get(source.report_name) or source.report_name

    # ------------------------------------------------------------------
    # The file of Word
    # ------------------------------------------------------------------
    def action_set_docx(self, filename, content):
        """Check a file of Word and make it the template.

        :param str filename: its name as the person has it
        :param str content: the file, base64
        :return: True
        :raise UserError: in use already, refused by the intake, more than text in it, or merge fields that cannot be read
        :raise AccessError: not an administrator of the signature book
        """
        self.ensure_one()
        self.check_access("write")
        self._check_draft()
        try:
            data = base64.b64decode(content or "", validate=True)
        except (binascii.Error, ValueError, TypeError) as error:
            raise UserError(
                self.env._("The file did not arrive whole. Choose it again.")
            ) from error
        version = self._take_docx(data, filename)
        problems = self._docx_problems(data, strict=False)
        if problems:
            raise UserError("\n".join(problems))
        before = self.docx_id
        self._gated().write({"docx_id": version.document_id.id})
        # Documents are written by the platform alone; the right on the draft was checked.
        before_sudo = before.sudo()
        before_sudo.unlink()
        return True

    def _take_docx(self, data, filename):
        limits = self.env["gov.intake"]._limits(
            allowed=("docx",), max_file_bytes=DOCX_BYTES, max_inflated=DOCX_INFLATED
        )
        # Documents are written by the intake alone, whoever brings the file.
        documents_sudo = self.env["gov.document"].sudo()
        try:
            version = documents_sudo._ingest(
                data,
                filename if isinstance(filename, str) else "",
                company=self.company_id,
                owner=self,
                role="main",
                nature="original",
                origin="scan",
                limits=limits,
            )
        except IntakeRefused as refusal:
            # The web client shows the sentence of a plain UserError only.
            raise UserError(refusal.args[0]) from refusal
        if version.has_active:
            raise UserError(
                self.env._(
                    "%(file)s brings in something from outside or embeds another file: %(notice)s "
                    "Remove it, save the file and choose it again.",
                    file=version.filename,
                    notice=version.notice or "",
                )
            )
        return version

    def _copy_docx(self, other):
        """Give this draft the same file of Word as another version."""
        if not other.docx_id:
            return
        content = other._docx_content()
        # Documents are written by the platform alone; the right on the draft was checked.
        documents_sudo = self.env["gov.document"].sudo()
        version_sudo = documents_sudo._store_generated(
            content,
            other.docx_id.current_version_id.filename,
            other.docx_id.current_version_id.mime,
            company=self.company_id,
            owner=self,
            role="main",
        )
        self._gated().write({"docx_id": version_sudo.document_id.id})

    def _gov_document_locked(self, documents):
        """Answer the document: the file of a version in use stays."""
        return self.state != "draft"

    def _docx_content(self):
        """The bytes of the file of Word, once every check let it through."""
        # Whoever sends a record uses the file without reading its document.
        version_sudo = self.sudo().docx_id.current_version_id
        if not version_sudo:
            raise UserError(
                self.env._(
                    "“%(name)s” has no file of Word: choose one.", name=self.name
                )
            )
        if version_sudo.state != "released" or version_sudo.av_state == "infected":
            raise UserError(
                self.env._(
                    "%(file)s is still being checked, or was refused: try again in a moment, or "
                    "choose another file.",
                    file=version_sudo.filename,
                )
            )
        return version_sudo._read_content()

    def _docx_problems(self, content, strict=True):
        """Sentences: what cannot be filled in. Not ``strict``: values that are not picked yet are no mistake."""
        keys, loops = self._merge_labels()
        _found, problems = self.env["gov.office"]._docx_problems(
            content, keys, loops, strict=strict
        )
        return problems

    # ------------------------------------------------------------------
    # The PDF
    # ------------------------------------------------------------------
    def _make_pdf(self, record, facts, folder=None):
        """The document of a record.

        :param record: of :attr:`model`, read with the rights of the user
        :param list facts: as :meth:`_facts` gives them
        :return: the PDF file
        :rtype: bytes
        :raise UserError: the template, the report or a program fails; the sentence says what to do
        :raise AccessError: the user may not read what stands in it
        """
        self.ensure_one()
        if self.document_kind == "report":
            return self._report_pdf(record)
        if self.document_kind == "blocks":
            return self._blocks_pdf(record)
        keys, loops = self._merge_labels()
        values = {**self._base_texts(record), **self._texts(facts)}
        missing = {key: "" for key in keys if key not in values}
        office = self.env["gov.office"]
        filled = office._docx_fill(
            self._docx_content(), {**missing, **values}, keys, loops
        )
        return office._to_pdf(filled, "docx")

    def _base_texts(self, record, lang=None):
        """The merge fields that every template has."""
        return (
            self.env["gov.template"]
            .new({"lang": lang or self.lang})
            ._merge_base_values(
                self.company_id,
                unit=self._unit_for(record),
                author=self.env.user,
                lang=lang or self.lang,
            )
        )

    def _report_pdf(self, record):
        if self.report_name not in self._reports(self.model).mapped("report_name"):
            raise UserError(
                self.env._(
                    "The report of “%(name)s” is not there any more, or you may not print it. Ask "
                    "your administrator of the signature book.",
                    name=self.name,
                )
            )
        return self.env["gov.typeset"]._render_report(
            self.report_name, record.with_company(self.company_id), self.lang
        )

    def _blocks_pdf(self, record):
        template = self.template_id
        if not template:
            raise UserError(
                self.env._("“%(name)s” has no template: choose one.", name=self.name)
            )
        subject = Page(self, record)
        return template._typeset(
            self.company_id,
            template._render_blocks(subject, letterhead=False),
            unit=self._unit_for(record),
        )

    def _unit_for(self, record):
        """The unit that a folder belongs to: the one the record names, else that of the sender."""
        unit = self.env["hr.department"]
        if self.unit_path:
            found = record
            for field in self._path_fields(self.model, self.unit_path):
                found = self._related(found, field)
            unit = found.filtered(lambda one: one.company_id == self.company_id)[:1]
        if unit:
            return unit
        folders = self.env["parapheur.folder"].with_company(self.company_id)
        return folders._default_unit()

    def _check_record(self, record):
        """Raise unless this record can be sent by the user.

        :raise UserError: deleted, of another administration
        :raise AccessError: the user may not read it
        """
        if not record.exists():
            raise UserError(
                self.env._("This record is not there any more: nothing was sent.")
            )
        record.check_access("read")
        company = "company_id" in record._fields and record.company_id
        if company and company != self.company_id:
            raise UserError(
                self.env._(
                    "%(record)s belongs to another administration: “%(name)s” sends records of "
                    "%(company)s.",
                    record=record.display_name,
                    name=self.name,
                    company=self.company_id.name,
                )
            )
        if self.state != "published" and not self.env.user.has_group(
            "e_parapheur.group_e_parapheur_admin"
        ):
            raise AccessError(
                self.env._(
                    "“%(name)s” is not in use any more: choose another way of sending.",
                    name=self.name,
                )
            )
