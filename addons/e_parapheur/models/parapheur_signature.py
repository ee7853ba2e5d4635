from odoo import api, fields, models
from odoo.exceptions import AccessError

from .parapheur_folder_gate import GATE

#: the only thing that happens to a signature: it is withdrawn, once
CHANGING = {"state", "withdrawn_at", "withdrawn_by", "withdrawn_reason"}


class ParapheurSignature(models.Model):
    """One signature of one document by one person; what was signed stays, even withdrawn."""

    _name = "parapheur.signature"
    _description = "Signature"
    _order = "folder_id, id"
    _rec_name = "signer_name"
    _log_access = False
    _check_company_auto = True

    folder_id = fields.Many2one(
        "parapheur.folder",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    piece_id = fields.Many2one(
        "parapheur.piece",
        string="Document",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    step_id = fields.Many2one(
        "gov.circuit.run.step", readonly=True, index=True, ondelete="restrict"
    )
    # A copied name and a plain number: a signature outlives the account of its signer.
    signer_id = fields.Integer(readonly=True, index=True)
    signer_name = fields.Char("Signed by", required=True, readonly=True)
    quality = fields.Char(readonly=True)
    field_name = fields.Char("Box", required=True, readonly=True)
    base_id = fields.Many2one(
        "gov.document.version",
        string="Version seen",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    version_id = fields.Many2one(
        "gov.document.version",
        string="Version signed",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    sha256 = fields.Char("SHA-256", required=True, readonly=True, index=True)
    certificate_sha256 = fields.Char("Certificate", required=True, readonly=True)
    certificate_name = fields.Char("Name on the certificate", readonly=True)
    made = fields.Selection(
        [
            ("here", "Here, with a personal key"),
            ("elsewhere", "With the signatory's own tool"),
        ],
        readonly=True,
    )
    trust = fields.Selection(
        [
            ("simple", "Simple"),
            ("advanced", "Advanced"),
            ("qualified", "Qualified"),
            ("unknown", "Cannot be established"),
        ],
        string="Level of the certificate",
        readonly=True,
        help="Given by the authority that issued it, never by the platform.",
    )
    level = fields.Char("Level of the signature", readonly=True, help="B-B to B-LTA.")
    consent_id = fields.Char(required=True, readonly=True)
    consent_sha256 = fields.Char(required=True, readonly=True)
    signed_at = fields.Datetime("Signed on", required=True, readonly=True)
    seen_sha256 = fields.Char(
        "SHA-256 of what was seen",
        readonly=True,
        help="Another one than that of the version it lies upon when somebody of the same "
        "step signed in between: pages are the same, one more signature.",
    )
    proof = fields.Selection(
        [
            ("none", "PIN of the key"),
            ("totp", "PIN and code of the authenticator"),
            ("passkey", "PIN and passkey"),
        ],
        string="Proved by",
        readonly=True,
    )
    # Whoever signs in the place of another person: copied, they outlive both accounts.
    delegation_id = fields.Many2one(
        "gov.delegation",
        "By delegation",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    for_id = fields.Integer("Holder of the power (number)", readonly=True, index=True)
    for_name = fields.Char("In the place of", readonly=True)
    for_quality = fields.Char("Function of the holder", readonly=True)
    formula = fields.Char("Formula printed", readonly=True)
    act_reference = fields.Char("Act of delegation", readonly=True)
    act_sha256 = fields.Char("SHA-256 of the act", readonly=True)
    delegation_consent_id = fields.Char(readonly=True)
    delegation_consent_sha256 = fields.Char(readonly=True)
    state = fields.Selection(
        [("valid", "Valid"), ("withdrawn", "Withdrawn")],
        required=True,
        readonly=True,
        default="valid",
    )
    withdrawn_at = fields.Datetime(readonly=True)
    withdrawn_by = fields.Char(readonly=True)
    withdrawn_reason = fields.Char(readonly=True)

    def write(self, vals):
        """Refused, except that the folder withdraws a signature, once."""
        gate = self.env.context.get("parapheur_gate") is GATE
        if (
            not gate
            or set(vals) - CHANGING
            or any(one.state != "valid" for one in self)
        ):
            raise AccessError(self.env._("A signature never changes."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("A signature is never deleted."))
