from odoo import api, fields, models

#: set in the context by our own methods only: a plain object cannot come by RPC
GATE = object()
LEVELS = [("simple", "Simple"), ("advanced", "Advanced"), ("qualified", "Qualified")]
REAUTH = [
    ("pin", "PIN of the key"),
    ("pin+totp", "PIN and code of the authenticator"),
    ("pin+passkey", "PIN and passkey"),
]
REAUTH_VISA = [
    ("none", "Nothing more than being signed in"),
    ("totp", "Code of the authenticator"),
    ("passkey", "Passkey"),
]
BLOCK_STYLES = [
    ("full", "Name, function, date, reference and QR code"),
    ("sober", "Name, function and date"),
]
#: what a version says; the nature shows those of the version in use
SETTINGS = frozenset(
    {
        "circuit_id",
        "creation_circuit_id",
        "way_ids",
        "form_id",
        "amount_field_id",
        "confidentiality",
        "retention_years",
        "retention_class",
        "disposition",
        "not_eligible",
        "not_eligible_reason",
        "level_min",
        "level_max",
        "reauth",
        "reauth_visa",
        "timestamp_rule",
        "block_style",
        "policy_oid",
        "policy_uri",
        "policy_file",
        "policy_filename",
        "act_nature_id",
        "unit_ids",
        "deadline_days",
        "sign_tags",
        "seal_tags",
    }
)


class ParapheurNatureVersion(models.Model):
    """The settings of a nature, published as one: a version that was published never changes."""

    _name = "parapheur.nature.version"
    _description = "Version of a nature of act"
    _inherit = ["gov.gated"]
    _order = "nature_id, number desc"
    _check_company_auto = True

    nature_id = fields.Many2one(
        "parapheur.nature",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="nature_id.company_id", store=True, index=True, precompute=True
    )
    number = fields.Integer("Version", required=True, readonly=True, copy=False)
    state = fields.Selection(
        [("draft", "In preparation"), ("published", "In use"), ("retired", "Retired")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    published_at = fields.Datetime("Published on", readonly=True, copy=False)
    published_by = fields.Char("Published by", readonly=True, copy=False)
    note = fields.Char(
        "What changed", copy=False, help="For those who compare versions later."
    )

    # Way
    circuit_id = fields.Many2one(
        "gov.circuit",
        check_company=True,
        ondelete="restrict",
        domain="[('state', '=', 'published'), ('company_id', '=', company_id)]",
        help="Who gives opinion, visa and signature, and in which order.",
    )
    creation_circuit_id = fields.Many2one(
        "gov.circuit",
        string="Preparation circuit",
        check_company=True,
        ondelete="restrict",
        domain="[('state', '=', 'published'), ('company_id', '=', company_id)]",
        help="Goes first: those who prepare and check before the circuit itself begins.",
    )
    way_ids = fields.One2many(
        "parapheur.nature.way",
        "version_id",
        string="Other circuits",
        copy=True,
        help="The first whose conditions hold is taken; else the circuit above.",
    )
    unit_ids = fields.Many2many(
        "hr.department",
        "parapheur_nature_version_unit_rel",
        "version_id",
        "unit_id",
        string="Used by",
        check_company=True,
        domain="[('company_id', '=', company_id)]",
        help="Units whose people start such folders, those below them included. Empty: all.",
    )
    deadline_days = fields.Integer(
        "Usual delay (working days)",
        help="Deadline proposed when a folder is started. 0: none.",
    )

    # Form
    form_id = fields.Many2one(
        "gov.form",
        check_company=True,
        ondelete="restrict",
        domain="[('state', '=', 'published'), ('company_id', '=', company_id)]",
        help="What the folder says besides its documents: an amount, a beneficiary…",
    )
    amount_field_id = fields.Many2one(
        "gov.form.field",
        string="Amount of the act",
        ondelete="restrict",
        domain="[('form_id', '=', form_id), ('type', 'in', ('amount', 'integer'))]",
        help="The field that delegations and conditions compare.",
    )

    # Signature
    level_min = fields.Selection(
        LEVELS,
        "Signature of at least",
        help="Of the certificate, as its authority says it. Empty: any.",
    )
    level_max = fields.Selection(LEVELS, "Signature of at most")
    reauth = fields.Selection(
        REAUTH, "To sign, one gives", required=True, default="pin"
    )
    reauth_visa = fields.Selection(
        REAUTH_VISA, "To agree without signing", required=True, default="none"
    )
    timestamp_rule = fields.Selection(
        [
            ("pending", "Sign now, the timestamp comes later"),
            ("wait", "Do not sign without a timestamp"),
        ],
        string="Without timestamp authority",
        required=True,
        default="pending",
        help="What happens when no timestamp authority answers at the moment of signing.",
    )
    block_style = fields.Selection(
        BLOCK_STYLES, "Blocks on the documents", required=True, default="full"
    )
    policy_oid = fields.Char(
        "Signature policy (OID)", help="Numbers with points: 1.2.250.1.97.1.0.2"
    )
    policy_uri = fields.Char(
        "Address of the policy", help="Where anybody reads the policy, if it has one."
    )
    policy_file = fields.Binary("Text of the policy", attachment=True)
    policy_filename = fields.Char()
    policy_sha256 = fields.Char(
        "SHA-256 of the policy", compute="_compute_policy_sha256", store=True
    )
    act_nature_id = fields.Many2one(
        "gov.act.nature",
        string="Nature in delegations",
        check_company=True,
        ondelete="restrict",
        domain="[('company_id', 'in', (company_id, False))]",
        help="Delegations of signature that are limited to natures cover these folders "
        "when they name this one.",
    )
    not_eligible = fields.Boolean(
        string="Not eligible for electronic signature",
        help="The law wants these acts on paper: folders go for opinion, visa and "
        "validation, and are refused when the circuit has a signature.",
    )
    not_eligible_reason = fields.Char(
        string="Because of", help="Law and article, shown with the refusal."
    )

    # Who reads, how long
    confidentiality = fields.Selection(
        [
            ("normal", "People of the circuit, head of the unit, supervisors"),
            ("restricted", "People of the circuit only"),
        ],
        string="Who follows it",
        required=True,
        default="normal",
        help="Auditors read every folder.",
    )
    retention_years = fields.Integer(
        string="Kept (years)",
        default=10,
        help="How long a finished folder is kept, from the day it is closed.",
    )
    retention_class = fields.Char(
        "Class", help="Class of the retention schedule of your archives."
    )
    disposition = fields.Selection(
        [
            ("review", "Decided with the archives"),
            ("keep", "Kept for ever"),
            ("destroy", "Eliminated"),
        ],
        "Then",
        required=True,
        default="review",
    )

    _number_uniq = models.UniqueIndex(
        "(nature_id, number)", "This version of the nature exists already: reload."
    )
    _one_published = models.UniqueIndex(
        "(nature_id) WHERE state = 'published'",
        "Another version of this nature is in use: only one can be.",
    )
    _one_draft = models.UniqueIndex(
        "(nature_id) WHERE state = 'draft'",
        "A version of this nature is being prepared already: open that one.",
    )
    _days_positive = models.Constraint(
        "CHECK (deadline_days BETWEEN 0 AND 1000)",
        "A usual delay is between 0 and 1,000 working days.",
    )

    @api.depends("nature_id.name", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(nature)s, version %(number)s",
                nature=version.nature_id.name or "",
                number=version.number,
            )
