from odoo import models


class GovAbsence(models.Model):
    """What becomes of an absence when its time off changes."""

    _inherit = "gov.absence"

    def _gov_withdraw(self):
        """Cancel these absences (superuser): their time off is not approved any more. What is over stays."""
        still = self.filtered(lambda absence: absence.situation != "over")
        confirmed = still.filtered(lambda absence: absence.state == "confirmed")
        still._gated().write({"state": "cancelled"})
        still.activity_unlink(["mail.mail_activity_data_todo"])
        confirmed._follow("cancelled")

    def _gov_move(self, first, last):
        """Give this absence (superuser) the new days of its time off; the substitute stays, and is told."""
        self._gated().write({"date_from": first, "date_to": last})
        if self.state == "confirmed":
            self._follow("changed")
