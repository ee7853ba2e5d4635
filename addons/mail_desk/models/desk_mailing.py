from odoo import api, fields, models
from odoo.exceptions import AccessError

STATES = [
    ("draft", "Being prepared"),
    ("running", "Being sent"),
    ("paused", "Paused"),
    ("done", "Done"),
]
NUMBERING = [
    ("one", "One number for all: the same letter to everybody"),
    ("each", "One number per recipient: a letter for each"),
]
#: rows on which the platform still works
AT_WORK = ("waiting", "numbering", "sending")


class DeskMailing(models.Model):
    """One letter to many: a list of recipients, or the senders of many like letters.

    The letter is written, validated and, with one number, signed once. Numbering and why:
    docs/adr/0011.
    """

    _name = "desk.mailing"
    _description = "Letter to many recipients"
    _inherit = ["desk.role.mixin", "gov.gated"]
    _order = "id desc"
    _rec_name = "subject"

    outgoing_id = fields.Many2one(
        "desk.outgoing",
        string="Letter",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="outgoing_id.company_id", store=True, precompute=True
    )
    subject = fields.Char(related="outgoing_id.subject")
    letter_state = fields.Selection(related="outgoing_id.state", string="The letter is")
    numbering = fields.Selection(
        NUMBERING,
        required=True,
        compute="_compute_numbering",
        store=True,
        readonly=False,
        precompute=True,
    )
    numbering_is_set = fields.Boolean(compute="_compute_numbering_is_set")
    is_group = fields.Boolean(
        string="Answers many letters",
        readonly=True,
        help="The recipients are the senders of letters that are answered together.",
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", copy=False, index=True
    )
    recipient_ids = fields.One2many(
        "desk.mailing.recipient", "mailing_id", string="Recipients"
    )
    report = fields.Text(
        string="What was not taken from the last list", readonly=True, copy=False
    )
    started_at = fields.Datetime(string="Started on", readonly=True, copy=False)
    started_by_id = fields.Many2one(
        "res.users",
        string="Started by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    ended_at = fields.Datetime(string="Ended on", readonly=True, copy=False)
    recipient_count = fields.Integer(
        string="Number of recipients", compute="_compute_counts"
    )
    sent_count = fields.Integer(string="Sent", compute="_compute_counts")
    failed_count = fields.Integer(string="Not sent", compute="_compute_counts")
    manual_count = fields.Integer(
        string="To post or hand over", compute="_compute_counts"
    )
    work_count = fields.Integer(string="On their way", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts")
    sentence = fields.Char(string="Where it stands", compute="_compute_sentence")

    _outgoing_uniq = models.UniqueIndex("(outgoing_id)")

    @api.depends("outgoing_id.office_id")
    def _compute_numbering(self):
        for mailing in self:
            office = mailing.outgoing_id.office_id
            wanted = office.desk_mailing_numbering
            if wanted in dict(NUMBERING):
                mailing.numbering = wanted
            else:
                mailing.numbering = mailing.numbering or "one"

    def _compute_numbering_is_set(self):
        for mailing in self:
            wanted = mailing.outgoing_id.office_id.desk_mailing_numbering
            mailing.numbering_is_set = wanted in dict(NUMBERING)

    @api.depends("recipient_ids.state")
    def _compute_counts(self):
        counts = self._state_counts()
        for mailing in self:
            found = counts.get(mailing.id, {})
            total = sum(found.values()) - found.get("excluded", 0)
            mailing.recipient_count = total
            mailing.sent_count = found.get("sent", 0)
            mailing.failed_count = found.get("failed", 0)
            mailing.manual_count = found.get("manual", 0)
            mailing.work_count = sum(found.get(state, 0) for state in AT_WORK)
            mailing.progress = 100 * mailing.sent_count / total if total else 0

    def _state_counts(self):
        """Return {mailing id: {state: rows}} in one query."""
        result = {}
        for mailing, state, count in self.env["desk.mailing.recipient"]._read_group(
            [("mailing_id", "in", self.ids)], ["mailing_id", "state"], ["__count"]
        ):
            result.setdefault(mailing.id, {})[state] = count
        return result

    @api.depends("state", "recipient_ids.state", "letter_state")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for mailing in self:
            mailing.sentence = mailing._where_it_stands()

    def _where_it_stands(self):
        env = self.env
        if self.letter_state == "cancelled":
            return env._("The letter was abandoned: nobody gets it.")
        if self.state == "draft":
            if not self.recipient_count:
                return env._("Add the recipients.")
            if self._is_ready():
                return env._(
                    "The letter is ready for %(count)s recipients: start the mailing.",
                    count=self.recipient_count,
                )
            return env._(
                "%(count)s recipients. The letter is not ready yet: have it validated%(more)s.",
                count=self.recipient_count,
                more=env._(", numbered and sealed") if self.numbering == "one" else "",
            )
        parts = [
            env._(
                "%(sent)s of %(all)s sent",
                sent=self.sent_count,
                all=self.recipient_count,
            )
        ]
        if self.work_count:
            parts.append(env._("%(count)s on their way", count=self.work_count))
        if self.manual_count:
            parts.append(
                env._("%(count)s to post or hand over", count=self.manual_count)
            )
        if self.failed_count:
            parts.append(env._("%(count)s not sent", count=self.failed_count))
        return ", ".join(parts) + "."

    def _is_ready(self):
        """Tell whether the letter itself may leave."""
        self.ensure_one()
        # Who reads the mailing is told its state, whoever may read the letter.
        state = self.sudo().outgoing_id.state
        if self.numbering == "each":
            return state == "validated"
        return state in ("sealed", "sent", "read")

    @api.model
    def _gated_names(self):
        return frozenset(self._fields) - {"numbering"}

    @api.model_create_multi
    def create(self, vals_list):
        self._check_desk_gate()
        return super().create(vals_list)

    def write(self, vals):
        if set(vals) - {"numbering"}:
            self._check_desk_gate()
        if "numbering" in vals and not self._desk_gate_is_open():
            for mailing in self:
                mailing._check_list_open()
                if mailing.numbering_is_set and vals["numbering"] != mailing.numbering:
                    raise AccessError(
                        self.env._(
                            "How mailings are numbered is set for this office by its "
                            "functional administrator."
                        )
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        self._check_desk_gate()

    @api.model
    def _check_desk_gate(self):
        if not self._desk_gate_is_open():
            raise AccessError(
                self.env._(
                    "A mailing changes only with its buttons: Add recipients, Start, "
                    "Pause, Try again."
                )
            )
