from odoo import api, fields, models
from odoo.exceptions import AccessError


class RegistryClosing(models.Model):
    """The sealed page of a day: the lines of a register between two closings."""

    _name = "registry.closing"
    _description = "Closing of a register"
    _order = "last_seq desc, id desc"
    _check_company_auto = True

    register_id = fields.Many2one(
        "registry.register",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        readonly=True,
        index=True,
    )
    day = fields.Date(required=True, readonly=True)
    first_seq = fields.Integer(
        string="From journal line", required=True, readonly=True, aggregator=None
    )
    last_seq = fields.Integer(
        string="To journal line", required=True, readonly=True, aggregator=None
    )
    first_number = fields.Char(readonly=True)
    last_number = fields.Char(readonly=True)
    line_count = fields.Integer(string="Lines", readonly=True)
    change_count = fields.Integer(string="Changes", readonly=True)
    pdf_sha256 = fields.Char(string="SHA-256 of the PDF", readonly=True)
    version_id = fields.Many2one(
        "gov.document.version", string="PDF", readonly=True, ondelete="restrict"
    )
    event_uid = fields.Char(string="Event", readonly=True)
    closed_by = fields.Char(
        readonly=True, default=lambda self: self.env.user.name, required=True
    )
    create_date = fields.Datetime(string="Closed on", readonly=True)

    _range_uniq = models.Constraint(
        "UNIQUE(register_id, first_seq)",
        "This register is being closed by someone else: look at the last closing.",
    )

    @api.depends("day", "first_number", "last_number")
    def _compute_display_name(self):
        for closing in self:
            numbers = [closing.first_number, closing.last_number]
            closing.display_name = (
                f"{closing.day or ''} {' → '.join(filter(None, numbers))}".strip()
            )

    def write(self, vals):
        if self.filtered("version_id"):
            raise AccessError(self.env._("A closing never changes."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("A closing is evidence: it is never deleted."))

    def _fill(self, result):
        """Store the sealed PDF of a fresh closing and note it in the journal."""
        self.ensure_one()
        sealed, facts = result
        name = f"closing-{self.day.isoformat()}-{self.first_seq}-{self.last_seq}.pdf"
        version = self.env["gov.document"]._store_generated(
            sealed, name, "application/pdf", company=self.company_id, owner=self
        )
        version.document_id._ask_completion()
        event = self.register_id._append_event(
            "day.closed",
            {
                "day": self.day.isoformat(),
                "first_seq": self.first_seq,
                "last_seq": self.last_seq,
                "lines": facts["line_count"],
                "changes": facts["change_count"],
                "first_number": facts["first_number"] or None,
                "last_number": facts["last_number"] or None,
                "pdf_sha256": facts["pdf_sha256"],
            },
        )
        self.write({**facts, "version_id": version.id, "event_uid": event.uid})

    def _gov_document_check(self, version, operation):
        """Answer the document controller: who reads the closing reads its PDF."""
        self.check_access("read" if operation == "read" else "write")

    def _gov_document_locked(self, documents):
        """Answer the document: a closing is never deleted."""
        return True

    def action_download(self):
        """Open the sealed PDF of this closing.

        :return: URL action
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            # With its timestamp once it came: the newest version of the same document.
            "url": f"/gov/document/{self.version_id.document_id.current_version_id.id}",
            "target": "new",
        }
