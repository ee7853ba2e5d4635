from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib import legal_clock

UNITS = [
    ("days", "Calendar days"),
    ("working_days", "Working days"),
    ("months", "Months"),
]
EFFECTS = [
    ("none", "None"),
    ("accept", "Silence accepts"),
    ("refuse", "Silence refuses"),
]
#: what the law says: a change of it makes another version, that nobody has confirmed yet
TERMS = (
    "unit",
    "length",
    "roll",
    "extension_length",
    "extension_max",
    "single_completion",
    "silence_effect",
    "warn_first",
    "warn_second",
    "legal_basis",
)
LONGEST = {"days": 3650, "working_days": 2000, "months": 120}


class GovClock(models.Model):
    """A legal length of time as data: how long, in what, extended how, stopped how, and what silence means.

    A rule without administration is a model: everybody reads it, an administration adapts it. What the law
    says is confirmed by the administration, with a reference; before that no legal effect is printed. A
    clock that runs keeps the terms of the version it was started with.
    """

    _name = "gov.clock"
    _description = "Legal length of time"
    _inherit = ["gov.gated", "mail.thread"]
    _order = "sequence, name, id"
    _check_company_auto = True
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="Short code, unique in the administration.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
        help="Without administration, the rule is a model to adapt.",
    )
    unit = fields.Selection(UNITS, required=True, default="days", tracking=True)
    length = fields.Integer(required=True, default=30, aggregator=None, tracking=True)
    roll = fields.Boolean(
        string="Ends on a working day",
        tracking=True,
        help="A last day that is not worked moves to the next working day.",
    )
    extension_length = fields.Integer(
        string="One extension adds at most",
        aggregator=None,
        tracking=True,
        help="In the unit of the rule. 0: the length cannot be extended.",
    )
    extension_max = fields.Integer(
        string="Extensions at most", default=1, aggregator=None, tracking=True
    )
    single_completion = fields.Boolean(
        string="One completion request only",
        tracking=True,
        help="The law allows to ask the sender once for what is missing. A second "
        "request is an exception: supervised, with its reason, and it does not stop "
        "the clock.",
    )
    silence_effect = fields.Selection(
        EFFECTS,
        string="Effect of silence",
        required=True,
        default="none",
        tracking=True,
        help="What the law says when the time runs out without an answer. Printed only "
        "once the rule is confirmed; on each letter a person says it.",
    )
    warn_first = fields.Integer(
        string="First warning",
        default=10,
        aggregator=None,
        help="Working days before the last day; 0: none.",
    )
    warn_second = fields.Integer(
        string="Second warning",
        default=3,
        aggregator=None,
        help="Working days before the last day; 0: none.",
    )
    legal_basis = fields.Char(
        translate=True, tracking=True, help="Law and article, as they are cited."
    )
    to_confirm = fields.Text(
        string="What the administration must confirm",
        translate=True,
        help="What has to be read in the official text before the rule is confirmed.",
    )
    reference = fields.Char(
        string="Confirmed by",
        readonly=True,
        copy=False,
        tracking=True,
        help="Reference of the text or decision that the administration relies on.",
    )
    confirmed = fields.Boolean(readonly=True, copy=False, tracking=True)
    confirmed_by_id = fields.Many2one(
        "res.users", string="By", readonly=True, copy=False, ondelete="set null"
    )
    confirmed_at = fields.Datetime(string="On", readonly=True, copy=False)
    version = fields.Integer(readonly=True, copy=False, default=1, aggregator=None)
    origin_id = fields.Many2one(
        "gov.clock",
        string="Adapted from",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    run_ids = fields.One2many("gov.clock.run", "clock_id", readonly=True)
    running_count = fields.Integer(compute="_compute_running_count")

    _code_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), code) WHERE code IS NOT NULL",
        "Another legal length of this administration has the same code.",
    )

    @api.depends("run_ids.state")
    def _compute_running_count(self):
        # Running clocks are counted whatever the functional administrator may read.
        runs_sudo = self.env["gov.clock.run"].sudo()
        groups = runs_sudo._read_group(
            [
                ("clock_id", "in", self.ids),
                ("company_id", "in", self.env.companies.ids),
                ("state", "in", ("running", "suspended")),
            ],
            ["clock_id"],
            ["__count"],
        )
        counts = {clock.id: count for clock, count in groups}
        for clock in self:
            clock.running_count = counts.get(clock.id, 0)

    @api.constrains("unit", "length", "extension_length", "extension_max")
    def _check_length(self):
        for clock in self:
            longest = LONGEST[clock.unit]
            if not 0 < clock.length <= longest:
                raise ValidationError(
                    self.env._(
                        "The length of “%(name)s” goes from 1 to %(longest)s.",
                        name=clock.name,
                        longest=longest,
                    )
                )
            if not (
                0 <= clock.extension_length <= longest
                and 0 <= clock.extension_max <= 10
            ):
                raise ValidationError(
                    self.env._(
                        "“%(name)s” is extended by 0 to %(longest)s, ten times at most.",
                        name=clock.name,
                        longest=longest,
                    )
                )

    @api.constrains("warn_first", "warn_second")
    def _check_warnings(self):
        for clock in self:
            if not (0 <= clock.warn_second <= 250 and 0 <= clock.warn_first <= 250) or (
                clock.warn_first and clock.warn_first <= clock.warn_second
            ):
                raise ValidationError(
                    self.env._(
                        "The first warning comes before the second: give it more working "
                        "days, 250 at most, or 0 for none."
                    )
                )

    # ------------------------------------------------------------------
    # For those who start clocks
    # ------------------------------------------------------------------
    def _frozen(self):
        """Return the terms of this version, as a run keeps them.

        :return: dict of plain values
        """
        self.ensure_one()
        terms = {name: self[name] for name in TERMS if name != "legal_basis"}
        return {
            **terms,
            "clock_version": self.version,
            "confirmed": self.confirmed,
            "reference": self.reference,
        }

    def _lib_terms(self):
        """Return the terms as ``lib.legal_clock`` takes them."""
        self.ensure_one()
        return legal_clock.Terms(self.unit, self.length, self.roll)
