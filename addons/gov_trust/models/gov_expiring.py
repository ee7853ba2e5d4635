from odoo import api, fields, models

#: Days before the end at which trust officers are told; 0: it has ended.
STEPS = (60, 30, 7, 0)
ACTIVITY = "gov_trust.mail_activity_type_expiry"
OFFICER = "gov_trust.group_gov_trust_officer"


class GovExpiring(models.AbstractModel):
    """A record with an end (``not_after``) that trust officers are told of in time.

    A model that inherits this says with :meth:`_expiring` which of its records are in
    use and end soon; the daily task does the rest. A record that is not among them any
    more (rotated, revoked, renewed) has its activities closed.
    """

    _name = "gov.expiring"
    _description = "Ends on a day"
    _inherit = ["mail.thread", "mail.activity.mixin"]

    expiry_told = fields.Integer(
        string="Told at (days before the end)",
        readonly=True,
        copy=False,
        default=-1,
        help="-1: not told yet.",
    )

    @api.model
    def _expiring(self, days):
        """Return the records in use (as superuser) that end within ``days``.

        Models override this; those that are over are among them.

        :param int days: 60 at most
        """
        return self.browse()

    def _expiry_end(self):
        """Return when this record ends (naive UTC)."""
        self.ensure_one()
        return self.not_after

    def _expiry_facts(self):
        """Return what the event tells of this record, nothing about a person."""
        self.ensure_one()
        return {"sha256": self.sha256}

    @api.model
    def _expiry_company(self):
        """Return the administration whose officers are told; empty: all officers."""
        return self.company_id if "company_id" in self._fields else None

    @api.model
    def _quietly(self):
        """For ``create``: no message on the record says that it was made."""
        return self.with_context(
            mail_create_nolog=True, mail_create_nosubscribe=True, tracking_disable=True
        )

    # ------------------------------------------------------------------
    # Daily task
    # ------------------------------------------------------------------
    @api.model
    def _warn_all(self):
        """Tell trust officers of everything that ends soon; close what is settled."""
        for name in self.pool.descendants(["gov.expiring"], "_inherit"):
            if not self.pool[name]._abstract:
                self.env[name]._warn()

    @api.model
    def _warn(self):
        ending = self._expiring(max(STEPS))
        for record in ending:
            record._warn_one()
        (self._with_activity() - ending)._close_expiry()

    def _warn_one(self):
        left = (self._expiry_end() - fields.Datetime.now()).total_seconds() / 86400
        step = min(step for step in STEPS if left <= step or step == max(STEPS))
        officers = self._officers()
        if step != self.expiry_told:
            self.env["gov.journal"]._trust_stream()._append(
                "certificate.expiring",
                {
                    **self._expiry_facts(),
                    "days": step,
                    "not_after": f"{self._expiry_end():%Y-%m-%dT%H:%M:%SZ}",
                },
                subject=self,
            )
            self.expiry_told = step
            self._activities().unlink()
        else:
            # Who was told of this step, even if he has settled it, is not told again.
            told = self._activities(active_test=False).user_id
            officers -= told
        for officer in officers:
            speaking = self.with_context(lang=officer.lang)
            speaking.activity_schedule(
                ACTIVITY,
                self._expiry_end().date(),
                speaking._expiry_sentence(step),
                user_id=officer.id,
            )

    def _expiry_sentence(self, step):
        if not step:
            return self.env._(
                "%(name)s has ended: nothing good is signed with it any more",
                name=self.display_name,
            )
        return self.env._(
            "%(name)s ends in less than %(days)s days: give it a successor",
            name=self.display_name,
            days=step,
        )

    def _officers(self):
        # Whoever may read the record is told of it.
        groups_sudo = self.env.ref(OFFICER).sudo()
        company = self._expiry_company()
        return groups_sudo.all_user_ids.filtered(
            lambda user: user.active and (not company or company in user.company_ids)
        )

    # ------------------------------------------------------------------
    # Activities
    # ------------------------------------------------------------------
    def _activities(self, active_test=True):
        # Activities of every officer, whoever rotates the key.
        activities_sudo = self.env["mail.activity"].sudo()
        return activities_sudo.with_context(active_test=active_test).search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", self.env.ref(ACTIVITY).id),
            ]
        )

    @api.model
    def _with_activity(self):
        # Activities of every officer.
        activities_sudo = self.env["mail.activity"].sudo()
        found_sudo = activities_sudo.search(
            [
                ("res_model", "=", self._name),
                ("activity_type_id", "=", self.env.ref(ACTIVITY).id),
            ]
        )
        # The task looks at every administration.
        records_sudo = self.sudo().browse(set(found_sudo.mapped("res_id")))
        return records_sudo.exists()

    def _close_expiry(self):
        """Close the activities about the end of these records: they are settled."""
        self._activities().unlink()
