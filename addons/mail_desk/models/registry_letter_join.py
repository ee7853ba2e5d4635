from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import given

from .registry_letter_end_gate import OPEN_STATES


class RegistryLetter(models.Model):
    """A letter about the same matter as another one is joined to it and treated there."""

    _inherit = "registry.letter"

    joined_to_id = fields.Many2one(
        "registry.letter",
        string="Joined to",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    joined_ids = fields.One2many(
        "registry.letter", "joined_to_id", string="Joined letters", readonly=True
    )

    def _desk_lead(self):
        """Return the letter under which this one is treated: itself, or the one it joined."""
        self.ensure_one()
        return self.joined_to_id or self

    def action_join(self, letter_id=None, reason=None):
        """Join these letters to another one: they are closed, and treated there.

        What was joined to them before follows.

        :param int letter_id: the ``registry.letter`` that is treated; without it, open
            the form that asks
        :param str reason: why, in one line
        :return: True, or the window action of the form
        :raise UserError: closed, itself, unknown, not at the desk, no reason, something
            stands in the way
        :raise AccessError: neither agent, head of the unit nor supervisor
        """
        self._desk_pass_end("joined")
        if letter_id is None:
            return self._desk_open_end("join", self.env._("Join to another letter"))
        lead = self._desk_join_target(letter_id)
        reason = self._desk_reason(reason)
        for letter in self:
            followers = letter._desk_followers()
            letter._desk_end("joined", reason, joined_to_id=lead.id)
            followers._desk_write({"joined_to_id": lead.id})
            for follower in followers:
                follower._desk_log("joined_on", {"number": lead.number})
            lead._desk_log(
                "joined", {"number": letter.number, "reason": reason}, journal={}
            )
        return True

    def _desk_followers(self):
        # What was joined follows, also what the user may not read.
        letter_sudo = self.sudo()
        return letter_sudo.joined_ids

    def _desk_join_target(self, letter_id):
        """Return the letter these are joined to, locked, or raise naming what does not fit."""
        lead = self.browse(given.record_id(letter_id)).exists()
        # One that the user may not read is unknown to him.
        lead = lead._filtered_access("read")
        if not lead or lead.company_id != self.company_id:
            raise UserError(
                self.env._(
                    "Choose a letter that you may read, of the same administration. "
                    "Nothing was joined."
                )
            )
        if lead in self:
            raise UserError(
                self.env._(
                    "The letter %(letter)s cannot be joined to itself: choose another "
                    "one.",
                    letter=lead.display_name,
                )
            )
        lead.assignment_ids._lock()
        lead.invalidate_recordset()
        if lead.state != "registered" or lead.desk_state not in OPEN_STATES:
            raise UserError(
                self.env._(
                    "The letter %(letter)s is not being treated any more, or is not at "
                    "the desk: a letter is joined to one that is open.",
                    letter=lead.display_name,
                )
            )
        return lead

    def action_open_joined_to(self):
        """Open the letter under which this one is treated.

        :return: window action
        :raise UserError: it is joined to none
        """
        self.ensure_one()
        self.check_access("read")
        if not self.joined_to_id:
            raise UserError(
                self.env._(
                    "The letter %(letter)s is joined to no other.",
                    letter=self.display_name,
                )
            )
        return self.joined_to_id.action_open_desk()
