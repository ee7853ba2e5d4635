from odoo import api, fields, models
from odoo.exceptions import AccessError

from .gov_clock_gate import GATE


class GovClocked(models.AbstractModel):
    """What a record mixes in to have a legal clock: it starts one and answers hooks; the rest is the clock's."""

    _name = "gov.clocked"
    _description = "Record with a legal clock"

    clock_run_id = fields.Many2one(
        "gov.clock.run",
        string="Legal clock",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        # who reads the record reads its clock
        bypass_search_access=True,
    )

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("clock_run_id") for vals in vals_list):
            self._check_clock_untouched({"clock_run_id"})
        # A default may come by RPC: no record is born with a clock.
        if self.env.context.get("default_clock_run_id"):
            vals_list = [{**vals, "clock_run_id": False} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        self._check_clock_untouched(vals)
        return super().write(vals)

    @api.model
    def _check_clock_untouched(self, vals):
        if "clock_run_id" in vals and self.env.context.get("clock_gate") is not GATE:
            raise AccessError(
                self.env._("The legal clock of a record changes only with its buttons.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_gov_clock_runs(self):
        # Nobody may delete clocks by himself; deleting their record was just allowed.
        runs_sudo = self.env["gov.clock.run"].sudo()
        runs_sudo.search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        ).unlink()

    def _clock_start(self, clock, on=None):
        """Start the legal clock of this record. The caller passed the gate of its own model.

        A clock of the same rule that is not ended goes on as it is; one of another rule is ended.

        :param clock: ``gov.clock``
        :param date on: day of the event that starts it (itself not counted); today by default
        :return: ``gov.clock.run``
        :raise UserError: the rule belongs to another administration
        """
        self.ensure_one()
        # The caller passed the gate of the record; its clock goes with it.
        run_sudo = self.sudo().clock_run_id
        if run_sudo._is_open() if run_sudo else False:
            if run_sudo.clock_id == clock.sudo():
                return run_sudo.with_env(self.env)
            run_sudo.with_env(self.env)._stop(
                self.env._("Another rule applies: %(rule)s", rule=clock.sudo().name)
            )
        started_on = on or self.company_id._gov_today()
        return self.env["gov.clock.run"]._launch(self, clock, started_on)

    def _clock_remember(self, run):
        # Readers of the record see its clock; who starts it passed the record's gate.
        record_sudo = self.sudo().with_context(clock_gate=GATE)
        record_sudo.clock_run_id = run

    # ------------------------------------------------------------------
    # Hooks
    # ------------------------------------------------------------------
    def _clock_act_refusal(self, run, operation):
        """Return why the user may not do ``operation`` ("qualify") with this clock, or None."""
        if self.env.su or self.env.user.has_group("gov_base.group_gov_base_admin"):
            return None
        return AccessError(
            self.env._(
                "Only the functional administrator says the effect of an expiry."
            )
        )

    def _clock_changed(self, run, before, why):
        """The last day, or the state, of the clock changed.

        :param before: the last day before, or False
        :param str why: kind of ``gov.clock.change``: started, suspended, resumed, extended, holidays, week, ended,
            reopened, unexpired
        """

    def _clock_warned(self, run, days):
        """The last day comes: ``days`` working days are left."""

    def _clock_expired(self, run):
        """The last day is past without an answer."""

    def _clock_qualified(self, run):
        """A person said the effect of the expiry."""
