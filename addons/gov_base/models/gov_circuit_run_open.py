from odoo import models


class GovCircuitRun(models.Model):
    """Window actions of the dialogs that ask for a reason, for the buttons of any app."""

    _inherit = "gov.circuit.run"

    def action_open_refuse(self):
        """Open the dialog that refuses with a reason."""
        return self._open_dialog("refuse", self.env._("Refuse"))

    def action_open_opinion(self):
        """Open the dialog where the opinion is written."""
        return self._open_dialog("opinion", self.env._("Give my opinion"))

    def action_open_approve(self):
        """Open the dialog that agrees, with a remark."""
        return self._open_dialog("approve", self.env._("Agree"))

    def action_open_return(self):
        """Open the dialog that sends back to an earlier step."""
        return self._open_dialog("return", self.env._("Send back"))

    def action_open_transfer(self):
        """Open the dialog that hands the step on."""
        return self._open_dialog("transfer", self.env._("Hand on"))

    def action_open_recall(self):
        """Open the dialog that takes the last act back."""
        return self._open_dialog("recall", self.env._("Take back"))

    def action_open_add_step(self):
        """Open the dialog that adds a step."""
        return self._open_dialog("add_step", self.env._("Ask somebody else"))

    def action_open_go_on(self):
        """Open the dialog that goes on without missing opinions."""
        return self._open_dialog("go_on", self.env._("Go on without the opinion"))

    def action_open_cancel(self):
        """Open the dialog that stops the circuit."""
        return self._open_dialog("cancel", self.env._("Stop the circuit"))

    def action_open_recuse(self):
        """Open the dialog by which one withdraws from a step."""
        return self._open_dialog("recuse", self.env._("Withdraw"))

    def action_open_bypass_ask(self):
        """Open the dialog that asks to pass a step over."""
        return self._open_dialog("bypass_ask", self.env._("Pass over"))

    def action_open_bypass_confirm(self):
        """Open the dialog that confirms that a step is passed over."""
        return self._open_dialog(
            "bypass_confirm", self.env._("Confirm that it is passed over")
        )

    def action_open_replace(self):
        """Open the dialog that names somebody in the place of who cannot act."""
        return self._open_dialog("replace", self.env._("Name somebody"))

    def action_open_platform_retry(self):
        """Try the steps again that the application could not do.

        :raise AccessError, UserError: see ``action_platform_retry``
        """
        self.ensure_one()
        self._check_reader()
        for step in self._current_steps().filtered("platform_error"):
            self.action_platform_retry(step.id)
        return True

    def _open_dialog(self, operation, title):
        self.ensure_one()
        self._check_reader()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "gov.circuit.dialog",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_run_id": self.id,
                "default_operation": operation,
                # What the person sees now: confirming later on something newer is refused.
                "default_base": self._subject()._circuit_base() or "",
                "dialog_size": "medium",
            },
        }
