from odoo import api, fields, models
from odoo.tools import format_datetime

from .desk_role_mixin import READERS


class RegistryLetter(models.Model):
    """The timeline of a letter: from the deposit to the answer, one line each act."""

    _inherit = "registry.letter"

    desk_timeline = fields.Json(
        string="History", compute="_compute_desk_timeline", groups=READERS
    )

    @api.depends("desk_event_ids", "receipt_ids.state", "entry_id.registered_at")
    @api.depends_context("uid", "lang", "tz")
    def _compute_desk_timeline(self):
        for letter in self:
            lines = [*letter._desk_register_lines(), *letter._desk_event_lines()]
            lines.sort(key=lambda line: line["at"], reverse=True)
            letter.desk_timeline = [
                {
                    **line,
                    "at": line["at"].isoformat(),
                    "when": format_datetime(self.env, line["at"], dt_format="short"),
                }
                for line in lines
            ]

    def _desk_event_lines(self):
        """Return the lines of the desk that the user may read."""
        audiences = dict(
            self.env["desk.event"]._fields["audience"]._description_selection(self.env)
        )
        return [
            {
                "key": f"event-{event.id}",
                "kind": "note" if event.kind == "note" else "move",
                "at": event.happened_at,
                "icon": event.icon,
                "sentence": event.sentence,
                "text": event.text or "",
                "audience": self._desk_audience(event, audiences),
            }
            for event in self.desk_event_ids
        ]

    @api.model
    def _desk_audience(self, event, audiences):
        if event.audience == "letter":
            return ""
        # Who reads a note may know for whom it is.
        event_sudo = event.sudo()
        names = event_sudo.reader_ids.mapped("name") or [event_sudo.unit_id.name or ""]
        return f"{audiences[event.audience]}: {', '.join(names)}"

    def _desk_register_lines(self):
        """Return the lines of the register: received, numbered, its receipts."""
        self.ensure_one()
        env = self.env
        # An agent of the desk reads no register line; these facts belong to his letter.
        letter_sudo = self.sudo()
        entry_sudo = letter_sudo.entry_id
        channels = dict(letter_sudo._fields["channel"]._description_selection(env))
        lines = []
        if letter_sudo.received_at:
            lines.append(
                (
                    "received",
                    letter_sudo.received_at,
                    "fa-inbox",
                    env._(
                        "The letter came (%(channel)s).",
                        channel=channels.get(letter_sudo.channel, "–"),
                    ),
                )
            )
        if entry_sudo.registered_at:
            lines.append(
                (
                    "registered",
                    entry_sudo.registered_at,
                    "fa-hashtag",
                    env._(
                        "Registered under the number %(number)s (%(register)s).",
                        number=entry_sudo.number,
                        register=letter_sudo.register_id.name,
                    ),
                )
            )
        lines += [
            (
                f"receipt-{receipt.id}",
                receipt.sealed_at,
                "fa-file-text-o",
                env._("The receipt was sealed."),
            )
            for receipt in letter_sudo.receipt_ids
            if receipt.sealed_at
        ]
        return [
            {
                "key": key,
                "kind": "register",
                "at": moment,
                "icon": icon,
                "sentence": sentence,
                "text": "",
                "audience": "",
            }
            for key, moment, icon, sentence in lines
        ]

    def desk_sender_view(self):
        """Return this letter as its sender sees it.

        :return: dict: ``sentence`` (what it is, or why there is nothing), ``stages``: dicts
            of ``key``, ``title``, ``text``, ``number``, ``when`` and ``done``
        :raise AccessError: the user may not read this letter
        """
        self.ensure_one()
        self.check_access("read")
        stages = self._desk_sender_stages()
        if stages is None:
            return {
                "sentence": self.env._(
                    "Senders follow their letters on the website of the portal: it is "
                    "not installed here."
                ),
                "stages": [],
            }
        return {
            "sentence": self.env._(
                "This is what the sender reads on the page that follows the letter."
            ),
            "stages": stages,
        }

    def _desk_sender_stages(self):
        """Return what the sender sees, or None without a portal. Hook of its bridge."""
        return None

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
            if self.env["desk.event"]._acting_for(self):
                facts["substitute"] = True
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
