from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..lib import text
from .gov_absence_gate import ADMIN

#: (from, to) → what the functional administrator does
TRANSITIONS = {("draft", "active"): "activate", ("active", "revoked"): "revoke"}
#: set in the context by our own methods only: a plain object cannot come by RPC
GATE = object()
PROTECTED = {"state", "revoked_on", "revoked_by_id", "revoke_reason"}
FREE = {"message_follower_ids", "message_ids", "gov_document_ids"}


class GovDelegation(models.Model):
    """Who writes a delegation, what it may say, how it ends: one gate."""

    _inherit = "gov.delegation"

    can_activate = fields.Boolean(compute="_compute_can")
    can_revoke = fields.Boolean(compute="_compute_can")

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can(self):
        for one in self:
            one.can_activate = not one._transition_refusal("active")
            one.can_revoke = not one._transition_refusal("revoked")

    def _transition_refusal(self, new):
        """Return why this delegation cannot become ``new`` now, or None; feeds the gate and the buttons."""
        self.ensure_one()
        if (self.state, new) not in TRANSITIONS:
            sentences = {
                "draft": self.env._(
                    "This delegation is a draft: put it in force first."
                ),
                "active": self.env._("This delegation is in force already."),
                "revoked": self.env._(
                    "This delegation was revoked: write another one instead."
                ),
            }
            return UserError(sentences[self.state])
        return self._writer_refusal()

    def _writer_refusal(self):
        if self.env.su:
            return None
        if not self.env.user.has_group(ADMIN):
            return AccessError(
                self.env._("Only the functional administrator records delegations.")
            )
        if self.env.user == self.grantee_id:
            return AccessError(
                self.env._(
                    "You cannot record a power that is given to yourself: another "
                    "functional administrator does it."
                )
            )
        return None

    # ------------------------------------------------------------------
    # Public
    # ------------------------------------------------------------------
    def action_activate(self):
        """Put these delegations in force, between their dates. They do not change any more.

        :return: True
        :raise AccessError: not the functional administrator, or it is to himself
        :raise UserError: in force or revoked already, no file of the act, a power that the holder has not
        """
        self._pass_gate("active")
        for one in self:
            one._check_power()
        self._gated().write({"state": "active"})
        self._journal("made")
        return True

    def action_revoke(self, reason=None):
        """End these delegations now, and those that were given under them.

        :param str reason: why, with the reference of the decision; without it, open the form that asks
        :return: True, or the window action of the form
        :raise AccessError: not the functional administrator
        :raise UserError: not in force, no reason
        """
        self._pass_gate("revoked")
        if reason is None:
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Revoke"),
                "res_model": "gov.delegation.revoke",
                "views": [(False, "form")],
                "target": "new",
                "context": {"default_delegation_ids": self.ids},
            }
        reason = text.clean_line(reason)
        if not reason:
            raise UserError(
                self.env._(
                    "Say why it is revoked, with the decision. Nothing was done."
                )
            )
        self._revoke(reason[:500])
        return True

    def _revoke(self, reason):
        below = self.child_ids.filtered(lambda one: one.state == "active")
        self._gated().write(
            {
                "state": "revoked",
                "revoked_on": fields.Datetime.now(),
                "revoked_by_id": self.env.uid,
                "revoke_reason": reason,
            }
        )
        self._journal("revoked")
        if below:
            below._revoke(reason)

    def _pass_gate(self, new):
        self.check_access("read")
        self._lock_or_tell(
            self.env._(
                "Somebody else changes this delegation at this very moment: reload it."
            )
        )
        for one in self:
            if refusal := one._transition_refusal(new):
                raise refusal

    def _journal(self, what):
        """One event on the platform's stream: ids and dates, nothing else of a person."""
        # Nobody has rights on the journal; the gate was passed just before.
        journal_sudo = self.env["gov.journal"].sudo()._trust_stream()
        for one in self:
            journal_sudo._append(
                f"delegation.{what}",
                {
                    "administration": one.company_id.id,
                    "delegation": one.id,
                    "kind": one.kind,
                    "grantor": one.grantor_id.id,
                    "grantee": one.grantee_id.id,
                    "from": one.date_from.isoformat(),
                    "to": one.date_to.isoformat() if one.date_to else None,
                    "by": self.env.uid,
                },
                subject=one,
            )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------
    @api.model
    def _gated_names(self):
        return super()._gated_names() | PROTECTED

    @api.model
    def _gate_is_open(self):
        return self.env.context.get("delegation_gate") is GATE

    def _gated(self):
        return self.with_context(delegation_gate=GATE)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_protected(self._clean_vals(vals))
        created = super().create(vals_list)
        for one in created:
            if refusal := one._writer_refusal():
                raise refusal
        return created

    def write(self, vals):
        self._check_protected(self._clean_vals(vals))
        result = super().write(vals)
        if not self._gate_is_open() and vals.keys() - FREE:
            for one in self:
                if refusal := one._writer_refusal():
                    raise refusal
        return result

    def _check_protected(self, vals):
        if self._gate_is_open():
            return
        if PROTECTED & vals.keys():
            raise AccessError(
                self.env._("A delegation is put in force and revoked with its buttons.")
            )
        if vals.keys() - FREE and any(one.state != "draft" for one in self):
            raise UserError(
                self.env._(
                    "A delegation in force does not change: revoke it and write the new "
                    "act."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        if any(one.state != "draft" for one in self):
            raise UserError(
                self.env._("A delegation that was in force is kept: revoke it.")
            )

    def _gov_document_locked(self, documents):
        return self.state != "draft"

    @api.constrains("grantor_id", "grantee_id", "company_id", "unit_ids", "nature_ids")
    def _check_administration(self):
        for one in self:
            # The administrations of a person are compared, not shown.
            people_sudo = (one.grantor_id | one.grantee_id).sudo()
            if any(one.company_id not in user.company_ids for user in people_sudo):
                raise ValidationError(
                    self.env._("Both work in the administration of the delegation.")
                )
