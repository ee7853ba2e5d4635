from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

ROLES = [
    ("main", "Main document"),
    ("annex", "Annex"),
    ("form", "Form"),
    ("rendition", "Rendition"),
]
NATURES = [("original", "Original"), ("copy", "Copy"), ("certified", "Certified copy")]


class GovDocument(models.Model):
    """A document of a record: what it is there for; what it contains is in its versions."""

    _name = "gov.document"
    _description = "Document"
    _inherit = ["gov.document.access"]
    _order = "res_model, res_id, sequence, id"
    # No _check_company_auto: `_store` is the only writer, compares the administrations itself, and is the hot path of a
    # deposit (the generic check is a quarter of its time).

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        index=True,
        ondelete="restrict",
    )
    role = fields.Selection(ROLES, required=True, default="annex")
    nature = fields.Selection(NATURES, required=True, default="copy")
    res_model = fields.Char("Owner model", readonly=True)
    res_id = fields.Many2oneReference("Owner", model_field="res_model", readonly=True)
    version_ids = fields.One2many(
        "gov.document.version", "document_id", string="Versions", readonly=True
    )
    current_version_id = fields.Many2one(
        "gov.document.version",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    filename = fields.Char(related="current_version_id.filename")
    size = fields.Integer(related="current_version_id.size")
    pages = fields.Integer(related="current_version_id.pages")
    sha256 = fields.Char(related="current_version_id.sha256")
    state = fields.Selection(related="current_version_id.state")
    av_state = fields.Selection(related="current_version_id.av_state")
    has_active = fields.Boolean(related="current_version_id.has_active")
    notice = fields.Char(related="current_version_id.notice")

    _owner_idx = models.Index("(res_model, res_id) WHERE res_model IS NOT NULL")

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_locked(self):
        """Kept when the owner says that they are part of a proof."""
        for model, documents in self.grouped("res_model").items():
            if not hasattr(self.env.get(model or "", None), "_gov_document_locked"):
                continue
            for owner_id, owned in documents.grouped("res_id").items():
                # The owner answers about itself, whoever deletes.
                owner_sudo = self.env[model].sudo().browse(owner_id).exists()
                if owner_sudo and owner_sudo._gov_document_locked(owned):
                    raise UserError(
                        self.env._(
                            "This document is part of a registered record: it cannot be deleted."
                        )
                    )

    def action_download(self):
        """Open the current version as a download."""
        self.ensure_one()
        return self.current_version_id.action_download()

    @api.model
    def _ingest(
        self,
        content,
        filename,
        *,
        company,
        owner=None,
        role="annex",
        nature="copy",
        origin="portal",
        limits=None,
        document=None,
        name=None,
    ):
        """Inspect `content` and store it as a new document of `owner`, or as a new version of `document`.

        Raises :class:`~odoo.addons.gov_base.exceptions.IntakeRefused` for a file that may not come in; nothing is stored
        then. The version that comes back may be waiting for the antivirus: the deposit does not.

        :param bytes content: the file
        :param str filename: its name as it came; shown cleaned, never used as a path
        :param company: the administration that receives it
        :param owner: the record it belongs to; who reads that record reads the document
        :param limits: a :class:`~odoo.addons.gov_base.lib.intake.Limits`, narrower for a slot
        :return: the `gov.document.version`
        """
        intake = self.env["gov.intake"]
        report = intake._inspect(content, filename, limits)
        av_state, state = intake._entry_states(report)
        version = self._store(
            content,
            {
                "filename": report.name,
                "original_filename": intake._original_name(filename),
                "mime": report.mime,
                "extension": report.extension,
                "pages": report.pages,
                "origin": origin,
                "state": state,
                "av_state": av_state,
                "findings": report.findings_json(),
                "has_active": report.active,
                "last_error": report.deferred or False,
            },
            {"name": name or report.name, "role": role, "nature": nature},
            company=company,
            owner=owner,
            document=document,
        )
        if state != "released":
            intake._schedule_scan()
        return version

    @api.model
    def _store_generated(
        self,
        content,
        filename,
        mime,
        *,
        company,
        owner=None,
        role="rendition",
        pages=0,
        document=None,
        name=None,
    ):
        """Store a file that this platform made itself (a receipt, a slip): it is not inspected, and released at once."""
        extension = filename.rsplit(".", 1)[-1].lower()
        return self._store(
            content,
            {
                "filename": filename,
                "original_filename": filename,
                "mime": mime,
                "extension": extension,
                "pages": pages,
                "origin": "born_digital",
                "state": "released",
                "av_state": False,
                "findings": [],
            },
            {"name": name or filename, "role": role, "nature": "original"},
            company=company,
            owner=owner,
            document=document,
        )

    @api.model
    def _store(self, content, version_vals, document_vals, *, company, owner, document):
        company.ensure_one()
        if owner is not None:
            self._check_owner(owner, company)
        if document is not None and document.company_id != company:
            raise ValueError("A version belongs to the administration of its document.")
        # Nobody may create documents by himself: the caller's right on the owner was checked above.
        self_sudo = self.sudo()
        vault, sha256 = self_sudo.env["gov.document.vault"]._put(company, content)
        number = 1
        if document is None:
            document_sudo = self_sudo.create(
                {
                    **document_vals,
                    "company_id": company.id,
                    "res_model": owner._name if owner is not None else False,
                    "res_id": owner.id if owner is not None else False,
                }
            )
        else:
            document_sudo = document.sudo()
            document_sudo.lock_for_update(allow_referencing=True)
            number = document_sudo.current_version_id.number + 1
        version_sudo = self_sudo.env["gov.document.version"].create(
            {
                **version_vals,
                "document_id": document_sudo.id,
                "company_id": company.id,
                "number": number,
                "vault_id": vault.id,
                "sha256": sha256,
                "size": len(content),
            }
        )
        document_sudo.current_version_id = version_sudo
        return version_sudo.with_env(self.env)

    def _check_owner(self, owner, company):
        # Whoever brings a superuser's record does not become one.
        owner = owner.with_env(self.env)
        owner.ensure_one()
        owner.check_access("write")
        if "company_id" in owner._fields:
            owner_company = owner.company_id
        else:
            owner_company = owner if owner._name == "res.company" else None
        if owner_company and owner_company != company:
            raise ValueError("A document belongs to the administration of its owner.")

    def _set_owner(self, owner):
        """Move these documents to `owner`, for example from a draft deposit to the letter it becomes."""
        documents_sudo = self.sudo()  # they may have no reader yet
        for company in documents_sudo.company_id:
            self._check_owner(owner, company)
        documents_sudo.write({"res_model": owner._name, "res_id": owner.id})

    @api.model
    def _of(self, owner, domain=Domain.TRUE):
        """The documents of `owner` that the user may read, in order."""
        return self.search(
            Domain("res_model", "=", owner._name)
            & Domain("res_id", "in", owner.ids)
            & Domain(domain)
        )
