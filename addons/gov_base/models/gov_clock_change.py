from odoo import api, fields, models
from odoo.tools import format_date

KINDS = [
    ("started", "Started"),
    ("suspended", "Stopped for now"),
    ("resumed", "Started again"),
    ("extended", "Extended"),
    ("holidays", "Holidays changed"),
    ("week", "Working week changed"),
    ("ended", "Ended"),
    ("reopened", "Opened again"),
    ("warned", "Warning given"),
    ("expired", "Expired"),
    ("unexpired", "Expiry taken back"),
    ("qualified", "Effect said"),
]


class GovClockChange(models.Model):
    """One line of the history of a clock: the date before, the date after, who and why. Never rewritten."""

    _name = "gov.clock.change"
    _description = "History of a legal clock"
    _inherit = ["gov.document.access"]
    _order = "id desc"

    run_id = fields.Many2one(
        "gov.clock.run", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", string="Administration", required=True, readonly=True, index=True
    )
    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(
        model_field="res_model", required=True, readonly=True
    )
    kind = fields.Selection(KINDS, string="What", required=True, readonly=True)
    happened_at = fields.Datetime(
        string="When", required=True, readonly=True, default=fields.Datetime.now
    )
    user_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    actor_name = fields.Char(string="By", readonly=True)
    before = fields.Date(string="Last day before", readonly=True)
    after = fields.Date(string="Last day after", readonly=True)
    length = fields.Integer(readonly=True, aggregator=None)
    reason = fields.Char(string="Why", readonly=True)
    sentence = fields.Char(compute="_compute_sentence")

    _subject_idx = models.Index("(res_model, res_id)")

    @api.depends("kind", "before", "after", "reason")
    @api.depends_context("lang")
    def _compute_sentence(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for change in self:
            words = kinds.get(change.kind, change.kind or "")
            if change.reason:
                words = self.env._("%(what)s: %(why)s", what=words, why=change.reason)
            if change.before != change.after:
                words = self.env._(
                    "%(what)s. Last day: %(before)s → %(after)s.",
                    what=words.rstrip("."),
                    before=self._said(change.before),
                    after=self._said(change.after),
                )
            change.sentence = words

    def _said(self, day):
        return format_date(self.env, day) if day else self.env._("none")
