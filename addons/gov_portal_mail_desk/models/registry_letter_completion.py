from odoo import models
from odoo.tools import format_date

from .desk_outgoing import PORTAL


class RegistryLetter(models.Model):
    """What was asked of the sender, on the page where he follows his letter; and his legal clock."""

    _inherit = "registry.letter"

    def _portal_deposit_sudo(self):
        """Return the online deposit this letter came with (as superuser), or none."""
        self.ensure_one()
        # Whether the letter came online, for whoever works on it.
        deposits_sudo = self.env["gov.deposit"].sudo()
        return deposits_sudo.search([("letter_id", "=", self.id)], limit=1)

    def _completion_channels(self):
        ways = super()._completion_channels()
        return [PORTAL, *ways] if self._portal_deposit_sudo() else ways

    def _completion_send_state(self, channel):
        # Who gave an address is told that something waits for him on the website.
        told = channel == PORTAL and self.sudo().sender_email
        return "pending" if told else super()._completion_send_state(channel)

    def _portal_timeline(self):
        stages = super()._portal_timeline()
        asked = self._portal_completions()
        if not asked:
            return stages
        # Where it happened; what has no date yet stays at the end.
        dated = [stage for stage in stages if stage["at"]] + asked
        rest = [stage for stage in stages if not stage["at"]]
        return sorted(dated, key=lambda stage: stage["at"]) + rest

    def _portal_completions(self):
        """What was asked of the sender and what he answered, oldest first."""
        stages, open_one = [], self._portal_completion()
        for completion in self.completion_ids.sorted("number"):
            if completion.state == "failed":
                continue
            stages.append(self._portal_asked(completion, completion == open_one))
            if completion.state == "answered":
                stages.append(
                    {
                        "key": f"completed-{completion.number}",
                        "title": self.env._("You answered"),
                        "text": self.env._("The administration received your answer."),
                        "at": completion.answered_at,
                        "done": True,
                    }
                )
        return stages

    def _portal_asked(self, completion, is_open):
        env = self.env
        text = ""
        if is_open and completion.due_date:
            day = format_date(env, completion.due_date)
            text = env._("Please answer by %(date)s.", date=day)
        elif completion.state == "withdrawn":
            text = env._("The administration went on without your answer.")
        return {
            "key": f"completion-{completion.number}",
            "title": env._("The administration asks you for something"),
            "text": text,
            "at": completion.asked_at,
            "done": not is_open,
            "question": completion.question,
            "completion": completion.number if is_open else 0,
        }

    def _portal_completion(self):
        """Return the request that the sender can answer now: the open one, else the last that may still come."""
        answerable = self.completion_ids.filtered(
            lambda completion: not completion._transition_refusal("answered", "sender")
        )
        waiting = answerable.filtered(lambda completion: completion.state == "asked")
        return (waiting or answerable.sorted("number"))[-1:]
