from odoo import fields, models
from odoo.exceptions import UserError

from ..lib import text

MAX_SENTENCE = 500


class GovCircuitRun(models.Model):
    """Steps without persons: the engine opens them, the application does them and says how it went."""

    _inherit = "gov.circuit.run"

    def action_platform_retry(self, step_id):
        """Let the application try a step again that it could not do.

        :param int step_id: ``gov.circuit.run.step`` that waits and has failed
        :raise AccessError, UserError: neither sender, supervisor nor administrator; the step does not wait; ended
        """
        self.ensure_one()
        self._check_reader()
        step = self._step(step_id)
        self._lock()
        self._check("platform_retry", self.env.user, step=step)
        if not self._waits_for_platform(step) or not step.platform_error:
            raise UserError(
                self.env._(
                    "This step has not failed: nothing to try again. Reload the page."
                )
            )
        self._log("platform_retry", {"step": step.id, "user": self.env.uid})
        self._subject()._circuit_platform_step(self, step)
        return True

    def _waits_for_platform(self, step):
        """Whether this step waits for the application now."""
        return (
            self.state == "running"
            and step.run_id == self
            and step.rule == "platform"
            and step.state == "current"
        )

    def _start_platform(self, steps):
        """Hand the steps that have no person to the application."""
        for step in steps.filtered(lambda one: one.rule == "platform"):
            if self._waits_for_platform(step):
                self._subject()._circuit_platform_step(self, step)

    def _platform_done(self, step, facts=None):
        """The application did ``step``: the run goes on.

        :param dict facts: ids and digests for the journal, no words
        :return: False when the step does not wait any more (stopped, passed over, done already)
        """
        self.ensure_one()
        self._lock()
        if not self._waits_for_platform(step):
            return False
        # Nobody may write runs; the application answers for its own step.
        step_sudo = step.sudo()
        step_sudo.write(
            {
                "platform_error": False,
                "platform_tries": step_sudo.platform_tries + 1,
                "platform_tried_at": fields.Datetime.now(),
            }
        )
        step_sudo._close("done")
        self._log(
            "platform_done",
            {**(facts or {}), "step": step.id, "kind": step.kind},
        )
        self._passed(step)
        self._go_on(after=step.rank)
        return True

    def _platform_failed(self, step, sentence):
        """The application could not do ``step``: the sentence is shown, the step waits for another try.

        :param str sentence: what happened and what to do, for people
        :return: False when the step does not wait any more
        """
        self.ensure_one()
        self._lock()
        if not self._waits_for_platform(step):
            return False
        # Nobody may write runs; the application answers for its own step.
        step_sudo = step.sudo()
        tries = step_sudo.platform_tries + 1
        step_sudo.write(
            {
                "platform_error": text.clean_line(sentence, MAX_SENTENCE)
                or self.env._("The application could not do it, and did not say why."),
                "platform_tries": tries,
                "platform_tried_at": fields.Datetime.now(),
            }
        )
        self._log("platform_failed", {"step": step.id, "tries": tries})
        self._sync()
        return True
