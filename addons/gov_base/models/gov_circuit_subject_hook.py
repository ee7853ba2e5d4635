from odoo import api, models
from odoo.exceptions import AccessError


class GovCircuitSubject(models.AbstractModel):
    """More questions that a record answers: what steps ask of it, who it names, what the application does itself."""

    _inherit = "gov.circuit.subject"

    def _check_can_update_message_content(self, messages):
        """Words beside a document in circuit are changed by who wrote them alone, the administrator included."""
        own = self.env.user.partner_id
        if any(one.author_id != own for one in messages):
            raise AccessError(self.env["mail.message"]._gov_kept_sentence())
        return super()._check_can_update_message_content(messages)

    # ------------------------------------------------------------------
    # What a designer may pick
    # ------------------------------------------------------------------
    @api.model
    def _circuit_form_fields(self, company):
        """Fields that a step may ask to be filled in: list of ``{"key", "label"}``."""
        return []

    @api.model
    def _circuit_user_fields(self, company):
        """Fields that name the person who acts: list of ``{"key", "label"}``."""
        return []

    def _circuit_field_users(self, key):
        """``res.users`` that the field ``key`` of ``_circuit_user_fields`` names; called as superuser."""
        return self.env["res.users"]

    # ------------------------------------------------------------------
    # What a step asks
    # ------------------------------------------------------------------
    def _circuit_missing(self, keys):
        """Labels of those of these fields (keys of ``_circuit_form_fields``) that are not filled in."""
        return []

    def _circuit_attached(self, step, user):
        """Whether ``user`` has attached a document since ``step`` waits for him."""
        # Only whether there is one is asked.
        documents_sudo = self.env["gov.document"].sudo()
        return bool(
            documents_sudo.search_count(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("create_uid", "=", user.id),
                    ("create_date", ">=", step.opened_at),
                ],
                limit=1,
            )
        )

    # ------------------------------------------------------------------
    # Who may do what
    # ------------------------------------------------------------------
    def _circuit_supervised_by(self, user):
        """Whether ``user`` supervises this record: he may ask to pass a step over and name who replaces somebody."""
        return False

    def _circuit_never_bypassed(self):
        """Kinds of steps that are never passed over."""
        return ()

    # ------------------------------------------------------------------
    # What the engine tells
    # ------------------------------------------------------------------
    def _circuit_platform_step(self, run, step):
        """Nobody acts at ``step``: do it, now or in a batch, then call ``run._platform_done`` or ``run._platform_failed``."""

    def _circuit_notify(self, run, step, users):
        """``step`` was passed: tell these people. Records that are confidential say less."""
        # Who is told was set by the administrator; the message says no more than that a step was passed.
        record_sudo = self.sudo()
        record_sudo.message_notify(
            partner_ids=users.sudo().partner_id.ids,
            subject=record_sudo.display_name,
            body=self.env._(
                "%(document)s: the step “%(step)s” was passed.",
                document=record_sudo.display_name,
                step=step.name,
            ),
        )

    def _circuit_recused(self, run, step, actor, replacement):
        """``actor`` withdrew from ``step``; ``replacement`` (may be empty: the place is vacant) took his place."""
        if replacement:
            self._circuit_transferred(run, step, replacement)
        elif actor.vacant:
            # The sender is told, whoever withdrew.
            record_sudo, run_sudo = self.sudo(), run.sudo()
            record_sudo.message_notify(
                partner_ids=run_sudo.initiator_id.partner_id.ids,
                subject=record_sudo.display_name,
                body=self.env._(
                    "%(document)s: %(name)s withdrew from the step “%(step)s” and nobody "
                    "replaces this person. Somebody must be named.",
                    document=record_sudo.display_name,
                    name=actor.name,
                    step=step.name,
                ),
            )

    def _circuit_replaced(self, run, step, actor):
        """``actor`` (the new row) was named in the place of somebody who cannot act, perhaps before his turn."""
        if step.state == "current":
            self._circuit_transferred(run, step, actor)

    def _circuit_bypass_asked(self, run, step):
        """Somebody asked to pass ``step`` over; another person confirms it, or nobody."""

    def _circuit_bypassed(self, run, step):
        """``step`` was passed over by two persons. Called before the run goes on."""
