from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .desk_role_mixin import READERS

#: a reply that stands in the way of closing the letter
UNDER_WAY = ("validating", "validated", "signing", "paper", "numbering", "sealed")
SENT = ("sent", "read")


class RegistryLetter(models.Model):
    """The replies to a letter."""

    _inherit = "registry.letter"

    outgoing_ids = fields.One2many(
        "desk.outgoing",
        "answers_id",
        string="Replies",
        readonly=True,
        groups=READERS,
    )
    prepared_ids = fields.One2many(
        "desk.outgoing",
        "letter_id",
        string="Prepared as",
        readonly=True,
        groups=READERS,
    )

    def _desk_is_replied(self):
        """Tell whether a reply to this letter was sent."""
        self.ensure_one()
        return bool(self._desk_replies())

    def _desk_replies(self):
        """Return the final replies to this letter that were sent since it is open."""
        # What was sent is a fact about the letter, whoever may read the reply.
        letters_sudo = self.sudo()
        return letters_sudo.outgoing_ids.filtered(
            lambda reply: (
                reply.kind == "reply"
                and reply.state in SENT
                and reply.is_final
                and not reply.is_superseded
            )
        )

    def _desk_reply_sent(self, reply):
        """A reply to these letters was sent: the final one closes them, if nothing is open.

        A letter that went to another unit meanwhile is left to those who have it.

        :param reply: the ``desk.outgoing``
        """
        # Who sends the reply may not read the letter any more.
        for letter in self.sudo():
            letter._desk_sync()
            if (
                reply not in letter._desk_replies()
                or letter.desk_state != "replied"
                or letter._desk_blockers()
            ):
                continue
            # Whether the unit that answered still has the letter is asked, nothing shown.
            unit_sudo = reply.sudo().unit_id
            if letter.desk_unit_id in (unit_sudo, unit_sudo.parent_id):
                letter._desk_end("answered", False)

    def _desk_reply_refusal(self):
        self.ensure_one()
        if not self.entry_id or self.state != "registered":
            return UserError(self.env._("Only a registered letter is answered."))
        if self.direction == "outgoing":
            return UserError(self.env._("A letter of ours is not answered by us."))
        if self.desk_state == "closed":
            return UserError(
                self.env._(
                    "The letter %(letter)s is closed: open it again to answer it.",
                    letter=self.display_name,
                )
            )
        if waiting := self._desk_transfers("pending"):
            return UserError(
                self.env._(
                    "The letter %(letter)s is being transferred to %(office)s: nothing is "
                    "answered here unless it comes back.",
                    letter=self.display_name,
                    office=waiting[:1].to_name,
                )
            )
        if not self._desk_treats():
            return AccessError(
                self.env._(
                    "Only the agent who has the letter %(letter)s, the head of the unit, "
                    "a deputy or a supervisor of the desk answers it.",
                    letter=self.display_name,
                )
            )
        return None

    def action_reply(self):
        """Begin a reply to this letter, or open the draft that is there.

        :return: window action of the draft
        :raise UserError: not registered, closed
        :raise AccessError: neither agent, head of the unit nor supervisor
        """
        self.ensure_one()
        self.check_access("read")
        if refusal := self._desk_reply_refusal():
            raise refusal
        mine = self.outgoing_ids.filtered(
            lambda reply: (
                reply.state == "draft"
                and self._desk_is_me(reply.user_id, reply.unit_id, reply.company_id)
            )
        )
        reply = mine[:1] or self.env["desk.outgoing"].create(
            {"kind": "reply", "answers_id": self.id}
        )
        return reply._open()

    def action_open_replies(self):
        """Open the reply to this letter, or the list when there are several.

        :return: window action
        """
        self.ensure_one()
        self.check_access("read")
        replies = self.outgoing_ids.filtered(lambda reply: reply.state != "cancelled")
        waiting = replies.filtered("can_decide")
        if len(waiting or replies) == 1:
            return (waiting or replies)._open()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mail_desk.desk_outgoing_action"
        )
        return {**action, "domain": [("answers_id", "=", self.id)], "context": {}}
