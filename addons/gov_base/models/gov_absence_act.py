from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

from ..lib import given


class GovAbsence(models.Model):
    """Confirming, coming back, cancelling; what a platform's own source proposes."""

    _inherit = "gov.absence"

    def action_confirm(self, substitute_id=None):
        """Confirm absences that were proposed: from now on the substitute stands in.

        :param int substitute_id: ``res.users`` who stands in; by default the one who is written
        :return: True
        :raise AccessError: neither the person, somebody above nor the functional administrator
        :raise UserError: confirmed or cancelled already, over, not a person of this administration
        """
        self._pass_gate("confirmed")
        vals = {"state": "confirmed"}
        if substitute_id is not None:
            vals["substitute_id"] = given.record_id(substitute_id)
            known = self.env["res.users"].browse(vals["substitute_id"]).exists()
            if known.id != vals["substitute_id"]:
                raise UserError(self.env._("This person is not known: choose another."))
        self._gated().write(vals)
        self._follow("set")
        # Whoever may confirm an absence ends what asked him to, whoever it was asked of.
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def action_cancel(self):
        """Cancel these absences: who stood in does not any more, at once.

        :return: True
        :raise AccessError: neither the person, somebody above nor the functional administrator
        :raise UserError: cancelled already, or over
        """
        self._pass_gate("cancelled")
        confirmed = self.filtered(lambda one: one.state == "confirmed")
        self._gated().write({"state": "cancelled"})
        # The reminder is another person's; the right on the absence was checked.
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        confirmed._follow("cancelled")
        return True

    def action_come_back(self):
        """End absences today: the person is back before the day that was written.

        :return: True
        :raise AccessError: neither the person, somebody above nor the functional administrator
        :raise UserError: not begun, over or cancelled
        """
        self.check_access("read")
        self._lock()
        for absence in self:
            if refusal := absence._change_refusal():
                raise refusal
            today = self._today(absence.company_id)
            if absence.situation != "now":
                raise UserError(
                    self.env._("This absence has not begun: cancel it instead.")
                )
            if absence.date_from == today:
                absence._gated().write({"state": "cancelled"})
            else:
                absence._gated().write({"date_to": today - timedelta(days=1)})
        self._follow("ended")
        return True

    def _pass_gate(self, new):
        self.check_access("read")
        self._lock()
        for absence in self:
            if refusal := absence._transition_refusal(new):
                raise refusal

    def _lock(self):
        """Take these rows, or say that somebody else acts on them now."""
        self._lock_or_tell(
            self.env._(
                "Somebody else changes this absence at this very moment: reload it."
            )
        )

    def _follow(self, what):
        """Rights follow, the journal has a line, and the substitute is told."""
        if not self:
            return
        self.env["gov.access"]._refresh(companies=self.company_id)
        # Nobody has rights on the journal; the change was allowed just before.
        journal_sudo = self.env["gov.journal"].sudo()._trust_stream()
        for absence in self:
            journal_sudo._append(
                f"absence.{what}",
                {
                    "administration": absence.company_id.id,
                    "absence": absence.id,
                    "person": absence.user_id.id,
                    "substitute": absence.substitute_id.id or None,
                    "from": absence.date_from.isoformat(),
                    "to": absence.date_to.isoformat(),
                    "unit": absence.unit_id.id or None,
                    "nature": absence.nature,
                    "by": self.env.uid,
                },
                subject=absence,
            )
            absence._tell(what)

    def _tell(self, what):
        """One message to the substitute, unless he did it himself."""
        substitute = self.substitute_id - self.env.user
        if not substitute or what == "ended":
            return
        # Who stands in is told whose place it is.
        words = {
            "set": self.env._(
                "You stand in for %(name)s: the baskets are on your desk at those dates. "
                "You do not sign in that person's place.",
                name=self.sudo().user_id.name,
            ),
            "changed": self.env._("An absence in which you stand in was changed."),
            "cancelled": self.env._(
                "An absence in which you were to stand in was cancelled."
            ),
        }[what]
        # The message is the platform's; whoever set the absence passed its gate.
        self.sudo().message_notify(
            partner_ids=substitute.sudo().partner_id.ids,
            subject=self.display_name,
            body=words,
        )

    @api.model
    def _propose(self, user, company, date_from, date_to, **vals):
        """Write an absence that somebody has to confirm (the bridge with time off).

        :return: ``gov.absence``, proposed; the person is asked to choose who stands in
        """
        # The source (an approved time off) was allowed by its own application.
        absences_sudo = self.sudo()._gated()
        absence_sudo = absences_sudo.create(
            {
                "user_id": user.id,
                "company_id": company.id,
                "date_from": date_from,
                "date_to": date_to,
                "state": "proposed",
                "origin": "time_off",
                **vals,
            }
        )
        absence_sudo.activity_schedule(
            "mail.mail_activity_data_todo",
            date_from,
            self.env._("Choose who stands in for you and confirm"),
            user_id=user.id,
        )
        return self.browse(absence_sudo.id)
