from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: (from, to) → who may: "author", "head" of the unit (or above), "supervisor"; "platform"
#: is a circuit, a batch or a bridge that passed its own gate
TRANSITIONS = {
    ("draft", "validating"): ("author", "head", "supervisor"),
    ("draft", "validated"): ("platform",),
    ("draft", "cancelled"): ("author", "head", "supervisor"),
    ("validating", "draft"): ("platform",),
    ("validating", "validated"): ("platform",),
    ("validated", "draft"): ("author", "head", "supervisor"),
    ("validated", "signing"): ("platform",),
    ("validated", "paper"): ("author", "head", "supervisor"),
    ("paper", "validated"): ("author", "head", "supervisor"),
    ("paper", "draft"): ("author", "head", "supervisor"),
    ("paper", "numbering"): ("author", "head", "supervisor"),
    ("validated", "numbering"): ("author", "head", "supervisor"),
    ("signing", "validated"): ("platform",),
    ("signing", "draft"): ("platform",),
    ("signing", "numbering"): ("platform",),
    ("numbering", "sealed"): ("platform",),
    ("sealed", "sent"): ("author", "head", "supervisor"),
    # A mailing with one number per recipient: each got his own letter.
    ("validated", "sent"): ("platform",),
    # Every sending came back or was cancelled: it has to leave another way.
    ("sent", "sealed"): ("platform",),
    ("sent", "read"): ("platform",),
}
#: what only the actions change
PROTECTED = {
    "state",
    "letter_id",
    "reference",
    "user_id",
    "pdf_version_id",
    "merged_body",
    "merged_template_id",
    "is_superseded",
    "signing_way",
    "print_version_id",
    "scan_version_id",
    "scan_by_hand",
}
#: what is fixed once the draft is submitted
FIXED = {
    "kind",
    "company_id",
    "unit_id",
    "office_id",
    "answers_id",
    "is_final",
    "nature_id",
    "lang",
    "subject",
    "recipient_kind",
    "recipient_name",
    "recipient_position",
    # Printed on the letter that is approved; an e-mail address is not, and may be corrected.
    "recipient_address",
    "recipient_unit_id",
    "body",
    "signatory_name",
    "signatory_quality",
    "delegation_id",
    "template_id",
}


class DeskOutgoing(models.Model):
    """States of a letter being prepared: one table of transitions, one gate."""

    _inherit = "desk.outgoing"

    can_submit = fields.Boolean(compute="_compute_can")
    can_edit = fields.Boolean(compute="_compute_can")
    can_number = fields.Boolean(compute="_compute_can")
    can_send = fields.Boolean(compute="_compute_can")
    can_take_back = fields.Boolean(compute="_compute_can")
    can_abandon = fields.Boolean(compute="_compute_can")

    @api.depends("state", "unit_id", "user_id")
    @api.depends_context("uid")
    def _compute_can(self):
        for outgoing in self:
            outgoing.can_submit = not outgoing._transition_refusal("validating")
            outgoing.can_edit = outgoing.state == "draft" and outgoing._is_ours()
            outgoing.can_number = not outgoing._transition_refusal("numbering")
            outgoing.can_send = (
                outgoing.state == "sealed" and not outgoing._send_refusal()
            )
            outgoing.can_take_back = not outgoing._take_back_refusal()
            outgoing.can_abandon = not outgoing._transition_refusal("cancelled")

    def _transition_refusal(self, new):
        """Return why this letter cannot become ``new`` now, or None."""
        self.ensure_one()
        roles = TRANSITIONS.get((self.state, new))
        if roles is None or (roles == ("platform",) and not self.env.su):
            return UserError(self._impossible_sentence(new))
        if not (self.env.su or ("author" in roles and self._is_ours())):
            return self._author_refusal()
        if new == "validating":
            return self._answered_refusal()
        if new == "numbering" and self.state == "validated":
            return self._number_refusal()
        return None

    def _answered_refusal(self):
        """Return why this reply may not be submitted: what it answers was closed; or None."""
        # That the letter was closed is a fact, whoever may read it now.
        letter_sudo = self.sudo().answers_id
        if self.kind != "reply" or letter_sudo.desk_state != "closed":
            return None
        return UserError(
            self.env._(
                "The letter %(letter)s was closed meanwhile: open it again to answer it. "
                "Your draft is kept.",
                letter=letter_sudo.display_name,
            )
        )

    def _author_refusal(self):
        return AccessError(
            self.env._(
                "Only the author of the letter %(letter)s, the head of its unit, a "
                "deputy or a supervisor of the desk can do this.",
                letter=self.display_name,
            )
        )

    def _is_ours(self):
        """Tell whether the user is the author, heads the unit or supervises the desk."""
        self.ensure_one()
        return (
            self.env.su
            or self._desk_is_me(self.user_id, self.unit_id, self.company_id)
            or self._desk_is("supervisor")
            or self._desk_heads(self.unit_id)
        )

    def _impossible_sentence(self, new):
        env, letter = self.env, self.display_name
        if new == "validating":
            return env._(
                "The letter %(letter)s was submitted already: take it back to change it.",
                letter=letter,
            )
        if new == "numbering":
            if self.state in ("draft", "validating"):
                return env._(
                    "The letter %(letter)s is not validated yet: no number is given "
                    "before the last approval.",
                    letter=letter,
                )
            if self.state == "signing":
                return env._(
                    "The letter %(letter)s waits for its signature: the number comes "
                    "after it.",
                    letter=letter,
                )
            return env._(
                "The letter %(letter)s has its number already, or was abandoned.",
                letter=letter,
            )
        if new == "sent":
            return env._(
                "The letter %(letter)s is not sealed: it is sent once it has its number "
                "and its seal, and only once by each way.",
                letter=letter,
            )
        return env._(
            "This is not possible for the letter %(letter)s in its present state.",
            letter=letter,
        )

    def _number_refusal(self):
        """Return why the number may not be asked for now, or None.

        Hook of the bridge with the signature book, where a signature has to come first.
        """
        return None

    def _take_back_refusal(self):
        """Return why the letter cannot become a draft again by a person, or None."""
        self.ensure_one()
        if self.state == "validating" and self._is_ours():
            return None
        return self._transition_refusal("draft")

    def _pass_gate(self, new):
        """Lock this letter and raise unless it may become ``new`` now."""
        self.check_access("read")
        self._lock()
        for outgoing in self:
            if refusal := outgoing._transition_refusal(new):
                raise refusal
            outgoing._desk_note_acting(outgoing.user_id, outgoing.unit_id)

    def _lock(self):
        self._lock_or_tell(
            self.env._(
                "Somebody else acts on this letter at this very moment. Reload it to "
                "see what was done."
            )
        )

    def _desk_write(self, vals):
        """Write what the gate protects. The caller passed the gate."""
        # A validator has no write access on the letter; the gate was passed.
        self.sudo()._desk_gated().write(vals)

    def _set_state(self, new, **vals):
        """Change the state by the platform: a circuit, a batch or a bridge acted."""
        for outgoing in self:
            if (outgoing.state, new) not in TRANSITIONS:
                raise UserError(outgoing._impossible_sentence(new))
        self._desk_write({"state": new, **vals})

    @api.model
    def _gated_names(self):
        return super()._gated_names() | PROTECTED

    def _check_protected(self, vals):
        """Refuse in create and write what only ``action_*`` methods change."""
        if self._desk_gate_is_open():
            return
        touched = PROTECTED & vals.keys()
        if any(self._changes(name, vals[name]) for name in touched):
            raise AccessError(
                self.env._(
                    "The state of a letter changes only with its buttons: Submit, Take "
                    "back, Number, Send."
                )
            )
        if not self:
            return
        for outgoing in self:
            if not outgoing._is_ours():
                raise AccessError(
                    self.env._(
                        "Only the author of the letter %(letter)s, the head of its unit "
                        "or a supervisor of the desk changes it.",
                        letter=outgoing.display_name,
                    )
                )
            fixed = [name for name in FIXED & vals.keys() if name in self._fields]
            if outgoing.state != "draft" and any(
                outgoing._changes(name, vals[name]) for name in fixed
            ):
                raise UserError(
                    self.env._(
                        "The letter %(letter)s was submitted: what others approve does "
                        "not change under their eyes. Take it back first, change it and "
                        "submit it again.",
                        letter=outgoing.display_name,
                    )
                )

    def _changes(self, name, value):
        field = self._fields[name]
        if not self:
            default = {"state": "draft", "user_id": self.env.uid}.get(name)
            return value not in (False, None, default)
        return any(
            field.convert_to_cache(value, record)
            != field.convert_to_cache(record[name], record)
            for record in self
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        for outgoing in self:
            if outgoing.state not in ("draft", "cancelled") or not outgoing._is_ours():
                raise UserError(
                    self.env._(
                        "Only a draft is deleted, by its author or the head of the unit."
                    )
                )
