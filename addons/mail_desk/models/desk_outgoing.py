import secrets

from odoo import api, fields, models

from odoo.addons.digital_registry.models.registry_letter import ALPHABET
from odoo.addons.gov_base.lib import text

STATES = [
    ("draft", "Draft"),
    ("validating", "Being validated"),
    ("validated", "Validated"),
    ("signing", "Being signed"),
    ("paper", "Out to be signed on paper"),
    ("numbering", "Being numbered"),
    ("sealed", "Sealed"),
    ("sent", "Sent"),
    ("read", "Read by the recipient"),
    ("cancelled", "Abandoned"),
]
#: what is typed on one line
LINES = (
    "subject",
    "recipient_name",
    "recipient_position",
    "recipient_email",
    "signatory_name",
    "signatory_quality",
)
KINDS = [("reply", "Reply"), ("letter", "Letter"), ("note", "Internal note")]


class DeskOutgoing(models.Model):
    """A letter being prepared: a reply, a letter from nothing, a note to another unit.

    It has a working reference; the number comes last, with the seal (architecture §3.12).
    """

    _name = "desk.outgoing"
    _description = "Letter being prepared"
    _inherit = [
        "desk.role.mixin",
        "gov.gated",
        "gov.document.owner",
        "gov.circuit.subject",
    ]
    _order = "id desc"
    _rec_name = "reference"
    _rec_names_search = ["number", "reference", "subject", "recipient_name"]
    _check_company_auto = True

    reference = fields.Char(
        string="Working reference",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        default=lambda self: self._default_reference(),
    )
    kind = fields.Selection(KINDS, required=True, default="letter")
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    unit_id = fields.Many2one(
        "hr.department",
        string="Our unit",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        default=lambda self: self._default_unit(),
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
    office_id = fields.Many2one(
        "registry.office",
        string="Mail office",
        check_company=True,
        ondelete="restrict",
        compute="_compute_office_id",
        store=True,
        readonly=False,
        precompute=True,
        help="Its outgoing register (internal, for a note) gives the number.",
    )
    answers_id = fields.Many2one(
        "registry.letter",
        string="In answer to",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        domain="[('entry_id', '!=', False)]",
    )
    lang = fields.Selection(
        "_selection_lang", string="Language", required=True, default="fr_FR"
    )
    subject = fields.Char(size=240)
    recipient_kind = fields.Selection(
        [
            ("citizen", "Citizen"),
            ("company", "Company"),
            ("administration", "Administration"),
        ],
        string="Kind of recipient",
        default="citizen",
        required=True,
    )
    recipient_name = fields.Char(string="To")
    recipient_position = fields.Char(
        string="Position",
        help="As it is written above the name, for example: Director of…",
    )
    recipient_email = fields.Char(string="E-mail")
    recipient_address = fields.Text(string="Address")
    recipient_unit_id = fields.Many2one(
        "hr.department",
        string="To the unit",
        check_company=True,
        ondelete="restrict",
        domain="[('company_id', '=', company_id), ('id', '!=', unit_id)]",
    )
    body = fields.Html(string="Text", sanitize=True, sanitize_style=True)
    signatory_name = fields.Char(
        string="Signed by", help="Printed under the letter, with the quality."
    )
    signatory_quality = fields.Char(
        string="Quality",
        help="For example: Head of the Urban Planning Department. Empty: the unit.",
    )
    is_final = fields.Boolean(
        string="Final reply",
        default=True,
        help="The letter that is answered is closed when this reply is sent. Untick it for "
        "a first answer that another one follows.",
    )
    is_superseded = fields.Boolean(
        string="Sent before the letter was opened again", readonly=True, copy=False
    )
    state = fields.Selection(
        STATES, required=True, default="draft", readonly=True, copy=False, index=True
    )
    version_ids = fields.One2many(
        "desk.outgoing.version", "outgoing_id", string="Versions", readonly=True
    )
    sending_ids = fields.One2many(
        "desk.sending", "outgoing_id", string="Sendings", readonly=True
    )
    event_ids = fields.One2many("desk.event", "outgoing_id", readonly=True)
    letter_id = fields.Many2one(
        "registry.letter",
        string="Registered letter",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    number = fields.Char(
        related="letter_id.entry_id.number", string="Number", store=False
    )
    registered_at = fields.Datetime(related="letter_id.entry_id.registered_at")

    _letter_uniq = models.UniqueIndex("(letter_id) WHERE letter_id IS NOT NULL")
    _company_state_idx = models.Index("(company_id, state, id)")

    @api.model
    def _default_reference(self):
        """Return a working reference from randomness: no counter, nobody waits."""
        signs = "".join(secrets.choice(ALPHABET) for _position in range(10))
        return f"D-{fields.Date.today().year}-{signs[:5]}-{signs[5:]}"

    @api.model
    def _default_unit(self):
        return (
            self.env["gov.access"]
            .search(
                [
                    ("user_id", "=", self.env.uid),
                    ("company_id", "=", self.env.company.id),
                    ("inherited", "=", False),
                    ("substitute_id", "=", False),
                ],
                limit=1,
            )
            .unit_id
        )

    @api.model
    def _selection_lang(self):
        return [
            (lang.code, lang.name) for lang in self.env["res.lang"]._gov_languages()
        ]

    @api.depends("answers_id", "company_id")
    def _compute_office_id(self):
        offices = self.env["registry.office"].search(
            [("company_id", "in", self.company_id.ids), ("state", "=", "open")]
        )
        for outgoing in self:
            own = offices.filtered(
                lambda office, outgoing=outgoing: (
                    office.company_id == outgoing.company_id
                )
            )
            outgoing.office_id = (
                outgoing.answers_id.office_id or outgoing.office_id or own[:1]
            )

    @api.depends("letter_id.entry_id.number", "reference")
    def _compute_display_name(self):
        for outgoing in self:
            outgoing.display_name = outgoing.number or outgoing.reference

    @api.onchange("recipient_unit_id")
    def _onchange_recipient_unit_id(self):
        if self.recipient_unit_id:
            self.recipient_name = self.recipient_unit_id.name
            self.recipient_kind = "administration"

    @api.onchange("unit_id")
    def _onchange_unit_id(self):
        if self.unit_id and not self.signatory_name:
            head = self.env["gov.access"]._heads(self.unit_id)[:1]
            self.signatory_name = head.sudo().name

    @api.model
    def _clean_vals(self, vals):
        for name in LINES:
            if vals.get(name):
                vals[name] = text.clean_line(vals[name]) or False
        if vals.get("recipient_address"):
            vals["recipient_address"] = text.clean_block(vals["recipient_address"])
