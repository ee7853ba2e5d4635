import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.gov_base.exceptions import IntakeRefused


class RegistryLetter(models.Model):
    """What comes with a letter: its main correspondent and its documents."""

    _inherit = "registry.letter"

    sender_email = fields.Char(
        string="E-mail", compute="_compute_sender", inverse="_inverse_sender"
    )
    sender_phone = fields.Char(
        string="Phone", compute="_compute_sender", inverse="_inverse_sender"
    )
    sender_address = fields.Text(
        string="Address", compute="_compute_sender", inverse="_inverse_sender"
    )
    document_ids = fields.One2many(
        "gov.document",
        "res_id",
        string="Documents of the letter",
        domain=[("res_model", "=", "registry.letter")],
        readonly=True,
    )
    document_count = fields.Integer(compute="_compute_document_count")
    scan_file = fields.Binary(
        string="Add a scan or a file",
        compute="_compute_scan_file",
        inverse="_inverse_scan_file",
        attachment=False,
        help="PDF or picture. It is checked when the letter is saved: a refused file "
        "is said so, and everything else you typed stays.",
    )
    scan_filename = fields.Char(
        compute="_compute_scan_file", inverse="_inverse_scan_filename"
    )

    @api.depends("party_ids.email", "party_ids.phone", "party_ids.address")
    def _compute_sender(self):
        for letter in self:
            party = letter._main_party()
            letter.sender_email = party.email
            letter.sender_phone = party.phone
            letter.sender_address = party.address

    @api.depends("document_ids")
    def _compute_document_count(self):
        for letter in self:
            letter.document_count = len(letter.document_ids)

    def _compute_scan_file(self):
        self.scan_file = False
        self.scan_filename = False

    def _inverse_sender(self):
        for letter in self:
            vals = {
                "email": letter.sender_email,
                "phone": letter.sender_phone,
                "address": letter.sender_address,
            }
            party = letter._main_party()
            if party:
                party.write(vals)
            elif any(vals.values()):
                self.env["registry.party"].create(
                    {
                        "letter_id": letter.id,
                        "role": letter._main_role(),
                        "name": letter.sender_name or self.env._("Unknown"),
                        **vals,
                    }
                )

    def _inverse_scan_filename(self):
        return

    def _inverse_scan_file(self):
        for letter in self:
            if letter.scan_file:
                try:
                    content = base64.b64decode(letter.scan_file)
                except ValueError as error:
                    raise UserError(
                        self.env._("The file did not arrive whole. Choose it again.")
                    ) from error
                letter._add_document(
                    content, letter.scan_filename or self.env._("scan.pdf")
                )

    def _main_role(self):
        return "recipient" if self.direction == "outgoing" else "sender"

    def _main_party(self):
        """Return the party named first on the letter: who wrote, or to whom."""
        self.ensure_one()
        role = self._main_role()
        return self.party_ids.filtered(lambda party: party.role == role)[:1]

    def _sync_main_party(self):
        """Keep the main party's name equal to the name typed on the letter."""
        for letter in self.filtered("sender_name"):
            party = letter._main_party()
            if party and party.name != letter.sender_name:
                party.with_context(registry_lean=True).name = letter.sender_name
            elif not party:
                self.env["registry.party"].with_context(registry_lean=True).create(
                    {
                        "letter_id": letter.id,
                        "role": letter._main_role(),
                        "kind": "person"
                        if letter.sender_kind == "citizen"
                        else "organisation",
                        "name": letter.sender_name,
                    }
                )

    def _copy_main_name(self):
        """Copy the main party's name to the letter (lists and search read it there)."""
        for letter in self:
            name = letter._main_party().name
            if name and name != letter.sender_name:
                letter.with_context(registry_lean=True).sender_name = name

    def _add_document(self, content, filename, *, role=None, nature="copy"):
        """Check a file and attach it to this draft.

        :param bytes content: the file
        :param str filename: name given by the person, sanitised by the intake
        :param str role: main or annex; by default the first file is the letter itself
        :param str nature: original, copy or certified
        :return: the ``gov.document.version``
        :raise UserError: the letter is registered, or the intake refused the file
        """
        self.ensure_one()
        self.check_access("write")
        if not self._may("registrar"):
            raise AccessError(self.env._("Only a registrar adds a document."))
        if self.entry_id:
            raise UserError(
                self.env._(
                    "The letter %(letter)s is registered: its documents are in the "
                    "sealed line. Register the missing piece as a new letter that "
                    "refers to it.",
                    letter=self.display_name,
                )
            )
        if role is None:
            role = "annex" if self.document_ids else "main"
        # Documents are written by the intake alone, whoever brings the file.
        documents_sudo = self.env["gov.document"].sudo()
        try:
            version = documents_sudo._ingest(
                content,
                filename,
                company=self.company_id,
                owner=self,
                role=role,
                nature=nature,
                origin="scan",
            )
        except IntakeRefused as refusal:
            # The web client shows the sentence of a plain UserError only.
            raise UserError(refusal.args[0]) from refusal
        self.invalidate_recordset(["document_ids", "document_count"])
        return version

    def _current_versions(self):
        """Return the current version of each document, the letter itself first."""
        documents = self.document_ids.filtered(
            lambda document: document.role != "rendition"
        )
        order = {"main": 0, "form": 1, "annex": 2}
        documents = documents.sorted(
            lambda document: (order.get(document.role, 3), document.id)
        )
        return documents.current_version_id

    def _gov_document_check(self, version, operation):
        """Answer the document controller: who reads the letter reads its files."""
        self.check_access("read" if operation == "read" else "write")

    @api.model
    def _part_facts(self, versions):
        """Return what the line and the receipt say of each document version."""
        return [
            {
                "role": version.document_id.role,
                "nature": version.document_id.nature,
                "sha256": version.sha256,
                "size": version.size,
                "mime": version.mime,
                "filename": version.filename,
            }
            for version in versions
        ]

    def _gov_document_locked(self, documents):
        """Answer the document: those of a registered letter are part of its line."""
        return bool(self.entry_id)

    def action_receipt(self):
        """Open the receipt of this letter, made now when it is still pending.

        :return: see ``registry.receipt.action_download``
        """
        self.ensure_one()
        return self.receipt_id.action_download()

    def action_open_entry(self):
        """Open the register line of this letter.

        :return: window action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "registry.entry",
            "res_id": self.entry_id.id,
            "views": [(False, "form")],
        }

    def action_open_receipts(self):
        """Open the receipts of this letter, superseded ones included.

        :return: window action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "digital_registry.registry_receipt_action"
        )
        return {**action, "domain": [("letter_id", "=", self.id)], "context": {}}
