from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: set in the context by our own methods only: a plain object cannot come by RPC
GATE = object()
#: what only the buttons change
PROTECTED = {"ended_at"}
#: what is said once
FIXED = {"company_id", "signatory_id", "secretary_id", "date_from"}
ADMIN = "e_parapheur.group_e_parapheur_admin"


class ParapheurSecretary(models.Model):
    """Who names a secretary and ends it: one gate; each change is in the journal and told."""

    _inherit = "parapheur.secretary"

    can_change = fields.Boolean(compute="_compute_can")
    can_end = fields.Boolean(compute="_compute_can")

    @api.depends("signatory_id", "secretary_id", "ended_at", "date_to")
    @api.depends_context("uid")
    def _compute_can(self):
        for row in self:
            row.can_change = not row.id or not row._change_refusal()
            row.can_end = bool(row.id) and not row._end_refusal()

    # ------------------------------------------------------------------
    # Gate
    # ------------------------------------------------------------------
    def _standing_refusal(self):
        """Return why the caller may not say who prepares this desk, or None."""
        self.ensure_one()
        me = self.env.user
        if self.env.su:
            return None
        if self.company_id in me.company_ids and (
            self.signatory_id == me or me.has_group(ADMIN)
        ):
            return None
        return AccessError(
            self.env._(
                "Only the signatory or the functional administrator says who prepares a desk."
            )
        )

    def _change_refusal(self):
        self.ensure_one()
        if self.situation == "over":
            return UserError(
                self.env._(
                    "This is over: what it says is kept. Add another line instead."
                )
            )
        return self._standing_refusal()

    def _end_refusal(self):
        self.ensure_one()
        refusal = self._change_refusal()
        if isinstance(refusal, AccessError) and self.secretary_id == self.env.user:
            return None
        return refusal

    @api.model
    def _gated_names(self):
        return super()._gated_names() | PROTECTED

    @api.model
    def _gate_is_open(self):
        return self.env.context.get("secretary_gate") is GATE

    def _gated(self):
        return self.with_context(secretary_gate=GATE)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_protected(vals)
        rows = super().create(vals_list)
        for row in rows:
            if refusal := row._standing_refusal():
                raise refusal
            row._check_not_himself()
            if row.situation == "over":
                raise UserError(
                    self.env._("The last day is past: nobody would prepare anything.")
                )
        rows._follow("named")
        return rows

    def write(self, vals):
        if self._gate_is_open():
            return super().write(vals)
        self._check_protected(vals)
        for row in self:
            if refusal := row._change_refusal():
                raise refusal
            row._check_fixed(vals)
            row._check_not_himself()
        result = super().write(vals)
        if "date_to" in vals:
            self._follow("changed")
        return result

    def _check_protected(self, vals):
        if PROTECTED & vals.keys() and not self._gate_is_open():
            raise AccessError(self.env._("This is ended with its button “End”."))

    def _check_fixed(self, vals):
        for name in FIXED & vals.keys():
            field = self._fields[name]
            if field.convert_to_cache(vals[name], self) != field.convert_to_cache(
                self[name], self
            ):
                raise UserError(
                    self.env._(
                        "Who prepares whose desk from which day is said once: end this "
                        "line and add another."
                    )
                )

    def _check_not_himself(self):
        if self.secretary_id == self.env.user and not self.env.su:
            raise AccessError(
                self.env._(
                    "You cannot name yourself: the signatory or another administrator does."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(
                self.env._("This is never deleted: end it, it stays readable.")
            )

    # ------------------------------------------------------------------
    # Public
    # ------------------------------------------------------------------
    def action_end(self):
        """End it now: the secretary reads this desk no more.

        :return: True
        :raise AccessError: neither the signatory, the secretary nor the functional administrator
        :raise UserError: over already
        """
        self.check_access("read")
        self._lock_or_tell(
            self.env._("Somebody else changes this at this very moment: reload it.")
        )
        for row in self:
            if refusal := row._end_refusal():
                raise refusal
        # The secretary may end it and has no right to write it; the gate was passed.
        rows_sudo = self.sudo()._gated()
        rows_sudo.write({"ended_at": fields.Datetime.now()})
        self._follow("ended")
        return True

    def _follow(self, what):
        """A line in the signature book's journal, and a word to the one of the two who did not do it."""
        for row in self:
            journal = self.env["parapheur.folder"]._book(row.company_id)
            journal._append(
                f"secretary.{what}",
                {
                    "signatory": row.signatory_id.id,
                    "secretary": row.secretary_id.id,
                    "from": row.date_from.isoformat(),
                    "to": row.date_to.isoformat() if row.date_to else None,
                },
                subject=row,
            )
            row._tell(what)

    def _tell(self, what):
        # Names of colleagues are no secret; the message is the platform's.
        row_sudo = self.sudo()
        names = {
            "secretary": row_sudo.secretary_id.name,
            "signatory": row_sudo.signatory_id.name,
        }
        words = {
            "named": self.env._(
                "%(secretary)s prepares the desk of %(signatory)s.", **names
            ),
            "changed": self.env._(
                "The dates at which %(secretary)s prepares the desk of %(signatory)s "
                "changed.",
                **names,
            ),
            "ended": self.env._(
                "%(secretary)s does not prepare the desk of %(signatory)s any more.",
                **names,
            ),
        }[what]
        told_sudo = (row_sudo.signatory_id | row_sudo.secretary_id) - self.env.user
        row_sudo.env["mail.thread"].message_notify(
            partner_ids=told_sudo.partner_id.ids,
            subject=row_sudo.display_name,
            body=words,
        )
