from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: (from, to) → roles that may; the guard is the method ``_guard_<to>``
TRANSITIONS = {
    ("draft", "registered"): ("registrar",),
    ("registered", "cancelled"): ("head",),
}
#: set in the context by our own methods only: a plain object cannot come by RPC
GATE = object()

ALWAYS_PROTECTED = {
    "state",
    "entry_id",
    "reference",
    "received_at",
    "envelope_opened_at",
    "envelope_opened_by",
    "deposit_reference",
    "closing_state",
    "closing_error",
    "closing_attempts",
    "closing_next_at",
    "closing_version_id",
    "closing_proof_id",
    "closing_field",
    "closing_ref",
    "closing_caller_model",
    "closing_caller_id",
}
#: fixed once registered: they are in the sealed line or on the receipt
FIXED = {
    "company_id",
    "register_id",
    "office_id",
    "direction",
    "subject",
    "body",
    "channel",
    "sender_kind",
    "sender_name",
    "sender_email",
    "sender_phone",
    "sender_address",
    "party_ids",
    "sender_reference",
    "document_date",
    "arrival_date",
    "language",
    "pieces_announced",
    "envelope_kind",
    "answers_id",
    "active",
}


class RegistryLetter(models.Model):
    """States of a letter: one table of transitions, one gate."""

    _inherit = "registry.letter"

    can_register = fields.Boolean(compute="_compute_can")
    can_cancel = fields.Boolean(compute="_compute_can")
    can_rectify = fields.Boolean(compute="_compute_can")

    @api.depends("state", "entry_id")
    @api.depends_context("uid")
    def _compute_can(self):
        for letter in self:
            letter.can_register = not letter._transition_refusal("registered")
            letter.can_cancel = not letter._transition_refusal("cancelled")
            letter.can_rectify = not letter._rectify_refusal()

    def _transition_refusal(self, new):
        """Return why this letter cannot become ``new`` now, or None.

        The same answer feeds the gate (which raises it) and the buttons (which hide).
        """
        self.ensure_one()
        roles = TRANSITIONS.get((self.state, new))
        if roles is None:
            return self._impossible_sentence(new)
        if not self._may(*roles):
            return AccessError(
                self.env._(
                    "Your role does not allow this on the letter %(letter)s. A "
                    "registrar registers; the head of the office cancels and "
                    "rectifies.",
                    letter=self.display_name,
                )
            )
        if new == "cancelled" and not self.number:
            return UserError(
                self.env._(
                    "This letter waits for its number, which comes within a minute. "
                    "Nothing was cancelled: try again then."
                )
            )
        return None

    def _impossible_sentence(self, new):
        if new == "registered" and self.entry_id:
            return UserError(
                self.env._(
                    "The letter %(letter)s is registered already: a letter takes one "
                    "number only.",
                    letter=self.display_name,
                )
            )
        if new == "cancelled" and self.state == "cancelled":
            return UserError(
                self.env._(
                    "The letter %(letter)s is cancelled already.",
                    letter=self.display_name,
                )
            )
        return UserError(
            self.env._(
                "The letter %(letter)s is not registered: a draft is deleted, not "
                "cancelled.",
                letter=self.display_name,
            )
        )

    def _rectify_refusal(self):
        self.ensure_one()
        if self.state != "registered":
            return UserError(
                self.env._(
                    "Only a registered letter is rectified: correct the draft itself, "
                    "and a cancelled letter stays as it was."
                )
            )
        if not self._may("head"):
            return AccessError(
                self.env._("Only the head of the office rectifies a registered letter.")
            )
        if not self.number:
            return UserError(
                self.env._(
                    "This letter waits for its number, which comes within a minute. "
                    "Nothing was changed: try again then."
                )
            )
        return None

    def _check_transition(self, new):
        """Raise unless each letter may become ``new`` now."""
        for letter in self:
            refusal = letter._transition_refusal(new)
            if refusal:
                raise refusal

    def _gated(self):
        """Return these letters with the right to change what the gate protects."""
        return self.with_context(registry_gate=GATE)

    @api.model
    def _gate_is_open(self):
        return self.env.context.get("registry_gate") is GATE

    @api.model
    def _gated_names(self):
        return super()._gated_names() | ALWAYS_PROTECTED

    def _check_protected(self, vals):
        """Refuse in create and write what only ``action_*`` methods change."""
        if self._gate_is_open():
            return
        touched = ALWAYS_PROTECTED & vals.keys()
        if any(self._changes(name, vals[name]) for name in touched):
            raise AccessError(
                self.env._(
                    "The state and the number of a letter change only with its "
                    "buttons: Register, Cancel, Rectify."
                )
            )
        fixed = FIXED & vals.keys()
        registered = self.filtered("entry_id") if fixed else self.browse()
        if registered:
            raise UserError(
                self.env._(
                    "The letter %(letter)s is registered: what the register says of it "
                    "is fixed. Use “Rectify”, which keeps both values.",
                    letter=registered[0].display_name,
                )
            )

    def _changes(self, name, value):
        """Tell whether writing ``value`` changes field ``name`` (or sets it, at create)."""
        if not self:
            return value not in (False, None, "draft", "none")
        relational = self._fields[name].type == "many2one"
        return any(
            value != (letter[name].id if relational else letter[name])
            for letter in self
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_registered(self):
        if self.filtered("entry_id"):
            raise UserError(
                self.env._(
                    "A registered letter is never deleted. The head of the office can "
                    "cancel it, with a reason: its line stays readable."
                )
            )

    def activity_update(self):
        """Let activities follow the state: a cancelled letter has nothing left to do."""
        self.filtered(lambda letter: letter.state == "cancelled").activity_unlink(
            ["mail.mail_activity_data_todo", "mail.mail_activity_data_call"]
        )
