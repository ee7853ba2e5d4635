from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import text

from .registry_letter_reply import UNDER_WAY


class RegistryLetter(models.Model):
    """What keeps a letter from being closed: a reply, an opinion, a paper, a transfer."""

    _inherit = "registry.letter"

    desk_original_state = fields.Selection(
        [("out", "To be given back"), ("back", "Given back")],
        string="Original paper",
        readonly=True,
        copy=False,
    )
    desk_original_note = fields.Char(string="Which paper", readonly=True, copy=False)
    desk_pending = fields.Text(
        string="Before it can be closed", compute="_compute_desk_pending"
    )
    desk_can_take_original = fields.Boolean(compute="_compute_desk_pending")
    desk_can_return_original = fields.Boolean(compute="_compute_desk_pending")
    desk_can_leave_opinions = fields.Boolean(compute="_compute_desk_pending")

    @api.depends(
        "desk_state",
        "desk_original_state",
        "run_ids.state",
        "outgoing_ids.state",
        "exchange_ids.state",
    )
    @api.depends_context("uid", "lang")
    def _compute_desk_pending(self):
        for letter in self:
            letter.desk_pending = "\n".join(letter._desk_blockers()) or False
            letter.desk_can_take_original = not letter._desk_original_refusal("out")
            letter.desk_can_return_original = not letter._desk_original_refusal("back")
            letter.desk_can_leave_opinions = not letter._desk_leave_refusal()

    def _desk_pending_refusal(self):
        """Return why the letter cannot be closed, whoever closes it, or None."""
        self.ensure_one()
        blockers = self._desk_blockers()
        if not blockers:
            return None
        return UserError(
            self.env._(
                "The letter %(letter)s cannot be closed yet: %(why)s",
                letter=self.display_name,
                why=" ".join(blockers),
            )
        )

    def _desk_blockers(self):
        """Return the sentences that say what is still open. Hook of bridges."""
        self.ensure_one()
        if self.desk_state in (False, "closed"):
            return []
        found = [
            *self._desk_blocking_replies(),
            *self._desk_blocking_opinions(),
        ]
        if self.desk_original_state == "out":
            found.append(
                self.env._(
                    "the original paper is not given back (%(what)s).",
                    what=self.desk_original_note,
                )
            )
        if waiting := self._desk_transfers("pending"):
            found.append(
                self.env._(
                    "its transfer waits at %(office)s.", office=waiting[:1].to_name
                )
            )
        return found

    def _desk_blocking_replies(self):
        # A reply under way counts, whoever may read it.
        replies_sudo = self.sudo().outgoing_ids
        found = []
        for reply in replies_sudo:
            if reply.state in UNDER_WAY:
                found.append(
                    self.env._(
                        "a reply is under way (%(reply)s): finish or take it back first.",
                        reply=reply.display_name,
                    )
                )
            elif reply.state == "draft":
                found.append(
                    self.env._(
                        "a reply is begun and not sent (%(reply)s): send it or abandon "
                        "it first.",
                        reply=reply.display_name,
                    )
                )
        return found

    def _desk_open_opinions(self):
        """Return the running circuits in which somebody owes an opinion on this letter."""
        # An opinion that is waited for counts, whoever may read it.
        letter_sudo = self.sudo()
        return letter_sudo.run_ids.filtered(
            lambda run: (
                run.state == "running"
                and any(step.kind == "opinion" for step in run._current_steps())
            )
        )

    def _desk_blocking_opinions(self):
        return [
            self.env._(
                "an opinion is waited for from %(people)s.",
                people=", ".join(
                    run.actor_ids.filtered(
                        lambda actor: actor.state == "current"
                    ).mapped("name")
                ),
            )
            for run in self._desk_open_opinions()
        ]

    # Opinions that never come

    def _desk_leave_refusal(self):
        self.ensure_one()
        if not self._desk_open_opinions():
            return UserError(
                self.env._(
                    "No opinion is waited for on the letter %(letter)s.",
                    letter=self.display_name,
                )
            )
        if not self._desk_treats():
            return self._desk_end_role("treated")
        return None

    def action_leave_opinions(self, reason=None):
        """Go on without the opinions that are still waited for on these letters.

        :param str reason: why; without it, open the form that asks
        :return: True, or the window action of the form
        :raise UserError: none is waited for, no reason
        :raise AccessError: neither agent, head of the unit nor supervisor
        """
        for letter in self:
            letter._desk_check(lambda letter: letter._desk_leave_refusal())
        if reason is None:
            return self._desk_open_end(
                "leave_opinions", self.env._("Go on without the opinion")
            )
        reason = self._desk_reason(reason)
        for letter in self:
            letter._desk_open_opinions().with_env(self.env)._cancel(reason)
        return True

    # The original paper

    def _desk_original_refusal(self, new):
        self.ensure_one()
        if not self.desk_state or self.state == "cancelled":
            return self._desk_end_impossible("treated")
        if new == "out" and self.desk_state == "closed":
            return self._desk_end_impossible("treated")
        if not self._desk_treats() and not (
            self.desk_state == "closed" and self._desk_decides()
        ):
            return self._desk_end_role("treated")
        if new == "out" and self.desk_original_state == "out":
            return UserError(
                self.env._(
                    "An original of the letter %(letter)s is to be given back already: "
                    "%(what)s.",
                    letter=self.display_name,
                    what=self.desk_original_note,
                )
            )
        if new == "back" and self.desk_original_state != "out":
            return UserError(
                self.env._(
                    "No original of the letter %(letter)s is to be given back.",
                    letter=self.display_name,
                )
            )
        return None

    def action_take_original(self, note=None):
        """Note that an original paper of this letter has to be given back.

        :param str note: which one and to whom; without it, open the form that asks
        :return: True, or the window action of the form
        :raise UserError: noted already, closed, no words
        :raise AccessError: neither agent, head of the unit nor supervisor
        """
        return self._desk_original("out", note, self.env._("Original to give back"))

    def action_return_original(self, note=None):
        """Note that the original paper was given back.

        :param str note: to whom and how; without it, open the form that asks
        :return: True, or the window action of the form
        :raise UserError: there is none, no words
        :raise AccessError: neither agent, head of the unit nor supervisor
        """
        return self._desk_original("back", note, self.env._("Original given back"))

    def _desk_original(self, new, note, title):
        for letter in self:
            letter._desk_check(lambda letter: letter._desk_original_refusal(new))
        if note is None:
            return self._desk_open_end(f"original_{new}", title)
        note = text.clean_line(note)
        if not note:
            raise UserError(
                self.env._("Say which paper it is, and who gets it or has it.")
            )
        for letter in self:
            letter._desk_write({"desk_original_state": new, "desk_original_note": note})
            letter._desk_log(f"original_{new}", {"note": note}, journal={})
        return True
