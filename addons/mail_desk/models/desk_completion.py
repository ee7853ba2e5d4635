from odoo import api, fields, models
from odoo.fields import Domain

STATES = [
    ("asked", "Waits for the sender"),
    ("answered", "Answered"),
    ("withdrawn", "Not waited for any more"),
    ("dropped", "Letter closed"),
    ("failed", "Did not reach the sender"),
]
#: a request that reached, or may have reached, the sender: it counts for the rule of the single request
COUNTED = ("asked", "answered", "withdrawn", "dropped")


class DeskCompletion(models.Model):
    """A request to the sender of a letter for what is missing, and the answer.

    While it is waited for, the legal clock is stopped; the answer starts it again. Where the law allows one
    request only, a second one is an exception of a supervisor and does not stop the clock.
    """

    _name = "desk.completion"
    _description = "Request for completion"
    _inherit = [
        "desk.kept.mixin",
        "gov.document.owner",
        "gov.document.access",
    ]
    _order = "letter_id, number desc"
    _rec_name = "number"
    _check_company_auto = True

    letter_id = fields.Many2one(
        "registry.letter",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company", string="Administration", required=True, readonly=True, index=True
    )
    number = fields.Integer(
        string="Request no.", required=True, readonly=True, aggregator=None
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default="asked", index=True
    )
    question = fields.Text(string="What is missing", required=True, readonly=True)
    due_date = fields.Date(string="To answer by", readonly=True)
    channel = fields.Selection("_selection_channel", required=True, readonly=True)
    address = fields.Char(readonly=True)
    asked_by_id = fields.Many2one(
        "res.users", string="Asked by", readonly=True, ondelete="set null"
    )
    asked_by_name = fields.Char(readonly=True)
    asked_at = fields.Datetime(
        string="Asked on", required=True, readonly=True, default=fields.Datetime.now
    )
    is_exception = fields.Boolean(
        string="Exception",
        readonly=True,
        help="The law allows one request only; a supervisor made this one beyond it.",
    )
    exception_reason = fields.Char(readonly=True)
    stops_clock = fields.Boolean(
        string="Stops the legal clock",
        readonly=True,
        help="The legal clock is stopped from this request to its answer.",
    )
    # Sending
    send_state = fields.Selection(
        [("none", "Not by e-mail"), ("pending", "Being sent"), ("sent", "Sent")],
        required=True,
        readonly=True,
        default="none",
    )
    attempts = fields.Integer(readonly=True, aggregator=None)
    next_attempt_at = fields.Datetime(readonly=True)
    error = fields.Char(readonly=True)
    # Answer
    answered_at = fields.Datetime(string="Noted on", readonly=True)
    answered_on = fields.Date(string="Answered on", readonly=True)
    answer = fields.Text(readonly=True)
    answered_by = fields.Selection(
        [("sender", "The sender, online"), ("desk", "Noted by the desk")], readonly=True
    )
    answered_by_name = fields.Char(readonly=True)
    is_late_answer = fields.Boolean(string="Answered late", readonly=True)
    overdue_noted = fields.Boolean(readonly=True)
    closing_reason = fields.Char(readonly=True)

    _number_uniq = models.Constraint(
        "UNIQUE(letter_id, number)", "This letter has a request with this number."
    )
    _one_open = models.UniqueIndex(
        "(letter_id) WHERE state = 'asked'",
        "A request waits for the sender already.",
    )
    _sending_idx = models.Index("(id) WHERE send_state = 'pending'")
    _due_idx = models.Index(
        "(due_date) WHERE state = 'asked' AND overdue_noted IS NOT TRUE"
    )

    @api.depends("letter_id", "number")
    def _compute_display_name(self):
        for completion in self:
            completion.display_name = self.env._(
                "Request %(number)s", number=completion.number
            )

    @api.model
    def _selection_channel(self):
        return list(self._channels().items())

    @api.model
    def _channels(self):
        """Return {code: label} of the ways a request reaches a sender; a bridge adds its own."""
        return {
            "email": self.env._("E-mail"),
            "post": self.env._("Post"),
            "other": self.env._("By telephone or at the counter"),
        }

    @api.model
    def _gated_names(self):
        return frozenset(self._fields)

    # ------------------------------------------------------------------
    # Reading follows the letter
    # ------------------------------------------------------------------
    @api.model
    def _gov_visible_domain(self):
        letters = self.env["registry.letter"]
        if not letters.has_access("read"):
            return Domain.FALSE
        return Domain("letter_id", "in", letters._search(Domain.TRUE))

    def _gov_owner_references(self):
        # Read past the rights that are being computed.
        completions_sudo = self.sudo()
        return {
            completion.id: ("registry.letter", completion.letter_id.id)
            for completion in completions_sudo
        }

    def _gov_document_locked(self, documents):
        """Keep what the sender sent."""
        return True
