from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

#: (from, to) → who may: the person himself, somebody above him, the functional administrator
TRANSITIONS = {
    ("proposed", "confirmed"): ("person", "above", "admin"),
    ("proposed", "cancelled"): ("person", "above", "admin"),
    ("confirmed", "cancelled"): ("person", "above", "admin"),
}
#: set in the context by our own methods only: a plain object cannot come by RPC
GATE = object()
#: what only the buttons change
PROTECTED = {"state", "origin"}
#: what is said once
FIXED = {"user_id", "company_id"}
#: what changes who reaches what
REACH = {"substitute_id", "date_from", "date_to", "unit_id", "nature", "state"}
ADMIN = "gov_base.group_gov_base_admin"


class GovAbsence(models.Model):
    """Who sets, changes and cancels an absence: one gate; and rights that follow at once."""

    _inherit = "gov.absence"

    can_change = fields.Boolean(compute="_compute_can")
    can_confirm = fields.Boolean(compute="_compute_can")
    can_cancel = fields.Boolean(compute="_compute_can")
    can_come_back = fields.Boolean(compute="_compute_can")

    @api.depends("state", "user_id", "date_from", "date_to")
    @api.depends_context("uid")
    def _compute_can(self):
        for absence in self:
            absence.can_change = not absence.id or not absence._change_refusal()
            absence.can_confirm = not absence._transition_refusal("confirmed")
            absence.can_cancel = not absence._transition_refusal("cancelled")
            absence.can_come_back = (
                absence.situation == "now" and not absence._change_refusal()
            )

    # ------------------------------------------------------------------
    # Who
    # ------------------------------------------------------------------
    @api.model
    def _standing(self, user, company):
        """What the caller is to `user` in `company`: person, above, admin; None for a colleague.

        Who only stands in for somebody is not above that person's people.
        """
        me = self.env.user
        if company not in me.company_ids:
            return None
        if me == user:
            return "person"
        if me in self._above(user, company):
            return "above"
        return "admin" if me.has_group(ADMIN) else None

    @api.model
    def _above(self, user, company):
        """Everybody above `user`: the heads of the units above his own place, and his manager.

        A deputy is not above his head: else he could name himself.
        """
        # Staff files are closed to most people; only accounts are compared.
        employee_sudo = (
            self.env["hr.employee"]
            .sudo()
            .search([("user_id", "=", user.id), ("company_id", "=", company.id)])[:1]
        )
        # Who heads what is compared, not shown.
        headed_sudo = self.env["hr.department"].sudo()
        if employee_sudo:
            headed_sudo = headed_sudo.search(
                [
                    ("manager_id", "=", employee_sudo.id),
                    ("company_id", "=", company.id),
                ]
            ).sorted(lambda unit: unit.parent_path.count("/"))[:1]
        unit_sudo = (
            headed_sudo.parent_id if headed_sudo else employee_sudo.department_id
        )
        above = employee_sudo.parent_id.user_id
        while unit_sudo:
            above |= unit_sudo.manager_id.user_id
            unit_sudo = unit_sudo.parent_id
        return self.env["res.users"].browse((above - user).ids)

    def _standing_refusal(self):
        self.ensure_one()
        if self.env.su or self._standing(self.user_id, self.company_id):
            return None
        return AccessError(
            self.env._(
                "Only the person who is away, somebody above him or the functional "
                "administrator sets an absence and its substitute."
            )
        )

    def _change_refusal(self):
        self.ensure_one()
        if self.state == "cancelled":
            return UserError(
                self.env._("This absence was cancelled: set another one instead.")
            )
        if self.situation == "over":
            return UserError(
                self.env._("This absence is over: what it says is kept as it was.")
            )
        return self._standing_refusal()

    def _transition_refusal(self, new):
        """Return why this absence cannot become ``new`` now, or None; feeds the gate and the buttons."""
        self.ensure_one()
        if (self.state, new) not in TRANSITIONS:
            return UserError(
                self.env._(
                    "This absence is %(state)s already: nothing was changed.",
                    state=dict(self._fields["state"]._description_selection(self.env))[
                        self.state
                    ].lower(),
                )
            )
        return self._change_refusal()

    def _check_substitute(self):
        """Raise unless the substitute can be one, and was not named by himself out of turn."""
        for absence in self:
            substitute, company = absence.substitute_id, absence.company_id
            if not substitute:
                continue
            if substitute == absence.user_id:
                raise UserError(
                    self.env._("Nobody stands in for himself: choose another person.")
                )
            if not self.env["gov.access"]._present(substitute, company):
                raise UserError(
                    self.env._(
                        "Choose an active person of %(company)s as substitute.",
                        company=company.display_name,
                    )
                )
            if (
                substitute == self.env.user
                and not self.env.su
                and self._standing(absence.user_id, company) != "above"
            ):
                raise AccessError(
                    self.env._(
                        "You cannot name yourself: the person who is away, or somebody "
                        "above, names you."
                    )
                )

    def _check_person(self):
        for absence in self:
            if not self.env["gov.access"]._present(absence.user_id, absence.company_id):
                raise UserError(
                    self.env._(
                        "Choose an active person of %(company)s.",
                        company=absence.company_id.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------
    @api.model
    def _gated_names(self):
        return super()._gated_names() | self._protected()

    @api.model
    def _gate_is_open(self):
        return self.env.context.get("absence_gate") is GATE

    def _gated(self):
        return self.with_context(absence_gate=GATE)

    @api.model_create_multi
    def create(self, vals_list):
        if not self._gate_is_open():
            for vals in vals_list:
                self._check_protected(vals)
        absences = super().create(vals_list)
        if not self._gate_is_open():
            for absence in absences:
                if refusal := absence._standing_refusal():
                    raise refusal
                absence._check_not_past()
                origin = absence._standing(absence.user_id, absence.company_id)
                absence._gated().origin = origin or "admin"
        absences._check_person()
        absences._check_substitute()
        absences.filtered(lambda one: one.state == "confirmed")._follow("set")
        return absences

    def write(self, vals):
        guarded = self._protected() | FIXED | REACH
        if not self._gate_is_open() and guarded & vals.keys():
            self._check_protected(vals)
            for absence in self:
                if refusal := absence._change_refusal():
                    raise refusal
        result = super().write(vals)
        if REACH & vals.keys():
            if not self._gate_is_open() or vals.get("state") == "confirmed":
                self._check_substitute()
            if not self._gate_is_open():
                for absence in self:
                    absence._check_not_past()
                confirmed = self.filtered(lambda one: one.state == "confirmed")
                confirmed._follow("changed")
        return result

    @api.model
    def _protected(self):
        """Names of the fields that only buttons and sources change; a source adds its own."""
        return PROTECTED

    def _check_protected(self, vals):
        if self._protected() & vals.keys():
            raise AccessError(
                self.env._("An absence is confirmed and cancelled with its buttons.")
            )
        if self and FIXED & vals.keys():
            raise UserError(
                self.env._(
                    "An absence stays the one of the same person: cancel it and set another."
                )
            )

    def _check_not_past(self):
        if self.date_to < self._today(self.company_id):
            raise UserError(
                self.env._(
                    "%(date)s is past: an absence hands on work to come.",
                    date=format_date(self.env, self.date_to),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(
                self.env._("An absence is never deleted: cancel it, it stays readable.")
            )

    def unlink(self):
        companies = self.company_id
        result = super().unlink()
        self.env["gov.access"]._refresh(companies=companies)
        return result
