"""Letters at the counter, by post, outgoing and internal; what happens to them after."""

from __future__ import annotations

from datetime import date, timedelta

from odoo.fields import Command

from . import papers
from .store import Store


class Desk:
    """Plays one administration: its registrar and its head of office at work."""

    def __init__(self, store: Store, key: str, people: dict, desk: str) -> None:
        self.store = store
        self.key = key
        self.people = people["correspondents"][key]
        self.desk = desk
        suffix = "" if key == "zitoune" else "2"
        self.registrar = store.get(f"user_registrar{suffix}")
        self.head = store.get(f"user_head{suffix}")
        self.today = date.today()

    def write(self, said: dict) -> None:
        """Write a letter and, unless it stays a draft, register it: one transaction."""
        name = f"letter_{said['key']}"
        if self.store.get(name):
            return
        letters = self.store.acting(self.registrar)["registry.letter"]
        letter = letters.create(self._values(said))
        for filename, content, role in self._files(said):
            letter._add_document(content, filename, role=role)
        if said.get("state") != "draft":
            letter.action_register()
        if "task" in said:
            letter.with_context(mail_activity_quick_update=True).activity_schedule(
                "mail.mail_activity_data_todo",
                summary=said["task"],
                user_id=self.registrar.id,
                date_deadline=self.today + timedelta(days=2),
            )
        self.store.note(name, letter.sudo())
        self.store.commit()

    def change(self, said: dict) -> None:
        """Cancel or rectify what the data say, once the letter has its number."""
        letter = self.store.get(f"letter_{said['key']}")
        letter = letter.with_env(self.store.acting(self.head))
        if "cancel" in said and letter.state == "registered":
            letter.action_cancel(
                reason=said["cancel"]["reason"],
                authority=said["cancel"]["authority"],
                authority_date=self.today,
            )
        elif "rectify" in said and len(letter.receipt_ids) == 1:
            change = said["rectify"]
            value = change.get("to") or self._day(change["days"]).isoformat()
            letter.action_rectify(change["field"], value, change["reason"])
        else:
            return
        self.store.commit()

    def _day(self, ago: int) -> date:
        return self.today - timedelta(days=ago)

    def _values(self, said: dict) -> dict:
        direction = said.get("direction", "incoming")
        desk = said.get("desk", self.desk)
        vals = {
            "register_id": self.store.get(f"register_{desk}_{direction}").id,
            "subject": said["subject"],
            "body": said.get("text"),
            "language": said.get("lang", "fr"),
            "channel": said.get("way", "counter"),
            "sender_kind": self.people[said["from"]].get("kind", "citizen"),
            "sender_reference": said.get("ref"),
            "document_date": self._day(said.get("doc", 0)),
            "arrival_date": self._day(said.get("came", 0)),
            "party_ids": [Command.create(party) for party in self._parties(said)],
            "envelope_kind": said.get("envelope"),
            "envelope_holder": said.get("holder"),
        }
        if "about" in said:
            subject = self.store.get(f"subject_{self.key}_{said['about']}")
            vals["subject_type_id"] = subject.id
        if "unit" in said:
            vals["unit_id"] = self.store.get(f"unit_{self.key}_{said['unit']}").id
        if said.get("pieces") and direction == "incoming":
            vals["pieces_announced"] = vals["pieces_received"] = len(said["pieces"])
        return vals

    def _parties(self, said: dict) -> list[dict]:
        who = self.people[said["from"]]
        outgoing = said.get("direction") == "outgoing"
        parties = [
            {
                "role": "recipient" if outgoing else "sender",
                "kind": "organisation" if "kind" in who else "person",
                "name": who["name"],
                "email": who.get("e"),
                "phone": who.get("p"),
                "address": who.get("a"),
                "identifier": who.get("id"),
                "partner_id": self.store.get(f"contact_{self.key}_{said['from']}").id,
            }
        ]
        return parties + [said["party"]] if "party" in said else parties

    def _files(self, said: dict):
        """Yield the files that come with a letter: name, content, role."""
        if said.get("scan", True):
            page = papers.letter_pdf(self.paper(said))
            incoming = said.get("direction", "incoming") == "incoming"
            if incoming and said.get("way") != "email":
                yield f"scan-{said['key']}.pdf", papers.scan(page, said["key"]), "main"
            else:
                yield f"{said['subject'][:60]}.pdf", page, "main"
        yield from pieces(said)

    def paper(self, said: dict) -> papers.Paper:
        """Return what is written on the sheet."""
        lang = said.get("lang", "fr")
        code = {"ar": "ar_MA", "zgh": "zgh", "en": "en_US"}.get(lang, "fr_FR")
        company = self.store.get(f"company_{self.key}").with_context(lang=code)
        who = self.people[said["from"]]
        ours = (company.gov_name, " ".join((company.gov_address or "").split()))
        theirs = (who["name"], who.get("a", ""))
        outgoing = said.get("direction") == "outgoing"
        sender, recipient = (ours, theirs) if outgoing else (theirs, ours)
        return papers.Paper(
            lang=lang,
            sender=sender[0],
            address=sender[1],
            recipient=recipient[0],
            day=self._day(said.get("doc", 0)),
            subject=said["subject"],
            text=said.get("text", ""),
            reference=said.get("ref", ""),
        )


def pieces(said: dict):
    """Yield the annexes of a letter: name, content, role."""
    for title in said.get("pieces", ()):
        content = papers.annex_pdf(f"{title} – {said['key']}", said.get("lang", "fr"))
        yield f"{title}.pdf", content, "annex"
    if said.get("photo"):
        yield "photo.jpg", papers.photograph(said["key"]), "annex"
