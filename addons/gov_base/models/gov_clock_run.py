from odoo import api, fields, models

from .gov_clock import EFFECTS, UNITS

STATES = [
    ("running", "Running"),
    ("suspended", "Stopped for now"),
    ("stopped", "Ended"),
    ("expired", "Expired"),
]
OPEN = ("running", "suspended")


class GovClockRun(models.Model):
    """A legal clock on one record: the frozen terms of its rule, what stopped and extended it, and its last day.

    Rows are written by their own methods alone; who may read the subject reads them. Each change of the date is
    a row of ``gov.clock.change`` with the old date, the new one and why.
    """

    _name = "gov.clock.run"
    _description = "Legal clock of a record"
    _inherit = ["gov.document.access", "gov.gated"]
    _order = "due_date, id"
    _check_company_auto = True

    clock_id = fields.Many2one(
        "gov.clock",
        string="Rule",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    clock_version = fields.Integer(readonly=True, aggregator=None)
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    res_model = fields.Char("Model of the record", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="res_model", required=True, readonly=True
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default="running", index=True
    )
    # Frozen terms
    unit = fields.Selection(UNITS, required=True, readonly=True)
    length = fields.Integer(required=True, readonly=True, aggregator=None)
    roll = fields.Boolean(readonly=True)
    extension_length = fields.Integer(readonly=True, aggregator=None)
    extension_max = fields.Integer(readonly=True, aggregator=None)
    single_completion = fields.Boolean(readonly=True)
    silence_effect = fields.Selection(EFFECTS, readonly=True, default="none")
    warn_first = fields.Integer(readonly=True, aggregator=None)
    warn_second = fields.Integer(readonly=True, aggregator=None)
    confirmed = fields.Boolean(readonly=True)
    reference = fields.Char(readonly=True)
    # What happened
    started_on = fields.Date(required=True, readonly=True)
    naive_date = fields.Date(
        string="Without anything",
        required=True,
        readonly=True,
        help="The length from the start, without holidays, stops and extensions.",
    )
    due_date = fields.Date(
        string="Last day", readonly=True, help="Empty while the clock is stopped."
    )
    added = fields.Integer(string="Added by extensions", readonly=True, aggregator=None)
    extension_count = fields.Integer(readonly=True, aggregator=None)
    ended_on = fields.Date(readonly=True)
    warn_on = fields.Date(string="Next warning", readonly=True)
    warn_level = fields.Integer(readonly=True, aggregator=None)
    warned_level = fields.Integer(readonly=True, aggregator=None)
    provisional_names = fields.Char(
        readonly=True,
        help="Holidays that are not confirmed yet and on which the date depends.",
    )
    effect = fields.Selection(
        EFFECTS, string="Effect of the expiry", readonly=True, default=False
    )
    effect_reason = fields.Char(readonly=True)
    effect_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    effect_by_name = fields.Char(readonly=True)
    effect_at = fields.Datetime(readonly=True)
    stop_ids = fields.One2many("gov.clock.stop", "run_id", readonly=True)
    change_ids = fields.One2many("gov.clock.change", "run_id", readonly=True)
    # Work of the scheduled task
    is_stale = fields.Boolean(readonly=True)
    stale_kind = fields.Char(readonly=True)
    stale_reason = fields.Char(readonly=True)
    attempts = fields.Integer(readonly=True, aggregator=None)
    next_attempt = fields.Datetime(readonly=True)
    error = fields.Char(readonly=True)

    _subject_idx = models.Index("(res_model, res_id)")
    _due_idx = models.Index("(due_date) WHERE state = 'running'")
    _warn_idx = models.Index("(warn_on) WHERE state = 'running'")
    _stale_idx = models.Index("(id) WHERE is_stale")
    _never_early = models.Constraint(
        "CHECK(due_date IS NULL OR due_date >= naive_date)",
        "A clock never ends before its naive date.",
    )

    @api.depends("clock_id", "due_date")
    def _compute_display_name(self):
        for run in self:
            # The name of the rule is shown to whoever reads the clock.
            run.display_name = run.clock_id.sudo().name

    def _subject(self):
        """Return the record this clock is about, with the rights of the caller."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)

    def _is_open(self):
        self.ensure_one()
        return self.state in OPEN

    def _legal_effect(self):
        """Return the effect of silence that may be printed: only of a confirmed rule.

        :return: "none", "accept" or "refuse"
        """
        self.ensure_one()
        if not (self.confirmed and self.reference):
            return "none"
        return self.silence_effect or "none"
