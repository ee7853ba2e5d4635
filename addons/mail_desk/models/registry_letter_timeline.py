from odoo import models
from odoo.exceptions import AccessError, UserError

from odoo.addons.gov_base.lib import text


class RegistryLetter(models.Model):
    """The timeline of a letter, its notes, and its events in the register's journal."""

    _inherit = "registry.letter"

    def _desk_log(self, kind, args, *, journal=None):
        """Write a line of the timeline and, with ``journal``, an event of the register.

        :param str kind: see ``desk.event``
        :param dict args: ids, dates and words for the sentence
        :param dict journal: facts of the event ``desk.<kind>``: nothing about a person
        """
        self.ensure_one()
        event = self.env["desk.event"]._log(kind, args, letter=self)
        if journal is not None and self.entry_id:
            facts = {key: value for key, value in journal.items() if value is not None}
            # An agent of the desk reads no register line beyond its number.
            entry_sudo = self.sudo().entry_id
            self.register_id._append_event(
                f"desk.{kind}",
                {"entry": entry_sudo.event_uid, **facts},
                subject=entry_sudo,
            )
        return event

    def _desk_moved(self, kind, args, journal):
        """Follow a move that was just made, and write it down."""
        self._desk_sync()
        self._desk_log(kind, args, journal=journal)

    def action_add_note(self, note=None, audience="letter"):
        """Write a note on this letter.

        :param str note: the words; without them, open the form that asks
        :param str audience: "letter" (everyone who may read the letter) or "unit" (the
            people of the author's unit)
        :return: True, or the window action of the form
        :raise UserError: no words, or the author works in no unit
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
        if audience not in ("letter", "unit"):
            # Never wider than what was meant.
            raise UserError(
                self.env._(
                    "Say who may read the note: everyone on the letter, or your unit."
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
        self.env["desk.event"]._log("note", {}, letter=self, text=note, unit=unit)
        return True

    def _desk_own_unit(self):
        """Return the user's unit on this letter, else the first one he works in."""
        self.ensure_one()
        rows = self.env["gov.access"].search(
            [
                ("user_id", "=", self.env.uid),
                ("company_id", "=", self.company_id.id),
                ("inherited", "=", False),
            ]
        )
        units = rows.unit_id
        return (units & self.assignment_ids.unit_id)[:1] or units[:1]
