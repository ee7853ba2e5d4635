import secrets

from odoo import api, fields, models

from odoo.addons.gov_base.lib import text

from .registry_office import CHANNELS, DIRECTIONS

#: Crockford base 32: nothing that is read for something else
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class RegistryLetter(models.Model):
    """A letter as people work on it; the register line is ``registry.entry``."""

    _name = "registry.letter"
    _description = "Letter"
    _inherit = [
        "registry.role.mixin",
        "gov.gated",
        "gov.document.owner",
        "gov.form.owner",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_name = "reference"
    _rec_names_search = ["entry_id.number", "reference", "subject", "sender_name"]
    _check_company_auto = True

    reference = fields.Char(
        string="Working reference",
        required=True,
        readonly=True,
        copy=False,
        index="trigram",
        default=lambda self: self._default_reference(),
        help="Used before the letter has a number; it never stands for a number.",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    register_id = fields.Many2one(
        "registry.register",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        default=lambda self: self._default_register(),
    )
    office_id = fields.Many2one(
        "registry.office",
        compute="_compute_office_id",
        store=True,
        precompute=True,
        readonly=True,
        check_company=True,
        ondelete="restrict",
        index=True,
    )
    direction = fields.Selection(
        DIRECTIONS,
        compute="_compute_office_id",
        store=True,
        precompute=True,
        readonly=True,
        index=True,
    )
    unit_id = fields.Many2one(
        "hr.department",
        string="For the unit",
        check_company=True,
        index="btree_not_null",
        help="Unit the letter is meant for, when the sender named one.",
    )
    subject = fields.Char(size=240, index="trigram", tracking=True)
    body = fields.Text(string="Text of the letter")
    subject_type_id = fields.Many2one(
        "registry.subject",
        string="About",
        check_company=True,
        index="btree_not_null",
        tracking=True,
    )
    channel = fields.Selection(
        CHANNELS,
        string="Received by",
        default="counter",
        required=True,
    )
    sender_kind = fields.Selection(
        [
            ("citizen", "Citizen"),
            ("company", "Company"),
            ("administration", "Administration"),
        ],
        string="Kind of correspondent",
        default="citizen",
        required=True,
    )
    party_ids = fields.One2many("registry.party", "letter_id", string="Parties")
    sender_name = fields.Char(
        string="Correspondent",
        index="trigram",
        help="Who wrote (incoming) or to whom we write (outgoing), as on the letter.",
    )
    sender_reference = fields.Char(string="Their reference")
    document_date = fields.Date(
        string="Date of the letter", help="Date written on the letter."
    )
    arrival_date = fields.Date(
        string="Day of arrival",
        default=fields.Date.context_today,
        help="Day the letter reached the office. An earlier day than today is shown "
        "in the register as a late registration.",
    )
    received_at = fields.Datetime(readonly=True, copy=False)
    language = fields.Selection(
        [
            ("ar", "Arabic"),
            ("fr", "French"),
            ("zgh", "Tamazight"),
            ("en", "English"),
            ("other", "Other"),
        ],
        default="fr",
        required=True,
        help="Language of the letter; receipts are in Arabic and French, or in this "
        "language.",
    )
    pieces_announced = fields.Integer(
        help="Number of enclosures the letter says it has."
    )
    pieces_received = fields.Integer(help="Number of enclosures really there.")
    envelope_kind = fields.Selection(
        [
            ("bid", "Bid, not to be opened"),
            ("confidential", "Confidential"),
            ("bailiff", "Bailiff"),
        ],
        string="Unopened envelope",
        help="Registered closed: the time and the holder are kept, it is opened later.",
    )
    envelope_holder = fields.Char(help="Who keeps the envelope.")
    envelope_opened_at = fields.Datetime(readonly=True, copy=False)
    envelope_opened_by = fields.Char(readonly=True, copy=False)
    deposit_reference = fields.Char(
        string="Online deposit", readonly=True, copy=False, index="btree_not_null"
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("registered", "Registered"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    entry_id = fields.Many2one(
        "registry.entry",
        string="Register line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    number = fields.Char(related="entry_id.number", string="Number")
    registered_at = fields.Datetime(
        related="entry_id.registered_at", string="Registered on"
    )
    is_late = fields.Boolean(related="entry_id.is_late")
    is_number_pending = fields.Boolean(compute="_compute_is_number_pending")
    receipt_ids = fields.One2many(
        "registry.receipt", "letter_id", string="Receipts", readonly=True
    )
    receipt_id = fields.Many2one("registry.receipt", compute="_compute_receipt_id")
    receipt_state = fields.Selection(
        selection=[
            ("pending", "PDF pending"),
            ("sealed", "Sealed"),
            ("superseded", "Superseded"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_receipt_id",
    )
    active = fields.Boolean(default=True)

    _entry_uniq = models.UniqueIndex("(entry_id) WHERE entry_id IS NOT NULL")
    _company_state_idx = models.Index("(company_id, state, id)")
    _reference_idx = models.Index("(reference)")

    @api.model
    def _default_reference(self):
        """Return a working reference from randomness: no counter, nobody waits."""
        signs = "".join(secrets.choice(ALPHABET) for _position in range(10))
        year = fields.Date.today().year
        return f"P-{year}-{signs[:5]}-{signs[5:]}"

    @api.model
    def _default_register(self):
        direction = self.env.context.get("default_direction") or "incoming"
        return self.env["registry.register"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("direction", "=", direction),
                ("office_id.state", "=", "open"),
            ],
            limit=1,
        )

    @api.depends("register_id")
    def _compute_office_id(self):
        for letter in self:
            letter.office_id = letter.register_id.office_id
            letter.direction = letter.register_id.direction

    @api.depends("entry_id.number", "reference")
    def _compute_display_name(self):
        for letter in self:
            letter.display_name = letter.number or letter.reference

    @api.depends("entry_id", "entry_id.number")
    def _compute_is_number_pending(self):
        for letter in self:
            letter.is_number_pending = bool(letter.entry_id and not letter.number)

    @api.depends("receipt_ids.state")
    def _compute_receipt_id(self):
        # One pass over all of them: slicing each letter's own would prefetch nothing.
        last = {
            receipt.letter_id.id: receipt for receipt in self.receipt_ids.sorted("id")
        }
        for letter in self:
            receipt = last.get(letter._origin.id, self.env["registry.receipt"])
            letter.receipt_id = receipt
            letter.receipt_state = receipt.state

    @api.onchange("company_id")
    def _onchange_company_id(self):
        if self.register_id.company_id != self.company_id:
            self.register_id = self.with_company(self.company_id)._default_register()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._clean_vals(vals)
            self._check_protected(vals)
            register = self.env["registry.register"].browse(vals.get("register_id"))
            if register and "company_id" not in vals:
                vals["company_id"] = register.company_id.id
        letters = super().create(vals_list)
        if not self.env.context.get("registry_lean"):
            letters._sync_main_party()
        return letters

    def write(self, vals):
        self._clean_vals(vals)
        self._check_protected(vals)
        result = super().write(vals)
        if "sender_name" in vals and not self.env.context.get("registry_lean"):
            self._sync_main_party()
        return result

    @api.model
    def _clean_vals(self, vals):
        for name in ("subject", "sender_name", "sender_reference", "envelope_holder"):
            if vals.get(name):
                vals[name] = text.clean_line(vals[name]) or False
        if vals.get("body"):
            vals["body"] = text.clean_block(vals["body"]) or False
