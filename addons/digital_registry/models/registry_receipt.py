import base64
import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError

from .registry_letter import ALPHABET
from .registry_letter_gate import GATE

PUBLIC_ID_CHARS = 26
#: written once, when the PDF is sealed
SEALED_ONCE = {
    "snapshot",
    "pdf_sha256",
    "pdf_size",
    "version_id",
    "proof_id",
    "sealed_at",
    "public_id",
    "entry_id",
    "letter_id",
    "kind",
    "receipt_version",
}


class RegistryReceipt(models.Model):
    """The proof handed to the depositor: a snapshot, sealed once, never overwritten.

    The record is born with the line; its PDF is made after the number is there. When the
    PDF engine, the seal or the mail server fails, the registration stands, the state says
    what is pending and the watchdog tries again.
    """

    _name = "registry.receipt"
    _description = "Receipt"
    _inherit = ["registry.role.mixin"]
    _order = "id desc"
    _rec_name = "public_id"
    _check_company_auto = True

    public_id = fields.Char(
        string="Public reference",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self._default_public_id(),
    )
    entry_id = fields.Many2one(
        "registry.entry",
        string="Register line",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    letter_id = fields.Many2one(
        "registry.letter",
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
    kind = fields.Selection(
        [
            ("registration", "Registration receipt"),
            ("acknowledgment", "Acknowledgment of receipt"),
            ("rejection", "Notice of rejection"),
        ],
        required=True,
        readonly=True,
        default="acknowledgment",
    )
    receipt_version = fields.Integer(
        string="Version", readonly=True, default=1, aggregator=None
    )
    state = fields.Selection(
        [
            ("pending", "PDF pending"),
            ("sealed", "Sealed"),
            ("superseded", "Superseded"),
            ("cancelled", "Cancelled"),
        ],
        default="pending",
        required=True,
        readonly=True,
        index=True,
    )
    number = fields.Char(related="entry_id.number")
    registered_at = fields.Datetime(
        related="entry_id.registered_at", string="Registered on"
    )
    snapshot = fields.Text(
        readonly=True,
        export_string_translation=False,
        help="What the receipt says, as canonical JSON; fixed once sealed.",
    )
    sealed_at = fields.Datetime(string="Sealed on", readonly=True)
    pdf = fields.Binary(compute="_compute_pdf")
    pdf_filename = fields.Char(compute="_compute_pdf_filename")
    pdf_sha256 = fields.Char(string="SHA-256 of the PDF", readonly=True)
    pdf_size = fields.Integer(readonly=True, aggregator=None)
    version_id = fields.Many2one(
        "gov.document.version", string="PDF", readonly=True, ondelete="restrict"
    )
    proof_id = fields.Many2one("gov.proof", readonly=True, ondelete="restrict")
    signature_sentence = fields.Char(
        string="Proof of time", related="version_id.document_id.signature_sentence"
    )
    supersedes_id = fields.Many2one(
        "registry.receipt", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    superseded_by_id = fields.Many2one(
        "registry.receipt", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    attempts = fields.Integer(readonly=True, aggregator=None)
    next_attempt_at = fields.Datetime(readonly=True)
    error = fields.Char(string="What went wrong", readonly=True)
    mail_state = fields.Selection(
        [
            ("none", "No address"),
            ("pending", "To send"),
            ("sent", "Sent"),
            ("failed", "Not sent"),
        ],
        string="E-mail",
        default="pending",
        required=True,
        readonly=True,
    )
    mail_attempts = fields.Integer(readonly=True, aggregator=None)
    mail_next_at = fields.Datetime(readonly=True)
    mail_sent_at = fields.Datetime(string="Sent on", readonly=True)
    mail_error = fields.Char(readonly=True)

    _public_id_uniq = models.Constraint(
        "UNIQUE(public_id)", "This public reference is taken."
    )
    _pending_idx = models.Index("(id) WHERE state = 'pending'")
    _mail_idx = models.Index("(id) WHERE mail_state IN ('pending', 'failed')")

    @api.model
    def _default_public_id(self):
        """Return 130 random bits: knowing one receipt tells nothing of another."""
        return "".join(secrets.choice(ALPHABET) for _position in range(PUBLIC_ID_CHARS))

    @api.depends("entry_id.number", "public_id", "receipt_version")
    def _compute_display_name(self):
        for receipt in self:
            name = receipt.number or receipt.public_id
            if receipt.receipt_version > 1:
                name = f"{name} (v{receipt.receipt_version})"
            receipt.display_name = name

    @api.depends("version_id")
    def _compute_pdf(self):
        for receipt in self:
            # Reading the receipt was checked by the ORM; the vault serves nobody else.
            receipt_sudo = receipt.sudo()
            content = receipt_sudo._stored_pdf()
            receipt.pdf = base64.b64encode(content) if content else False

    @api.depends("entry_id.number", "public_id", "receipt_version")
    def _compute_pdf_filename(self):
        for receipt in self:
            name = (receipt.number or receipt.public_id).replace("/", "-")
            suffix = (
                f"-v{receipt.receipt_version}" if receipt.receipt_version > 1 else ""
            )
            receipt.pdf_filename = f"receipt-{name}{suffix}.pdf"

    def write(self, vals):
        fixed = SEALED_ONCE & vals.keys()
        if fixed and self.env.context.get("registry_gate") is not GATE:
            raise AccessError(
                self.env._("A receipt is never rewritten: a new one supersedes it.")
            )
        if fixed and self.filtered(lambda receipt: receipt.state != "pending"):
            raise AccessError(
                self.env._("A receipt is never rewritten: a new one supersedes it.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(
            self.env._("A receipt is evidence: it is superseded, never deleted.")
        )

    def action_download(self):
        """Open the PDF of this receipt, made now when it is still pending.

        :return: URL action, or a notification that says what is pending
        """
        self.ensure_one()
        self.check_access("read")
        # Sealing writes evidence; the reader's right on the receipt was checked.
        receipt_sudo = self.sudo()
        if not receipt_sudo._ensure_pdf():
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "warning",
                    "title": self.env._("The PDF is not there yet"),
                    "message": receipt_sudo.error
                    or self.env._(
                        "The letter is registered. The receipt is made within a "
                        "minute; try again then."
                    ),
                },
            }
        return {
            "type": "ir.actions.act_url",
            "url": f"/registry/receipt/{self.id}/pdf",
            "target": "new",
        }

    def action_retry(self):
        """Try again now what failed: PDF, seal, e-mail.

        :return: True
        """
        self.check_access("read")
        self._check_may("registrar", "head")
        # The batch writes evidence; the role was checked.
        receipts_sudo = self.sudo()
        receipts_sudo.write({"next_attempt_at": False, "mail_next_at": False})
        for receipt_sudo in receipts_sudo:
            receipt_sudo._ensure_pdf()
        receipts_sudo._send_mails()
        return True
