import json

from odoo import models
from odoo.tools import SQL

_LINES = """
    SELECT ev.seq, ev.kind, ev.uid, ev.body, ev.number_text, ev.number_year,
           ev.number_sequence, ev.sequenced_at,
           e.id, e.number, e.display_number, e.year, e.sequence, e.journal_seq,
           e.registered_at, e.submitted_at, e.direction, e.channel, e.unit_code,
           e.content_hash, e.document_count, e.event_uid,
           d.id, d.subject, d.sender_name, d.content_json, d.salts_json, s.state
      FROM gov_journal_event ev
 LEFT JOIN registry_entry e ON e.id = ev.subject_id
 LEFT JOIN registry_entry_detail d ON d.entry_id = e.id AND d.event_uid = ev.uid
 LEFT JOIN registry_entry_status s ON s.entry_id = e.id
     WHERE ev.journal_id = %s AND ev.seq IS NOT NULL
       AND ev.subject_model = 'registry.entry'
       AND ev.kind IN ('letter.registered', 'letter.cancelled', 'letter.rectified',
                       'letter.classified')
  ORDER BY ev.seq
"""
#: the columns above, in order
_NAMES = (
    "seq",
    "kind",
    "uid",
    "body",
    "number_text",
    "number_year",
    "number_sequence",
    "sequenced_at",
    "entry",
    "number",
    "display_number",
    "year",
    "sequence",
    "journal_seq",
    "registered_at",
    "submitted_at",
    "direction",
    "channel",
    "unit_code",
    "content_hash",
    "document_count",
    "event_uid",
    "detail",
    "subject",
    "sender_name",
    "content_json",
    "salts_json",
    "state",
)


class RegistryRegister(models.Model):
    """The one-click check: journal, lines, words, projections."""

    _inherit = "registry.register"

    def action_verify(self):
        """Recompute the journal of this register and compare each line with its event.

        Shows “1 → 8,412 intact, 7 cancelled”, or the first line that does not hold and
        why. Nothing is repaired.

        :return: window action on the result
        """
        self.ensure_one()
        self.check_access("read")
        self._check_may("registrar", "auditor", "admin")
        result = self._verify()
        record = self.env["registry.verify.result"].create(
            {
                "register_id": self.id,
                "is_intact": result["ok"],
                "sentence": result["sentence"],
                "journal_size": result["journal_size"],
                "first_bad_number": result["first_bad_number"],
                "line_ids": [
                    (0, 0, {"year": year, **facts})
                    for year, facts in sorted(result["years"].items(), reverse=True)
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Check of the register"),
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _verify(self):
        """Check everything; the worst comes first.

        :return: dict(ok, sentence, reason, first_bad_number, journal_size, years):
            years maps a year to first, last, lines, cancelled, rectified
        """
        self.ensure_one()
        self.env.flush_all()
        # The check reads evidence of its own register whatever the reader's rights;
        # it shows numbers and counts, no word of a letter.
        journal_sudo = self.journal_id.sudo()
        journal = journal_sudo._verify()
        bad, years = self._compare_lines()
        bad = bad or self._find_stray_line()
        if not journal["ok"] and (bad is None or journal["first_bad"] <= bad[0]):
            bad = (
                journal["first_bad"],
                self._number_of_seq(journal["first_bad"]),
                journal["sentence"],
            )
        return {
            "ok": bad is None,
            "first_bad_number": bad[1] if bad else False,
            "reason": bad[2] if bad else False,
            "sentence": self._verdict_sentence(bad, years),
            "journal_size": journal["size"],
            "years": years,
        }

    def _verdict_sentence(self, bad, years):
        if bad:
            return self.env._(
                "%(number)s does not hold: %(reason)s",
                number=bad[1] or self.env._("Line %(seq)s of the journal", seq=bad[0]),
                reason=bad[2],
            )
        if not years:
            return self.env._("No letter is registered yet: there is nothing to check.")
        return " ".join(
            self.env._(
                "%(year)s: %(first)s → %(last)s intact, %(cancelled)s cancelled, "
                "%(rectified)s rectified.",
                year=str(year),
                first=f"{facts['first']:,}",
                last=f"{facts['last']:,}",
                cancelled=facts["cancelled"],
                rectified=facts["rectified"],
            )
            for year, facts in sorted(years.items())
        )

    def _compare_lines(self):
        """Walk the events once; return ((seq, number, reason) or None, facts by year)."""
        years = {}
        first_numbers = self._first_numbers()
        lines = self.env.cr._cnx.cursor(name=f"registry_register_{self.id}")
        with lines:
            lines.itersize = 2000
            lines.execute(_LINES, (self.journal_id.id,))
            for values in lines:
                row = dict(zip(_NAMES, values, strict=True))
                reason = self._line_reason(row, years, first_numbers)
                if reason:
                    number = row["number_text"] or row["number"]
                    return (row["seq"], number, reason), years
        return None, years

    def _first_numbers(self):
        """Return the first number of each year that an act made start elsewhere."""
        rows = self.env.execute_query(
            SQL(
                "SELECT body FROM gov_journal_event WHERE journal_id = %s "
                "AND seq IS NOT NULL AND kind = 'year.started'",
                self.journal_id.id,
            )
        )
        bodies = [json.loads(body) for (body,) in rows]
        return {body["year"]: body["first_number"] for body in bodies}

    def _line_reason(self, row, years, first_numbers):
        """Return why the line of one event does not hold, or None; counts it in."""
        body = json.loads(row["body"])
        if not row["entry"]:
            return self.env._("its line is no longer in the register.")
        if row["kind"] == "letter.registered":
            reason = self._registration_reason(row, body)
            if reason:
                return reason
            first = first_numbers.get(row["year"], 1)
            facts = years.setdefault(
                row["year"],
                {
                    "first": first,
                    "last": first - 1,
                    "lines": 0,
                    "cancelled": 0,
                    "rectified": 0,
                },
            )
            if row["sequence"] != facts["last"] + 1:
                return self.env._("the number before it is missing.")
            facts["last"] = row["sequence"]
            facts["lines"] += 1
            if row["state"]:
                facts[row["state"]] += 1
        elif row["kind"] == "letter.cancelled" and row["state"] != "cancelled":
            return self.env._("it was cancelled, and the register no longer says so.")
        return self._detail_reason(row, body)

    def _registration_reason(self, row, body):
        def text(value, pattern="%Y-%m-%dT%H:%M:%SZ"):
            return value.strftime(pattern) if value else None

        compared = (
            (self.env._("its number"), row["number"], row["number_text"]),
            (self.env._("its number"), row["display_number"], row["number_text"]),
            (self.env._("its number"), row["year"], row["number_year"]),
            (self.env._("its number"), row["sequence"], row["number_sequence"]),
            (self.env._("its place"), row["journal_seq"], row["seq"]),
            (self.env._("its event"), row["event_uid"], row["uid"]),
            (self.env._("its instant"), row["registered_at"], row["sequenced_at"]),
            (
                self.env._("its instant of deposit"),
                text(row["submitted_at"]),
                body["submitted_at"],
            ),
            (self.env._("its direction"), row["direction"], body["direction"]),
            (self.env._("its channel"), row["channel"], body["channel"]),
            (self.env._("its unit"), row["unit_code"] or None, body["unit"]),
            (self.env._("its content"), row["content_hash"], body["content_hash"]),
            (
                self.env._("its documents"),
                row["document_count"] or 0,
                len(body["documents"]),
            ),
        )
        for label, found, sealed in compared:
            if found != sealed:
                return self.env._("%(what)s is not what was sealed.", what=label)
        return None

    def _detail_reason(self, row, body):
        if not row["detail"]:
            return self.env._("its words are no longer in the register.")
        field = self.env["registry.entry.detail"]._mismatch(row, body["salted"])
        if not field:
            return None
        labels = {
            "subject": self.env._("its subject"),
            "sender": self.env._("its correspondent"),
            "sender_reference": self.env._("the correspondent's reference"),
            "body": self.env._("its text"),
            "parties": self.env._("its parties"),
            "reason": self.env._("the reason of its change"),
            "category": self.env._("its category"),
            "nature": self.env._("its nature"),
            "priority": self.env._("its priority"),
            "keyword": self.env._("its keywords"),
            "form": self.env._("its form"),
            "form_values": self.env._("its own fields"),
        }
        return self.env._(
            "%(what)s is not what was sealed.", what=labels.get(field, field)
        )

    def _find_stray_line(self):
        """Return the first numbered line that no event tells, or None."""
        rows = self.env.execute_query(
            SQL(
                """SELECT e.journal_seq, e.number FROM registry_entry e
                    WHERE e.register_id = %s AND e.sequence IS NOT NULL
                      AND NOT EXISTS (SELECT 1 FROM gov_journal_event ev
                           WHERE ev.uid = e.event_uid AND ev.subject_id = e.id
                             AND ev.journal_id = %s)
                 ORDER BY e.year, e.sequence LIMIT 1""",
                self.id,
                self.journal_id.id,
            )
        )
        if not rows:
            return None
        return (
            rows[0][0] or 0,
            rows[0][1],
            self.env._("no event of the journal tells this line."),
        )

    def _number_of_seq(self, seq):
        rows = self.env.execute_query(
            SQL(
                "SELECT number_text FROM gov_journal_event "
                "WHERE journal_id = %s AND seq = %s",
                self.journal_id.id,
                seq,
            )
        )
        return rows[0][0] if rows else None
