from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.gov_base.lib import text

from ..lib import recipients as recipients_lib
from .desk_sending import LIVE

STATES = [
    ("draft", "On the list"),
    ("waiting", "Waits"),
    ("numbering", "Being signed or numbered"),
    ("manual", "To post or hand over"),
    ("sending", "Being sent"),
    ("sent", "Sent"),
    ("failed", "Not sent"),
    ("excluded", "Excluded"),
]
#: (from, to) → who may: "ours" as for the mailing, "platform" is the batch or a sending
TRANSITIONS = {
    ("draft", "waiting"): ("platform",),
    ("draft", "excluded"): ("ours",),
    ("excluded", "draft"): ("ours",),
    ("waiting", "excluded"): ("ours",),
    ("waiting", "numbering"): ("platform",),
    ("waiting", "manual"): ("platform",),
    ("waiting", "sending"): ("platform",),
    ("waiting", "sent"): ("platform",),
    ("waiting", "failed"): ("platform",),
    ("numbering", "manual"): ("platform",),
    ("numbering", "sending"): ("platform",),
    ("numbering", "sent"): ("platform",),
    ("numbering", "failed"): ("platform",),
    ("manual", "sending"): ("platform",),
    ("manual", "sent"): ("platform",),
    ("manual", "waiting"): ("platform",),
    ("sending", "sent"): ("platform",),
    ("sending", "failed"): ("platform",),
    ("sent", "failed"): ("platform",),
    ("failed", "waiting"): ("platform",),
    ("failed", "sending"): ("platform",),
    ("failed", "sent"): ("platform",),
    ("failed", "excluded"): ("ours",),
}
#: what people write; an address may be corrected until the letter left
LIST = {"name", "position", "email", "address", "channel", "sequence"}
LATER = {"email", "channel"}
CORRECTED = ("draft", "waiting", "manual", "failed")


class DeskMailingRecipient(models.Model):
    """One recipient of a mailing, and how far the letter to him is."""

    _name = "desk.mailing.recipient"
    _description = "Recipient of a mailing"
    _inherit = ["desk.role.mixin", "gov.gated"]
    _order = "mailing_id, sequence, id"
    _check_company_auto = True

    mailing_id = fields.Many2one(
        "desk.mailing", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="mailing_id.company_id", store=True, precompute=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    position = fields.Char()
    email = fields.Char(string="E-mail")
    address = fields.Char()
    answers_id = fields.Many2one(
        "registry.letter",
        string="Letter answered",
        readonly=True,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    channel = fields.Selection(
        "_selection_channel",
        string="How",
        help="Empty: on the website where the letter came from there, else by e-mail when "
        "there is an address, else by post.",
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", copy=False, index=True
    )
    outgoing_id = fields.Many2one(
        "desk.outgoing",
        string="Own letter",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="With one number per recipient: the letter to this one.",
    )
    number = fields.Char(related="outgoing_id.number")
    sending_ids = fields.One2many(
        "desk.sending", "recipient_id", string="Sendings", readonly=True
    )
    reason = fields.Char(string="Why not", readonly=True, copy=False)
    proof = fields.Char(readonly=True, copy=False)
    proof_by_id = fields.Many2one(
        "res.users", string="Noted by", readonly=True, copy=False, ondelete="restrict"
    )
    attempts = fields.Integer(readonly=True, copy=False, aggregator=None)
    next_attempt_at = fields.Datetime(readonly=True, copy=False)
    is_superseded = fields.Boolean(
        readonly=True,
        copy=False,
        help="The letter that was answered is open again: this answer is of before.",
    )
    can_exclude = fields.Boolean(compute="_compute_can")
    can_include = fields.Boolean(compute="_compute_can")

    _waiting_idx = models.Index("(mailing_id, id) WHERE state = 'waiting'")

    @api.model
    def _selection_channel(self):
        labels = self.env["desk.outgoing"]._channels()
        return [(code, label) for code, label in labels.items() if code != "internal"]

    @api.depends("state", "mailing_id.state")
    @api.depends_context("uid")
    def _compute_can(self):
        for row in self:
            row.can_exclude = not row._transition_refusal("excluded")
            row.can_include = not row._transition_refusal("draft")

    def _transition_refusal(self, new):
        """Return why this user cannot make this row ``new`` now, or None."""
        self.ensure_one()
        if "ours" not in TRANSITIONS.get((self.state, new), ()):
            return UserError(
                self.env._(
                    "The letter to %(name)s is on its way or sent: nothing is changed "
                    "here.",
                    name=self.name,
                )
            )
        if self.state == "draft" or new == "draft":
            return self.mailing_id._list_refusal()
        # The letter says whose the mailing is; its rights are checked next.
        letter_sudo = self.sudo().mailing_id.outgoing_id
        letter = letter_sudo.with_env(self.env)
        return None if letter._is_ours() else letter._author_refusal()

    def action_exclude(self):
        """Take these recipients off the list; they stay readable on it.

        :return: True
        :raise UserError: on its way or sent already, or the letter was submitted
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        return self._move("excluded")

    def action_include(self):
        """Put excluded recipients back on the list.

        :return: True
        :raise UserError: not excluded, or the letter was submitted
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        return self._move("draft")

    def _move(self, new):
        self.check_access("read")
        self.mailing_id._lock()
        self.mailing_id.outgoing_id._lock()
        self.invalidate_recordset()
        for row in self:
            if refusal := row._transition_refusal(new):
                raise refusal
            row._set_state(new)
        self.mailing_id._check_done()
        return True

    def _set_state(self, new, **vals):
        self.ensure_one()
        if (self.state, new) not in TRANSITIONS:
            raise UserError(
                self.env._(
                    "The letter to %(name)s cannot become this now.", name=self.name
                )
            )
        self._write_gated({"state": new, **vals})

    def _write_gated(self, vals):
        # Only the platform writes how far a letter is; the gate was passed.
        self.sudo()._desk_gated().write(vals)

    @api.model
    def _gated_names(self):
        return frozenset(self._fields) - LIST - {"mailing_id"}

    @api.model_create_multi
    def create(self, vals_list):
        if not self._desk_gate_is_open():
            vals_list = [
                {name: vals[name] for name in (*LIST, "mailing_id") if name in vals}
                for vals in vals_list
            ]
        for vals in vals_list:
            self._clean_vals(vals)
        rows = super().create(vals_list)
        if not self._desk_gate_is_open():
            rows.mailing_id._check_new_rows()
        return rows

    def write(self, vals):
        if self._desk_gate_is_open():
            return super().write(vals)
        if set(vals) - LIST:
            raise AccessError(
                self.env._("How far a letter of a mailing is changes by itself.")
            )
        self._clean_vals(vals)
        if set(vals) <= LATER:
            for row in self:
                row._check_correction()
        else:
            for mailing in self.mailing_id:
                mailing._check_list_open()
        return super().write(vals)

    def _check_correction(self):
        """Raise unless the address of this row may be corrected now."""
        letter = self.mailing_id.outgoing_id
        if not letter._is_ours():
            raise letter._author_refusal()
        if self.state not in CORRECTED:
            raise UserError(
                self.env._(
                    "The letter to %(name)s is on its way or sent: nothing is changed "
                    "here.",
                    name=self.name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_from_open_lists(self):
        if not self._desk_gate_is_open():
            for mailing in self.mailing_id:
                mailing._check_list_open()

    @api.model
    def _clean_vals(self, vals):
        for name, limit in recipients_lib.LIMITS.items():
            if name in vals:
                vals[name] = text.clean_line(vals[name], limit) or False

    def _live(self):
        """Return the sendings of this row that arrived, or are on their way there."""
        return self.sending_ids.filtered(
            lambda sending: sending.state in LIVE or sending.presented
        )
