from odoo import api, fields, models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import NO_ACCESS, Domain

ORIGINS = [
    ("scan", "Scan"),
    ("born_digital", "Made here"),
    ("portal", "Portal"),
    ("mail", "E-mail"),
]
STATES = [
    ("received", "Received"),
    ("typed", "Type checked"),
    ("bounded", "Structure checked"),
    ("scanned", "Analysed"),
    ("released", "Released"),
    ("quarantined", "Quarantined"),
]
AV_STATES = [
    ("not_configured", "No antivirus configured"),
    ("pending", "Analysis pending"),
    ("clean", "Nothing found"),
    ("infected", "Infected"),
    ("not_scannable", "Cannot be analysed"),
]
# All that may change after the insert, and only through `_write_pipeline`.
PIPELINE = frozenset(
    {
        "state",
        "av_state",
        "av_signature",
        "av_at",
        "findings",
        "has_active",
        "pages",
        "last_error",
        "attempts",
        "next_attempt_at",
        "is_stuck",
    }
)


class GovDocumentVersion(models.Model):
    """One content of a document, as it came. It never changes; only what the intake says of it does."""

    _name = "gov.document.version"
    _description = "Document version"
    _inherit = ["gov.document.access"]
    _order = "document_id, number desc, id desc"
    _rec_name = "filename"

    document_id = fields.Many2one(
        "gov.document",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    number = fields.Integer("Version", required=True, default=1, readonly=True)
    vault_id = fields.Many2one(
        "gov.document.vault",
        required=True,
        index=True,
        ondelete="restrict",
        groups=NO_ACCESS,
    )
    sha256 = fields.Char("SHA-256", required=True, size=64, index=True, readonly=True)
    size = fields.Integer("Size (bytes)", required=True, readonly=True)
    mime = fields.Char("Type", required=True, readonly=True)
    extension = fields.Char(required=True, readonly=True)
    filename = fields.Char(required=True, readonly=True)
    original_filename = fields.Char("Name as it came", readonly=True)
    pages = fields.Integer(readonly=True)
    origin = fields.Selection(ORIGINS, required=True, readonly=True)
    state = fields.Selection(STATES, required=True, default="received", readonly=True)
    av_state = fields.Selection(
        AV_STATES,
        "Antivirus",
        readonly=True,
        help="Empty for files that were made here.",
    )
    av_signature = fields.Char("Found by the antivirus", readonly=True)
    av_at = fields.Datetime("Analysed on", readonly=True)
    findings = fields.Json(readonly=True)
    has_active = fields.Boolean("Active content", readonly=True)
    last_error = fields.Char("Last problem", readonly=True)
    attempts = fields.Integer(readonly=True)
    next_attempt_at = fields.Datetime("Next attempt", readonly=True)
    is_stuck = fields.Boolean("Stuck", readonly=True)
    notice = fields.Char(compute="_compute_notice")

    _number_uniq = models.Constraint(
        "UNIQUE (document_id, number)", "This version number is already taken."
    )
    # What the intake still has to do, oldest first; the condition is repeated word for word in gov.intake.
    _todo_idx = models.Index(
        "(id) WHERE state IN ('received', 'typed', 'bounded', 'scanned') OR av_state = 'pending'"
    )

    @api.depends("state", "av_state", "has_active", "findings")
    def _compute_notice(self):
        for version in self:
            version.notice = " ".join(version._notices())

    def _notices(self):
        """What a reader must know before opening the file, one sentence each; nothing here ever says "safe"."""
        self.ensure_one()
        texts = {
            "not_configured": self.env._(
                "No antivirus is configured: this file was not analysed."
            ),
            "pending": self.env._("The antivirus has not answered yet."),
            "clean": self.env._("The antivirus found nothing."),
            "infected": self.env._(
                "The antivirus found %(name)s.", name=self.av_signature or "?"
            ),
            "not_scannable": self.env._(
                "The antivirus could not look inside this file."
            ),
        }
        notices = [texts[self.av_state]] if self.av_state else []
        if self.state == "quarantined":
            notices.insert(
                0, self.env._("This file is in quarantine: nobody can open it.")
            )
        elif self.state != "released":
            notices.insert(
                0, self.env._("This file is being checked: it cannot be opened yet.")
            )
        if self.has_active:
            notices.append(
                self.env._(
                    "It contains active content (scripts, links to programs or embedded files)."
                )
            )
        return notices

    # -- rights

    @api.model
    def _gov_visible_domain(self):
        return Domain(
            "document_id", "in", self.env["gov.document"]._search(Domain.TRUE)
        )

    def _gov_owner_references(self):
        # Read past the rights that are being computed.
        versions_sudo = self.sudo()
        return {
            version.id: (version.document_id.res_model, version.document_id.res_id)
            for version in versions_sudo
        }

    def _check_readable(self):
        """Raise unless the user may read the content of this version now.

        :raise AccessError: no right on the owner, or the file is not released; the caller shows "not found" for both
        """
        self.ensure_one()
        self.check_access("read")
        version_sudo = self.sudo()  # the right was checked on the line above
        if version_sudo.state != "released" or version_sudo.av_state == "infected":
            raise AccessError(self.env._("This file cannot be opened now."))
        document = version_sudo.document_id
        owner = self.env[document.res_model].browse(document.res_id)
        if hasattr(owner, "_gov_document_check"):
            owner._gov_document_check(self, "read")

    def _is_readable(self):
        """The same as a boolean, also for an id that does not exist."""
        try:
            self._check_readable()
        except (AccessError, MissingError, UserError):
            return False
        return True

    # -- CRUD

    def write(self, vals):
        """Refused: a version never changes."""
        raise UserError(
            self.env._("A version of a document never changes. Add a new version.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Versions go with their document: the database deletes them then."""
        raise UserError(self.env._("A version of a document cannot be deleted alone."))

    def _write_pipeline(self, vals):
        """What the intake may write about the file, never about its content."""
        if not set(vals) <= PIPELINE:
            raise ValueError(
                f"Not a column of the pipeline: {sorted(set(vals) - PIPELINE)}"
            )
        # Nobody has the right to write versions; the intake writes its verdicts here.
        versions_sudo = self.sudo()
        return super(GovDocumentVersion, versions_sudo).write(vals)

    # -- content

    def action_download(self):
        """Open this version as a download."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/gov/document/{self.id}",
            "target": "download",
        }

    def action_scan_again(self):
        """Ask the antivirus again, for files that it has not cleared or condemned."""
        self.check_access("read")
        if not self.env.user.has_group("gov_base.group_gov_base_admin"):
            raise AccessError(
                self.env._(
                    "Only a functional administrator can ask for a new analysis."
                )
            )
        versions = self.filtered(
            lambda version: (
                version.av_state in ("not_configured", "pending", "not_scannable")
            )
        )
        if versions:
            versions._write_pipeline(
                {
                    "av_state": "pending",
                    "next_attempt_at": False,
                    "attempts": 0,
                    "is_stuck": False,
                }
            )
            self.env["gov.intake"]._schedule_scan()
        return True

    def _read_content(self):
        """The bytes, for code that has already checked the right to read them."""
        self.ensure_one()
        version_sudo = self.sudo()  # the vault has no reader
        return version_sudo.vault_id._read()
