from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.gov_trust.exceptions import SealUnavailable

from ..lib import content
from ..report import register_book as book

_ROWS = """
    SELECT ev.seq, ev.kind, e.number, e.registered_at, e.channel, e.document_count,
           e.content_hash, e.actor_name, e.is_late, d.subject, d.sender_name,
           d.content_json, ev.actor_name
      FROM gov_journal_event ev
      JOIN registry_entry e ON e.id = ev.subject_id
 LEFT JOIN registry_entry_detail d ON d.entry_id = e.id AND d.event_uid = ev.uid
     WHERE ev.journal_id = %s AND ev.seq > %s AND ev.seq <= %s
       AND ev.subject_model = 'registry.entry'
  ORDER BY ev.seq
"""


class RegistryRegister(models.Model):
    """Daily closing: the day's lines as a sealed PDF, each line in exactly one."""

    _inherit = "registry.register"

    def action_close_day(self):
        """Close what was registered since the last closing, up to now.

        The lines become one sealed PDF, kept as a document and noted in the journal.
        Closing again with nothing new changes nothing and gives the same closing.

        :return: window action on the last closing
        :raise UserError: nothing was ever registered, or the seal is unavailable
        :raise AccessError: neither registrar nor head
        """
        self.check_access("read")
        self._check_may("registrar")
        closings = self.env["registry.closing"]
        for register in self:
            closings |= register._close_day()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Closing of the day"),
            "res_model": "registry.closing",
            "views": [(False, "list"), (False, "form")]
            if len(closings) > 1
            else [(False, "form")],
            "res_id": closings[:1].id,
            "domain": [("id", "in", closings.ids)],
        }

    def _close_day(self):
        """Return the closing that ends now; the last one when nothing happened since."""
        self.ensure_one()
        # Closings and documents are evidence: the role was checked.
        closings_sudo = self.env["registry.closing"].sudo()
        last = closings_sudo.search(
            [("register_id", "=", self.id)], order="last_seq desc", limit=1
        )
        size, events = self.env.execute_query(
            SQL(
                """SELECT coalesce(max(seq), 0), count(*) FILTER (WHERE seq > %s)
                     FROM gov_journal_event
                    WHERE journal_id = %s AND seq IS NOT NULL
                      AND subject_model = 'registry.entry'""",
                last.last_seq or 0,
                self.journal_id.id,
            )
        )[0]
        if not events and last:
            return last.with_env(self.env)
        if not events:
            raise UserError(
                self.env._(
                    "Nothing is registered in %(register)s yet: there is no day to "
                    "close.",
                    register=self.name,
                )
            )
        self.env.flush_all()
        facts = {
            "register_id": self.id,
            "company_id": self.company_id.id,
            "day": self._local_now().date(),
            "first_seq": (last.last_seq or 0) + 1,
            "last_seq": size,
        }
        closing = closings_sudo.create(facts)
        closing._fill(self._closing_book(closing))
        return closing.with_env(self.env)

    def _closing_book(self, closing):
        """Return (sealed PDF, counts) of the lines of ``closing``."""
        counts = {"line_count": 0, "change_count": 0}
        lines, numbers = [], []
        for row in self.env.execute_query(
            SQL(_ROWS, self.journal_id.id, closing.first_seq - 1, closing.last_seq)
        ):
            line = self._book_line(row)
            lines.append(line)
            if row[1] == "letter.registered":
                counts["line_count"] += 1
                numbers.append(row[2])
            else:
                counts["change_count"] += 1
        counts["first_number"] = numbers[0] if numbers else False
        counts["last_number"] = numbers[-1] if numbers else False
        pdf = book.render(self._book_header(closing, counts), lines)
        try:
            sealed = self.env["gov.seal"]._seal_pdf(
                self.company_id,
                pdf,
                reason=f"Closing {closing.day.isoformat()}",
                level="B-LTA",
            )
        except SealUnavailable as error:
            raise UserError(
                self.env._(
                    "The day was not closed: the seal is not available. %(reason)s",
                    reason=str(error),
                )
            ) from error
        return sealed, {**counts, "pdf_sha256": content.digest(sealed)}

    def _book_line(self, row):
        (_seq, kind, number, instant, channel, documents, digest, actor, late) = row[:9]
        subject, sender, _words, changed_by = row[9:]
        marks = {
            "letter.registered": "",
            "letter.cancelled": self.env._("cancelled"),
            "letter.rectified": self.env._("rectified"),
            "envelope.opened": self.env._("envelope opened"),
            "letter.classified": self.env._("classified"),
            "letter.sealed": self.env._("sealed"),
            "exchange.sent": self.env._("sent to another administration"),
            "exchange.received": self.env._("from another administration"),
            "exchange.accepted": self.env._("accepted there"),
            "exchange.rejected": self.env._("rejected there"),
            "exchange.forwarded": self.env._("forwarded there"),
        }
        registered = kind == "letter.registered"
        return book.Line(
            number=number or "",
            instant=f"{self._to_local(instant):%d/%m/%Y %H:%M}" if instant else "",
            sender=sender or "",
            subject=subject or "",
            channel=self._channel_label(channel),
            documents=str(documents or 0) if registered else "",
            digest=(digest or "")[:16] if registered else "",
            actor=(actor if registered else changed_by) or "",
            mark=marks.get(kind, kind) + (" *" if late and registered else ""),
        )

    def _channel_label(self, channel):
        selection = self.env["registry.entry"]._fields["channel"]
        return dict(selection._description_selection(self.env)).get(channel, "")

    def _book_header(self, closing, counts):
        identity = self.company_id._gov_identity()
        names = identity["name"]
        return book.Header(
            administration=[names[code] for code in ("fr", "ar") if names.get(code)]
            or list(names.values()),
            title=f"{self.office_id.name} – {self.name}",
            period=self.env._(
                "Closing of %(day)s: %(lines)s lines, %(changes)s changes",
                day=closing.day.strftime("%d/%m/%Y"),
                lines=counts["line_count"],
                changes=counts["change_count"],
            ),
            columns=[
                self.env._("Number"),
                self.env._("Registered on"),
                self.env._("Correspondent"),
                self.env._("Subject"),
                self.env._("Received by"),
                self.env._("Pieces"),
                self.env._("Content (SHA-256)"),
                self.env._("By"),
                self.env._("Note"),
            ],
            footer=f"{self._stream_code()} {closing.first_seq}-{closing.last_seq}",
            note=self.env._("* registered on a later day than it arrived"),
        )
