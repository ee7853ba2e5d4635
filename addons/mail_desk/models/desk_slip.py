import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.digital_registry.models.registry_letter import ALPHABET
from odoo.addons.gov_base.lib import text

STATES = [
    ("draft", "Being prepared"),
    ("issued", "Out, to be signed"),
    ("signed", "Signed by the recipient"),
    ("cancelled", "Cancelled"),
]
#: what stands before the code in the QR of a slip
PREFIX = "MKT:SLIP:"
CODE_SIZE = 13
MOST = 200
TEXTS = ("recipient_name", "recipient_position", "place")


class DeskSlip(models.Model):
    """Transmission slip (bordereau d'envoi): what is handed over, and the receipt for it.

    Place and date, addressee, a table of what is handed over (designation, number of pieces,
    observations), total, nothing left blank, countersignature (usage of the administration,
    registry reference R8).
    """

    _name = "desk.slip"
    _description = "Transmission slip"
    _inherit = ["desk.role.mixin", "gov.gated", "gov.document.owner"]
    _order = "id desc"
    _rec_name = "code"
    _check_company_auto = True

    code = fields.Char(
        string="Reference",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self._default_code(),
    )
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        index=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    unit_id = fields.Many2one(
        "hr.department",
        string="Our unit",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        default=lambda self: self.env["desk.outgoing"]._default_unit(),
    )
    user_id = fields.Many2one(
        "res.users",
        string="Author",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    recipient_name = fields.Char(string="To")
    recipient_position = fields.Char(string="Position")
    recipient_address = fields.Text(string="Address")
    place = fields.Char(default=lambda self: self.env.company.city)
    date = fields.Date(default=fields.Date.context_today)
    line_ids = fields.One2many("desk.slip.line", "slip_id", string="What is sent")
    piece_count = fields.Integer(string="Pieces in all", compute="_compute_piece_count")
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", copy=False, index=True
    )
    issued_at = fields.Datetime(string="Issued on", readonly=True, copy=False)
    signed_at = fields.Datetime(string="Signed on", readonly=True, copy=False)
    signed_by = fields.Char(string="Signed by", readonly=True, copy=False)
    reason = fields.Char(string="Cancelled because", readonly=True, copy=False)
    slip_version_id = fields.Many2one(
        "gov.document.version",
        string="Slip as issued",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )

    _code_uniq = models.UniqueIndex("(code)")

    @api.model
    def _default_code(self):
        return "".join(secrets.choice(ALPHABET) for _position in range(CODE_SIZE))

    @api.depends("line_ids.pieces")
    def _compute_piece_count(self):
        for slip in self:
            slip.piece_count = sum(slip.line_ids.mapped("pieces"))

    @api.model
    def _gated_names(self):
        return frozenset(
            {
                "code",
                "user_id",
                "company_id",
                "state",
                "issued_at",
                "signed_at",
                "signed_by",
                "reason",
                "slip_version_id",
            }
        )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._clean_vals(vals)
            self._check_protected(vals)
        slips = super().create(vals_list)
        for slip in slips:
            slip._check_unit()
        return slips

    def write(self, vals):
        self._clean_vals(vals)
        self._check_protected(vals)
        result = super().write(vals)
        if "unit_id" in vals:
            self._check_unit()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        if self.filtered(lambda slip: slip.state != "draft" or not slip._is_ours()):
            raise UserError(
                self.env._(
                    "Only a slip that is being prepared is deleted, by its author or the "
                    "head of the unit."
                )
            )

    def _check_unit(self):
        for slip in self:
            if not (self._desk_is("supervisor") or self._desk_works_in(slip.unit_id)):
                raise UserError(
                    self.env._(
                        "A slip is made for a unit you work in: choose one of yours."
                    )
                )

    def _check_protected(self, vals):
        """Refuse what only the buttons change, and any change once the slip is out."""
        if self._desk_gate_is_open():
            return
        if self._gated_names() & vals.keys():
            raise AccessError(
                self.env._(
                    "A slip changes only with its buttons: Issue, Signed, Cancel."
                )
            )
        for slip in self:
            slip._check_open()

    def _check_open(self):
        """Raise unless the content of this slip may change now."""
        self.ensure_one()
        if not self._is_ours():
            raise self._role_refusal()
        if self.state != "draft":
            raise UserError(
                self.env._(
                    "The slip %(code)s is out: what stands on it does not change. Cancel "
                    "it and make another.",
                    code=self.code,
                )
            )

    @api.model
    def _clean_vals(self, vals):
        for name in TEXTS:
            if name in vals:
                vals[name] = text.clean_line(vals[name], 240) or False
        if "recipient_address" in vals:
            vals["recipient_address"] = (
                text.clean_block(vals["recipient_address"], 1000) or False
            )

    def _is_ours(self):
        """Tell whether the user is the author, heads the unit or supervises the desk."""
        self.ensure_one()
        return (
            self.env.su
            or self.user_id == self.env.user
            or self._desk_is("supervisor")
            or self._desk_heads(self.unit_id)
        )

    def _role_refusal(self):
        return AccessError(
            self.env._(
                "Only the author of the slip %(code)s, the head of its unit, a deputy or a "
                "supervisor of the desk can do this.",
                code=self.code,
            )
        )

    def _gov_document_locked(self, documents):
        """Answer the document: a slip that went out stays, as does what came back."""
        return self.state != "draft"

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }
