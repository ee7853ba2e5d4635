from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.gov_base.lib import text

from .gov_circuit_step import DISPATCH, PLATFORM
from .parapheur_dispatch import ENDED

MAX_RECIPIENTS = 50


class ParapheurFolder(models.Model):
    """Sending the final files by e-mail: at a step of the circuit, at the end, or afterwards."""

    _inherit = "parapheur.folder"

    dispatch_ids = fields.One2many("parapheur.dispatch", "folder_id", readonly=True)
    dispatch_problem = fields.Char(compute="_compute_dispatch_problem")

    @api.depends("dispatch_ids.state", "dispatch_ids.error")
    def _compute_dispatch_problem(self):
        for folder in self:
            failed = folder.dispatch_ids.filtered(lambda one: one.state == "failed")
            folder.dispatch_problem = bool(failed) and text.clean_line(
                self.env._(
                    "Not sent to %(addresses)s: %(why)s. Send again, or cancel that "
                    "dispatch.",
                    addresses=", ".join(failed[:5].mapped("email")),
                    why=(failed[0].error or "")[:120].rstrip("."),
                ),
                500,
            )

    def action_plan_dispatch(self, recipients):
        """Say to whom the final files are sent by e-mail once everybody signed.

        :param list recipients: ``{"name", "email"}``; replaces what was planned
        :return: True
        :raise UserError: submitted already, an address that is none, more than 50
        :raise AccessError: not the sender
        """
        self.ensure_one()
        self._check_documents_open()
        found = self._counted_recipients(recipients)
        # Rows are written by the platform; that the user may change the draft was checked.
        folder_sudo = self.sudo()
        planned_sudo = folder_sudo.dispatch_ids.filtered(
            lambda one: one.state == "planned"
        )
        planned_sudo._gated().unlink()
        folder_sudo._add_dispatches(found)
        return True

    def action_dispatch(self, recipients=None):
        """Send the final files by e-mail: at the step that asks for it, or afterwards.

        :param list recipients: ``{"name", "email"}``, besides those that are planned
        :return: True
        :raise UserError: no recipient, an address that is none, more than 50, not sealed yet,
            out of turn, in the archive
        :raise AccessError: neither who sends at this step, nor the sender once it is finished
        """
        self.ensure_one()
        self.check_access("read")
        # Two at once follow each other here; the second reads what the first did.
        run_sudo = self.run_id.sudo()
        run_sudo._lock()
        refusal = self._dispatch_refusal()
        if refusal:
            raise refusal
        found = self._counted_recipients(recipients)
        step = self._my_step(only=(DISPATCH,)) if self.state == "closing" else None
        # Rows are written by the platform; turn and state were checked above.
        folder_sudo = self.sudo()
        folder_sudo._add_dispatches(found, step)
        rows_sudo = folder_sudo._start_dispatches(step)
        if not rows_sudo:
            raise UserError(
                self.env._("Say to whom it is sent: nobody is named. Nothing was sent.")
            )
        if step:
            self.run_id._act(
                self.env.user, "approve", None, self._circuit_base(), step=step
            )
        return True

    # ------------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------------
    def _dispatch_refusal(self):
        """Return why the user cannot send this folder now, or None."""
        self.ensure_one()
        user = self.env.user
        if self.state == "done":
            return self._dispatch_change_refusal()
        step = self._my_step(only=(DISPATCH,))
        if step:
            return self.run_id._refusal("act", user, step=step)
        if self._is_ours_to_send() or self.my_turn:
            return UserError(
                self.env._(
                    "The folder %(folder)s is sent once it is finished, or at the step "
                    "“Dispatch” of its circuit, by whom it names.",
                    folder=self.display_name,
                )
            )
        return self._not_ours_to_send()

    def _dispatch_change_refusal(self):
        """Return why the user does not change what this folder sends, or None."""
        if self._is_kept():
            return self._kept_sentence()
        if self._is_ours_to_send() or self._my_step(only=(DISPATCH,)):
            return None
        return self._not_ours_to_send()

    def _is_ours_to_send(self):
        return self.initiator_id == self.env.user

    def _not_ours_to_send(self):
        return AccessError(
            self.env._(
                "Only %(name)s, who started the folder %(folder)s, or who is named at its "
                "step “Dispatch” sends it.",
                name=self.initiator_id.name,
                folder=self.display_name,
            )
        )

    # ------------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------------
    def _counted_recipients(self, recipients):
        found = self.env["parapheur.dispatch"]._recipients(recipients)
        if len(found) > MAX_RECIPIENTS:
            raise UserError(
                self.env._(
                    "At most %(limit)s addresses in one go: %(count)s were given.",
                    limit=MAX_RECIPIENTS,
                    count=len(found),
                )
            )
        return found

    def _add_dispatches(self, recipients, step=None):
        """Plan these addresses, those that are planned already left out. As superuser."""
        known = set(
            self.dispatch_ids.filtered(
                lambda one: one.state in ("planned", "pending")
            ).mapped("email")
        )
        return (
            self.env["parapheur.dispatch"]
            ._gated()
            .create(
                [
                    {
                        **one,
                        "folder_id": self.id,
                        "step_id": step.id if step else False,
                        "asked_by": self.env.user.name,
                    }
                    for one in recipients
                    if one["email"] not in known
                ]
            )
        )

    def _start_dispatches(self, step=None):
        """Let the batch send what is planned (for this step, or for none). As superuser."""
        rows = self.dispatch_ids.filtered(
            lambda one: (
                one.state == "planned" and (not one.step_id or one.step_id == step)
            )
        )
        rows._gated().write({"state": "pending", "step_id": step.id if step else False})
        if rows:
            rows._start()
        return rows

    def _plan_steps(self, run):
        """Freeze the addresses of the circuit's steps when it starts. As superuser."""
        for step in run._live_steps().filtered(lambda one: one.kind == DISPATCH):
            partners = step.origin_id.dispatch_partner_ids
            self._add_dispatches(
                self.env["parapheur.dispatch"]._recipients(
                    [
                        {"name": one.name, "email": one.email}
                        for one in partners
                        if one.email
                    ]
                ),
                step,
            )
        self._check_addressed(run)

    def _check_addressed(self, run):
        """Raise when the application would have to send to nobody. As superuser."""
        for step in run._live_steps():
            if (
                step.kind == DISPATCH
                and step.rule == PLATFORM
                and not self.dispatch_ids
            ):
                raise UserError(
                    self.env._(
                        "“%(step)s” sends the files by e-mail, and nobody is named: add an "
                        "address under “Dispatch”.",
                        step=step.name,
                    )
                )

    # ------------------------------------------------------------------
    # As a step without a person, and at the end
    # ------------------------------------------------------------------
    def _do_dispatch(self, step):
        """Whether every message of this step left; called by the batch."""
        self._start_dispatches(step)
        rows = self.dispatch_ids.filtered(lambda one: one.step_id == step)
        if self._dispatches_wait(step, rows):
            return False
        self.run_id._platform_done(
            step, {"sent": len(rows.filtered(lambda one: one.state == "sent"))}
        )
        return True

    def _dispatches_wait(self, step, rows):
        """Whether a message still has to leave; what failed is said at the step."""
        failed = rows.filtered(lambda one: one.state == "failed")
        if failed and step.platform_error != self.dispatch_problem:
            self.run_id._platform_failed(step, self.dispatch_problem)
        return any(row.state not in ENDED for row in rows)

    def _dispatch_changed(self):
        """A row was sent, failed or was cancelled: a step may go on. As superuser."""
        if self._in_closed_steps():
            self.env.ref("e_parapheur.ir_cron_parapheur_process_steps")._trigger()

    def _finish(self):
        done = super()._finish()
        # Who was named and has no step of his own gets the files at the end.
        self._start_dispatches()
        return done
