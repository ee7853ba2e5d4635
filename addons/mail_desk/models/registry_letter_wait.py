from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date


class RegistryLetter(models.Model):
    """What a legal clock and a request to the sender mean for whoever has the letter."""

    _inherit = "registry.letter"

    desk_next = fields.Selection(
        selection_add=[("complete", "Note the sender's answer"), ("none",)]
    )

    @api.depends("desk_legal_date", "completion_ids.state")
    def _compute_desk_is_late(self):
        """A letter is late after its legal last day too; one that waits for its sender is not."""
        result = super()._compute_desk_is_late()
        for letter in self:
            if letter.desk_state not in ("to_dispatch", "assigned"):
                continue
            if letter.desk_legal_date:
                today = letter.company_id._gov_today()
                letter.desk_is_late |= letter.desk_legal_date < today
            # Asked of late ones alone: the board reads few things.
            if letter.desk_is_late and letter.completion_id:
                letter.desk_is_late = False
        return result

    @api.model
    def _desk_late_domain(self):
        """Return the domain of ``desk_is_late``, for lists and counts."""
        return (
            Domain("desk_state", "in", ("to_dispatch", "assigned"))
            & Domain("desk_deadline", "<", fields.Date.context_today(self))
            & Domain("completion_ids", "not any", [("state", "=", "asked")])
        )

    @api.depends("completion_ids.state")
    def _compute_desk_next(self):
        return super()._compute_desk_next()

    def _task_own(self):
        task = super()._task_own()
        # Whoever has the letter is told that it waits for its sender.
        waiting_sudo = self.completion_id
        if not waiting_sudo or not task or task[0] not in ("reply", "close"):
            return task
        env = self.env
        asked = format_date(env, waiting_sudo.asked_at)
        if waiting_sudo.due_date:
            return "complete", env._(
                "The sender was asked on %(date)s for what is missing, to answer by "
                "%(due)s. Note the answer when it comes.",
                date=asked,
                due=format_date(env, waiting_sudo.due_date),
            )
        return "complete", env._(
            "The sender was asked on %(date)s for what is missing. Note the answer when "
            "it comes.",
            date=asked,
        )
