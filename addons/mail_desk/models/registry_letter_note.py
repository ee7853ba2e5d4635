from odoo import models
from odoo.exceptions import AccessError, UserError

from odoo.addons.gov_base.lib import given, text

from .desk_event import AUDIENCES


class RegistryLetter(models.Model):
    """Notes on a letter, each with its audience."""

    _inherit = "registry.letter"

    def action_add_note(self, note=None, audience="letter", user_ids=None):
        """Write a note on this letter.

        :param str note: the words; without them, open the form that asks
        :param str audience: "letter" (everyone who may read the letter), "unit" (the people
            of the author's unit) or "people" (those named, and the author)
        :param list user_ids: for "people": ``res.users`` who may read the letter; they are
            told
        :return: True, or the window action of the form
        :raise UserError: no words, the author works in no unit, nobody named or somebody
            who may not read the letter
        :raise AccessError: not an agent of the desk
        """
        self.ensure_one()
        self.check_access("read")
        if not self._desk_is("agent"):
            raise AccessError(
                self.env._("Only the people of the desk write notes on a letter.")
            )
        if note is None:
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Write a note"),
                "res_model": "desk.note.wizard",
                "views": [(False, "form")],
                "target": "new",
                "context": {"default_letter_id": self.id},
            }
        if audience not in [key for key, _label in AUDIENCES]:
            # Never wider than what was meant.
            raise UserError(
                self.env._(
                    "Say who may read the note: everyone on the letter, your unit, or "
                    "persons you choose."
                )
            )
        note = text.clean_block(note)
        if not note:
            raise UserError(self.env._("Write the note first: it is empty."))
        unit = self._desk_own_unit() if audience == "unit" else None
        if audience == "unit" and not unit:
            raise UserError(
                self.env._(
                    "You work in no unit of this administration: write the note for "
                    "everyone on the letter."
                )
            )
        readers = self._desk_note_readers(user_ids) if audience == "people" else None
        self.env["desk.event"]._log(
            "note", {}, letter=self, text=note, unit=unit, readers=readers
        )
        if readers:
            self._desk_tell(
                readers,
                self.env._("%(user)s wrote a note for you.", user=self.env.user.name),
            )
        return True

    def _desk_note_readers(self, user_ids):
        """Return the persons a note is for: each may read the letter already."""
        users = self.env["res.users"].browse(given.record_ids(user_ids)).exists()
        if not users:
            raise UserError(self.env._("Choose the persons the note is for."))
        # The right of others to read this letter is asked, nothing else of them.
        users_sudo = users.sudo().filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        for user in users:
            allowed = user in users_sudo and self.with_user(user).with_context(
                allowed_company_ids=self.company_id.ids
            ).has_access("read")
            if not allowed:
                raise UserError(
                    self.env._(
                        "A note is for persons who may read the letter already: give "
                        "them a copy first, or choose others."
                    )
                )
        return users

    def _desk_tell(self, users, sentence):
        """Tell these persons in their inbox: the number and a link, no word of the letter."""
        self.ensure_one()
        # Their partners are addressed, whoever may read their accounts.
        partners_sudo = users.sudo().partner_id
        self.message_notify(
            partner_ids=partners_sudo.ids,
            subject=self.display_name,
            body=sentence,
        )

    def _desk_own_unit(self):
        """Return the user's unit on this letter, else the first one he works in."""
        self.ensure_one()
        rows = self.env["gov.access"].search(
            [
                ("user_id", "=", self.env.uid),
                ("company_id", "=", self.company_id.id),
                ("inherited", "=", False),
                ("substitute_id", "=", False),
            ]
        )
        units = rows.unit_id
        return (units & self.assignment_ids.unit_id)[:1] or units[:1]
