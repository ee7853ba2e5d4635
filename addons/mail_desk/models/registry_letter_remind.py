from odoo import fields, models


class RegistryLetter(models.Model):
    """Telling people that a date comes or is past: one activity each, in their language."""

    _inherit = "registry.letter"

    def _desk_responsible(self, escalate=False):
        """Return who has to act on this letter now: the agent, or the heads of the unit.

        :param bool escalate: their superiors too
        """
        self.ensure_one()
        # Who has the letter is told, whoever asks; a joined one is treated with its lead.
        letter_sudo = self.sudo()
        row = letter_sudo._desk_lead()._desk_row()
        unit = row.unit_id or letter_sudo.desk_unit_id
        access = self.env["gov.access"]
        heads = access._heads(unit) if unit else self.env["res.users"]
        people = row.user_id or heads
        if escalate:
            people |= heads if row.user_id else self._desk_superiors(heads, unit)
        return people.with_env(self.env)

    def _desk_superiors(self, heads, unit):
        """Return who is above ``heads`` of ``unit``."""
        # The unit above may be hidden from who reads; only its heads are told.
        parent = unit.sudo().parent_id
        if not parent:
            return heads
        return self.env["gov.access"]._heads(parent, besides=heads) or heads

    def _desk_remind(self, users, words, deadline):
        """Put one activity on this letter for each of ``users`` who may read it.

        :param words: function of an environment in the person's language: the summary
        :param date deadline: shown on the activity
        """
        self.ensure_one()
        kind = self.env.ref("mail_desk.mail_activity_type_deadline")
        for user in users:
            # Language and rights of the person who is told.
            user_sudo = user.sudo()
            if not self.with_user(user_sudo).has_access("read"):
                continue
            # Reminders come from the platform.
            letter_sudo = self.sudo().with_context(
                lang=user_sudo.lang, mail_activity_quick_update=True
            )
            letter_sudo.activity_ids.filtered(
                lambda activity, user=user: (
                    activity.activity_type_id == kind and activity.user_id == user
                )
            ).unlink()
            letter_sudo.activity_schedule(
                activity_type_id=kind.id,
                user_id=user.id,
                date_deadline=deadline or fields.Date.context_today(self),
                summary=words(letter_sudo.env),
            )

    def _desk_forget_reminders(self):
        """Take the reminders of a letter that needs nothing more away."""
        kind = self.env.ref("mail_desk.mail_activity_type_deadline")
        # Reminders belong to the platform.
        activities_sudo = self.env["mail.activity"].sudo()
        activities_sudo.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", kind.id),
            ]
        ).unlink()
