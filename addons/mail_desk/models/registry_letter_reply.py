from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .desk_role_mixin import READERS

#: a reply that stands in the way of closing the letter
UNDER_WAY = ("validating", "validated", "signing", "numbering", "sealed")
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
        # What was sent is a fact about the letter, whoever may read the reply.
        replies_sudo = self.sudo().outgoing_ids
        return any(
            reply.kind == "reply" and reply.state in SENT for reply in replies_sudo
        )

    def _desk_reply_sent(self, reply):
        """A reply to these letters was sent.

        :param reply: the ``desk.outgoing``
        """
        self._desk_sync()

    def _desk_pending_refusal(self):
        """Return why the letter cannot be closed: a reply is on its way; or None."""
        self.ensure_one()
        # A reply under way counts, whoever may read it.
        replies_sudo = self.sudo().outgoing_ids.filtered(
            lambda reply: reply.state in UNDER_WAY
        )
        if replies_sudo:
            return UserError(
                self.env._(
                    "A reply to the letter %(letter)s is under way (%(reply)s): finish "
                    "or take it back first.",
                    letter=self.display_name,
                    reply=replies_sudo[0].display_name,
                )
            )
        return None

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
            lambda reply: reply.state == "draft" and reply.user_id == self.env.user
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
