from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: (from, to) → who may: "initiator", or "circuit" (only the engine, through our hooks)
TRANSITIONS = {
    ("draft", "running"): "initiator",
    ("draft", "cancelled"): "initiator",
    ("running", "draft"): "initiator",
    ("running", "refused"): "circuit",
    ("running", "cancelled"): "circuit",
    ("running", "signed"): "circuit",
    ("signed", "closing"): "circuit",
    ("closing", "done"): "circuit",
}
#: set in the context by our own methods only: a plain object cannot come by RPC
GATE = object()

ALWAYS_PROTECTED = {
    "state",
    "reference",
    "initiator_id",
    "actor_ids",
    "piece_ids",
    "signature_ids",
    "submitted_at",
    "acted_at",
    "ended_at",
    "end_reason",
    "closing_error",
    "closing_attempts",
    "closing_next_at",
    "completed_at",
    "completed_uid",
    "slip_id",
    "hygiene_ids",
    "placements",
    "slip_ref",
    "is_restricted",
    "amount",
    "duration_days",
    "nature_version_id",
    "chained_from_id",
    "chained_ids",
    "recycled_from_id",
    "recycled_ids",
    "sealed_at",
    "archived_at",
    "retention_until",
    "paper_ids",
    "dispatch_ids",
}
#: fixed once submitted: those who act have seen it
FIXED = {
    "company_id",
    "nature_id",
    "title",
    "note",
    "unit_id",
    "language",
    "is_confidential",
    "form_id",
    "form_values",
    "choice_ids",
}


class ParapheurFolder(models.Model):
    """States of a folder: one table of transitions, one gate."""

    _inherit = "parapheur.folder"

    can_submit = fields.Boolean(compute="_compute_can")
    can_recall = fields.Boolean(compute="_compute_can")
    can_cancel = fields.Boolean(compute="_compute_can")
    my_turn = fields.Boolean(compute="_compute_can")

    @api.depends(
        "state",
        "initiator_id",
        "run_id.revision",
        "run_id.actor_ids.state",
        "run_id.actor_ids.read_at",
    )
    @api.depends_context("uid")
    def _compute_can(self):
        for folder in self:
            folder.can_submit = not folder._transition_refusal("running")
            folder.can_recall = not folder._recall_refusal()
            folder.my_turn = bool(
                folder.state == "running" or folder._in_closed_steps()
            ) and bool(folder._my_step())
            folder.can_cancel = (
                folder.run_id.can_cancel
                if folder.state == "running"
                else not folder._transition_refusal("cancelled")
            )

    def _transition_refusal(self, new):
        """Return why this folder cannot become ``new`` now, or None.

        The same answer feeds the gate (which raises it) and the buttons (which hide).
        """
        self.ensure_one()
        who = TRANSITIONS.get((self.state, new))
        if who is None:
            return self._impossible_sentence(new)
        if self._gate_is_open() or (self.env.su and who == "initiator"):
            return None
        if who == "circuit":
            return AccessError(
                self.env._(
                    "A folder moves on by the acts of its circuit: opinion, visa, "
                    "signature, refusal."
                )
            )
        if self.initiator_id != self.env.user:
            return AccessError(
                self.env._(
                    "Only %(name)s, who started the folder %(folder)s, can do this.",
                    name=self.initiator_id.name,
                    folder=self.display_name,
                )
            )
        return None

    def _impossible_sentence(self, new):
        if new == "running":
            return UserError(
                self.env._(
                    "The folder %(folder)s was submitted already.",
                    folder=self.display_name,
                )
            )
        if new == "draft":
            return UserError(
                self.env._(
                    "The folder %(folder)s is not in circuit: there is nothing to take "
                    "back.",
                    folder=self.display_name,
                )
            )
        if new == "cancelled":
            return UserError(
                self.env._(
                    "The folder %(folder)s is ended: it cannot be cancelled.",
                    folder=self.display_name,
                )
            )
        return UserError(
            self.env._(
                "The folder %(folder)s is not in circuit any more: nothing was changed.",
                folder=self.display_name,
            )
        )

    def _check_transition(self, new):
        """Raise unless each folder may become ``new`` now."""
        for folder in self:
            refusal = folder._transition_refusal(new)
            if refusal:
                raise refusal

    def _become(self, new, **vals):
        """Change the state; the only writer of ``state``. Call it on a superuser's record."""
        self._check_transition(new)
        self._gated().write({"state": new, **vals})

    def _gated(self):
        """Return these folders with the right to change what the gate protects."""
        return self.with_context(parapheur_gate=GATE)

    @api.model
    def _gate_is_open(self):
        return self.env.context.get("parapheur_gate") is GATE

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
                    "The state of a folder and what was done with it change only with "
                    "its buttons: Submit, Sign, Approve, Refuse, Return, Take back."
                )
            )
        fixed = self._fixed_names() & vals.keys()
        frozen = self.filtered(lambda one: one.state != "draft") if fixed else ()
        if frozen:
            raise UserError(
                self.env._(
                    "The folder %(folder)s was submitted: what its circuit sees of it is "
                    "fixed. Take it back while nobody has acted, or start another one.",
                    folder=frozen[0].display_name,
                )
            )

    @api.model
    def _fixed_names(self):
        """Names of the fields that are fixed once submitted. Bridges add theirs."""
        return FIXED

    def _changes(self, name, value):
        """Tell whether writing ``value`` changes field ``name`` (or sets it, at create)."""
        field = self._fields[name]
        if not self:
            if name == "initiator_id":
                return value not in (False, None, self.env.uid) and not self.env.su
            if name == "reference":
                return not self.env.su
            return value not in (False, None, "draft", [], 0)
        if field.type in ("one2many", "many2many"):
            return True
        if field.type == "many2one":
            return any(value != folder[name].id for folder in self)
        return any(value != folder[name] for folder in self)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        if self.filtered(lambda folder: folder.state != "draft" or folder.submitted_at):
            raise UserError(
                self.env._(
                    "A folder that was submitted is never deleted: what was decided "
                    "about it stays readable."
                )
            )
