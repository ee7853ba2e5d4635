from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class RegistryLetter(models.Model):
    """The legal clock of a letter: starts at its registration, ends with the answer."""

    _name = "registry.letter"
    _inherit = ["registry.letter", "gov.clocked"]

    desk_legal_date = fields.Date(
        string="Legal last day",
        readonly=True,
        copy=False,
        help="Last day of the legal length; empty while the clock is stopped.",
    )
    desk_deadline = fields.Date(
        string="Next deadline",
        compute="_compute_desk_deadline",
        store=True,
        precompute=True,
        help="The earlier of the due date and the legal last day.",
    )
    clock_state = fields.Selection(
        string="State of the legal clock", related="clock_run_id.state"
    )
    clock_sentence = fields.Char(related="clock_run_id.sentence")
    clock_explanation = fields.Char(related="clock_run_id.explanation")
    clock_change_ids = fields.One2many(related="clock_run_id.change_ids")
    desk_can_extend = fields.Boolean(compute="_compute_desk_can_clock")
    desk_can_qualify = fields.Boolean(compute="_compute_desk_can_clock")

    _desk_deadline_idx = models.Index("(desk_deadline) WHERE desk_state != 'closed'")

    @api.depends("desk_due_date", "desk_legal_date")
    def _compute_desk_deadline(self):
        for letter in self:
            days = filter(None, (letter.desk_due_date, letter.desk_legal_date))
            letter.desk_deadline = min(days, default=False)

    @api.depends("desk_state", "clock_run_id.state")
    @api.depends_context("uid")
    def _compute_desk_can_clock(self):
        for letter in self:
            run = letter.clock_run_id
            letter.desk_can_extend = bool(run) and not letter._clock_extend_refusal()
            letter.desk_can_qualify = bool(run) and not (
                run._refusal("qualify")
                or run.effect
                or letter._clock_act_refusal(run, "qualify")
            )

    # ------------------------------------------------------------------
    # Start
    # ------------------------------------------------------------------
    def _register_one(self):
        result = super()._register_one()
        self._desk_clock_begin()
        return result

    @api.model
    def _register_lean(self, register, vals, more=None):
        letter = super()._register_lean(register, vals, more)
        letter._desk_clock_begin()
        return letter

    def _desk_clock_begin(self):
        """Start the legal clock of letters that were registered just now."""
        for letter in self:
            if letter.direction == "incoming" and (rule := letter._desk_clock_rule()):
                letter._clock_start(rule, letter.arrival_date)

    def _desk_clock_rule(self):
        """Return the legal length of this letter: its category's, its heading's, its nature's."""
        self.ensure_one()
        # Known by heart, as for a deposit; who registers may not read the rules.
        category_sudo = self.sudo().category_id._recall()
        heading_sudo = category_sudo.parent_id._recall()
        nature_sudo = self.sudo().nature_id._recall()
        rule_sudo = (
            category_sudo.clock_id or heading_sudo.clock_id or nature_sudo.clock_id
        )
        return rule_sudo.with_env(self.env)

    def _clock_remember(self, run):
        letter = self.with_context(tracking_disable=True, registry_lean=True)
        return super(RegistryLetter, letter)._clock_remember(run)

    def _note_classification(self, old, new):
        """Another category may mean another legal length: the old clock ends, both are kept."""
        result = super()._note_classification(old, new)
        if {"category_id", "nature_id"} & old.keys() and self.desk_state in (
            "to_dispatch",
            "assigned",
        ):
            self._desk_clock_switch()
        return result

    def _desk_clock_switch(self):
        rule, run = self._desk_clock_rule(), self.clock_run_id
        # Compared only: who classifies may not read the rules.
        if run.sudo().clock_id == rule.sudo():
            return
        if rule and self.direction == "incoming":
            self._clock_start(rule, self.arrival_date)
        elif run and run._is_open():
            run._stop(self.env._("The new category has no legal length."))

    # ------------------------------------------------------------------
    # Follows the desk
    # ------------------------------------------------------------------
    def _desk_sync(self):
        result = super()._desk_sync()
        for letter in self:
            letter._desk_clock_follow()
        return result

    def _desk_cancel(self):
        result = super()._desk_cancel()
        self._desk_clock_follow()
        return result

    def _desk_is_over(self):
        """Tell whether nothing is owed to the sender any more: answered, closed or cancelled.

        A letter that was joined to another one is treated there: its sender still waits.
        """
        self.ensure_one()
        # Whether the lead is closed is asked, whoever may read that letter.
        lead_sudo = self.sudo().joined_to_id
        if lead_sudo and self.state != "cancelled":
            return lead_sudo._desk_is_over()
        return self.desk_state in ("replied", "closed")

    def _desk_clock_follow(self):
        """End the clock of a letter that was answered or closed; let it go on when reopened."""
        self.ensure_one()
        for follower in self._desk_followers():
            follower._desk_clock_follow()
        # Whoever acts on the letter moves its clock.
        run_sudo = self.sudo().clock_run_id
        if not run_sudo:
            return
        run, over = run_sudo.with_env(self.env), self._desk_is_over()
        if over and not run_sudo.ended_on:
            run._stop(self._desk_end_reason())
        elif (
            not over
            and run_sudo.ended_on
            and run_sudo.clock_id == self._desk_clock_rule().sudo()
        ):
            run._reopen(self.env._("The letter was opened again."))

    def _desk_end_reason(self):
        env = self.env
        if self.state == "cancelled":
            return env._("The registration was cancelled.")
        if self.desk_state == "replied":
            return env._("The reply was sent.")
        return env._("The letter was closed.")

    # ------------------------------------------------------------------
    # Hooks of the clock
    # ------------------------------------------------------------------
    def _clock_changed(self, run, before, why):
        result = super()._clock_changed(run, before, why)
        # The column follows the clock, whoever moved it.
        run_sudo = run.sudo()
        alive = run_sudo.state != "stopped"
        self._desk_write({"desk_legal_date": alive and run_sudo.due_date})
        if why in ("holidays", "week", "unexpired"):
            self._desk_log(
                "clock_moved",
                {"due": run_sudo.due_date, "reason": run_sudo.stale_reason},
            )
        elif why == "started" and run_sudo.due_date:
            self._desk_log("clock_started", {"due": run_sudo.due_date})
        return result

    def _clock_warned(self, run, days):
        result = super()._clock_warned(run, days)
        self._desk_log("clock_warned", {"due": run.due_date, "count": days})
        self._desk_remind(
            self._desk_responsible(),
            lambda env: env._(
                "The legal length ends in %(days)s working days", days=days
            ),
            run.due_date,
        )
        return result

    def _clock_expired(self, run):
        """Silence is a fact: the desk, the supervisor's list and the sender see it."""
        result = super()._clock_expired(run)
        self._desk_log(
            "clock_expired", {"due": run.due_date}, journal={"on": str(run.due_date)}
        )
        self._desk_remind(
            self._desk_responsible(escalate=True),
            lambda env: env._("The legal length ran out: answer, and say its effect"),
            run.due_date,
        )
        return result

    def _clock_qualified(self, run):
        result = super()._clock_qualified(run)
        self._desk_log(
            "silence_qualified",
            {"kind": run.effect, "reason": run.effect_reason},
            journal={"effect": run.effect},
        )
        return result

    def _clock_act_refusal(self, run, operation):
        """The head of the unit, or a supervisor, answers for the effect of an expiry."""
        if self._desk_is("supervisor") or self._desk_heads(self.desk_unit_id):
            return None
        return AccessError(
            self.env._(
                "Only the head of the unit that has the letter, a deputy or a supervisor "
                "of the desk says the effect of silence."
            )
        )

    # ------------------------------------------------------------------
    # Extension
    # ------------------------------------------------------------------
    def _clock_extend_refusal(self):
        """Return why the legal length of this letter cannot be extended now, or None."""
        self.ensure_one()
        run = self.clock_run_id
        if not run:
            return UserError(
                self.env._(
                    "The letter %(letter)s has no legal length.",
                    letter=self.display_name,
                )
            )
        if not (self._desk_is("supervisor") or self._desk_heads(self.desk_unit_id)):
            return AccessError(
                self.env._(
                    "Only the head of the unit that has the letter, a deputy or a "
                    "supervisor of the desk extends its legal length."
                )
            )
        return run._refusal("extend")

    def action_extend_clock(self, length=None, reason=None):
        """Extend the legal length of this letter as its rule allows.

        :param int length: in the unit of the rule; the most it allows by default
        :param str reason: why: the law asks for it, the sender reads it; without it, open
            the form that asks
        :return: True, or the window action of the form
        :raise UserError: no legal length, no extension left, too long, no reason, too late
        :raise AccessError: neither head of the unit nor supervisor
        """
        self.ensure_one()
        self._desk_check(lambda letter: letter._clock_extend_refusal())
        if reason is None:
            return self._desk_open_clock(
                "extend", self.env._("Extend the legal length")
            )
        run = self.clock_run_id
        before = run.due_date
        run._extend(length, reason)
        change = run.change_ids.sorted("id")[-1:]
        self._desk_log(
            "clock_extended",
            {"due": run.due_date, "reason": change.reason},
            journal={"before": str(before), "after": str(run.due_date)},
        )
        return True

    def action_qualify_silence(self):
        """Open the form that says the effect of the expiry of the legal length.

        :return: window action
        :raise UserError: it did not run out
        :raise AccessError: neither head of the unit nor supervisor
        """
        self.ensure_one()
        self.check_access("read")
        if not self.clock_run_id:
            raise self._clock_extend_refusal()
        return self.clock_run_id.action_qualify()

    def _desk_open_clock(self, act, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "desk.clock.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_letter_id": self.id, "default_act": act},
        }
