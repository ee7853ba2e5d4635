"""Rows of invented letters for COPY: the same size gives the same rows, dates apart."""

from __future__ import annotations

import datetime
import hashlib
import json
import random
from collections import Counter
from collections.abc import Iterator

from letters_tables import AUDIT, line
from letters_words import (
    FIRST_NAMES,
    LAST_NAMES,
    MATTERS,
    ORGANISATIONS,
    PLACES,
    RARE,
)

#: What the measured unit has, in any size: letters, those still open, those of its agent.
OWN, OWN_OPEN, OWN_AGENT, OWN_RARE = 600, 60, 15, 40
YEARS = 10
#: Share of incoming letters that are still open: those of the last weeks.
OPEN_SHARE = 0.03
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BODY = (
    "J’ai l’honneur de vous soumettre la présente demande et vous prie de bien vouloir "
    "lui réserver une suite favorable. {subject}.",
    "يشرفني أن ألتمس من سيادتكم التفضل بالنظر في هذا الطلب. {subject}.",
)


class Letters:
    """Iterates over (table, line for COPY).

    :param house: ids of the administration, its units, people and registers
    :param count: how many letters
    """

    def __init__(self, house: dict, count: int) -> None:
        self.house = house
        self.count = count
        self.others = self.random = random.Random(count)
        self.sequences: Counter[tuple[str, int]] = Counter()
        self.assignments = 0
        self.own_done = 0
        self.end = datetime.datetime.now().replace(microsecond=0)
        self.span = datetime.timedelta(days=365 * YEARS)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Make the letters in the order in which they came."""
        if self.count < 2 * OWN:
            raise ValueError(f"at least {2 * OWN} letters are needed")
        for number in range(1, self.count + 1):
            yield from self._letter(number)

    def _letter(self, number: int):
        house = self.house
        own = number * OWN // self.count > self.own_done
        # The letters of the measured unit are the same ones in any size.
        self.random = random.Random(f"own {self.own_done}") if own else self.others
        pick, chance = self.random.choice, self.random.random()
        direction = "incoming" if own or chance < 0.84 else "outgoing"
        direction = "internal" if chance > 0.98 and not own else direction
        state = "registered"
        if not own and chance < 0.004:
            state = "draft" if chance < 0.001 else "cancelled"
        part = (self.own_done + 1) / OWN if own else number / self.count
        self.now = (self.end - self.span * (1 - part)).replace(microsecond=0)
        side = 1 if self.random.random() < 0.55 else 0
        common = {
            "id": number,
            "company_id": house["company"],
            "register_id": house["registers"][direction],
            "office_id": house["office"],
            "direction": direction,
            "channel": pick(("counter", "counter", "portal", "post", "email")),
            "letter_id": number,
            "entry_id": number if state != "draft" else None,
            **self._words(side, own),
            **dict(
                zip(AUDIT, (house["users"]["mail_agent"], self.now) * 2, strict=True)
            ),
        }
        desk = self._desk(number, own, state) if direction == "incoming" else {}
        route = desk.pop("route", [])
        if common["entry_id"]:
            yield from self._entry(common)
        yield line(
            "registry_letter", {**common, **self._facts(), **desk, "state": state}
        )
        yield line("registry_party", {**common, "sequence": 10, "role": "sender"})
        for row in route:
            yield line("desk_assignment", {**common, **row})
        self.own_done += own

    def _words(self, side: int, own: bool) -> dict:
        """Return who writes and what about, in one of the two languages."""
        pick, rare = self.random.choice, None
        if own and not self.own_done % (OWN // OWN_RARE):
            turn = self.own_done // (OWN // OWN_RARE)
            rare, side = RARE[turn % 2], turn // 2 % 2
        person = f"{pick(FIRST_NAMES)[side]} {pick(LAST_NAMES)[side]}"
        kind = pick(("citizen",) * 6 + ("company", "administration"))
        organisation = None if kind == "citizen" else pick(ORGANISATIONS)[side]
        subject = pick(MATTERS)[side].format(
            place=pick(PLACES)[side],
            number=f"{self.random.randrange(1, 9999)}/{self.now.year}",
        )
        if rare:
            subject += f" – {rare[side]}"
        name = organisation or person
        return {
            "subject": subject,
            "body": _BODY[side].format(subject=subject),
            "language": ("fr", "ar")[side],
            "sender_kind": kind,
            "sender_name": name,
            "name": name,
            "kind": "organisation" if organisation else "person",
            "organisation": organisation,
            "email": f"p{self.random.randrange(10**8)}@example.org",
            "phone": f"+2126{self.random.randrange(10**8):08d}",
            "address": f"{self.random.randrange(1, 300)}, {pick(PLACES)[side]}",
            "identifier": f"••••{self.random.randrange(10**4):04d}",
        }

    def _facts(self) -> dict:
        """Return what else a letter says."""
        house, day = self.house, self.now.date()
        signs = "".join(self.random.choices(_DIGITS, k=10))
        written = day - datetime.timedelta(days=self.random.randrange(1, 20))
        return {
            "reference": f"P-{day.year}-{signs[:5]}-{signs[5:]}",
            "sender_reference": f"{self.random.randrange(1, 9999)}/{day.year}",
            "document_date": written,
            "arrival_date": day,
            "received_at": self.now,
            "pieces_announced": 1,
            "pieces_received": 1,
            "nature_id": self._one(house["natures"]),
            "priority_id": self._one(house["priorities"]),
            "closing_state": "none",
            "active": True,
        }

    def _one(self, ids: list[int]) -> int | None:
        return self.random.choice(ids) if ids else None

    def _entry(self, common: dict):
        house, year = self.house, self.now.year
        self.sequences[common["direction"], year] += 1
        sequence = self.sequences[common["direction"], year]
        number = house["formats"][common["direction"]].format(
            year=year, number=sequence
        )
        uid = f"bench-{common['id']}"
        words = {"subject": common["subject"], "sender": common["sender_name"]}
        told = json.dumps(words, ensure_ascii=False, separators=(",", ":"))
        values = {
            **common,
            "unit_id": house["mail"],
            "unit_code": "BO",
            "number": number,
            "display_number": number,
            "year": year,
            "sequence": sequence,
            "journal_seq": common["id"],
            "registered_at": self.now,
            "submitted_at": self.now,
            "event_uid": uid,
            "content_hash": hashlib.sha256(told.encode()).hexdigest(),
            "document_count": 0,
            "actor_id": house["users"]["mail_agent"],
            "actor_name": "Mail Agent",
            "is_late": False,
        }
        yield line("registry_entry", values)
        detail = {
            "kind": "registration",
            "content_json": told,
            "salts_json": json.dumps(dict.fromkeys(words, "00" * 16)),
        }
        yield line("registry_entry_detail", {**values, **detail})

    def _desk(self, number: int, own: bool, state: str) -> dict:
        """Return where an incoming letter is at the desk, and its route until there."""
        if state == "draft":
            return {}
        unit, agent, stage = self._place(number, own)
        due = self.now.date() + datetime.timedelta(days=self.random.choice((7, 15, 30)))
        closed = {}
        if stage == "closed" or state == "cancelled":
            at = self.now + datetime.timedelta(days=self.random.randrange(1, 40))
            closed = {
                "closed_by_id": agent or self.house["users"]["mail_head"],
                "closed_at": min(at, self.end),
            }
            stage = "closed"
        instruction = self._one(self.house["instructions"])
        row_state = "cancelled" if state == "cancelled" else "done"
        row = {
            "unit_id": unit,
            "user_id": agent,
            "due_date": due,
            "instruction_id": instruction,
            "state": row_state if closed else stage,
        }
        return {
            "route": self._route(row, closed, own),
            "unit_id": None,
            "desk_state": stage,
            "desk_unit_id": unit,
            "desk_user_id": agent,
            "desk_due_date": due,
            "desk_instruction_id": instruction,
            "desk_closing": self.random.choice(("no_reply", "treated"))
            if closed
            else None,
            "desk_closing_reason": "Classé" if closed else None,
            "desk_closed_at": closed.get("closed_at"),
            "desk_closed_by_id": closed.get("closed_by_id"),
        }

    def _place(self, number: int, own: bool) -> tuple[int, int | None, str]:
        """Return unit, agent and stage of an incoming letter."""
        users = self.house["users"]
        if own:
            left = OWN - self.own_done
            stage = "assigned" if left % 4 else "to_dispatch"
            stage = stage if left <= OWN_OPEN else "closed"
            staff = [users["agent"]] if left <= OWN_AGENT * 4 // 3 else None
            staff = staff or [users["head"], users["colleague"]]
            unit = self.house["own"]
        else:
            unit, staff = self.random.choice(self.house["others"])
            is_open = number > self.count * (1 - OPEN_SHARE)
            stage = self.random.choice(("to_dispatch", "assigned", "assigned"))
            stage = stage if is_open else "closed"
        agent = None if stage == "to_dispatch" else self.random.choice(staff)
        return unit, agent, stage

    def _route(self, row: dict, closed: dict, own: bool) -> list[dict]:
        """Return the rows from the mail office to the unit, with a copy now and then."""
        mail, head = self.house["mail"], self.house["users"]["mail_head"]
        given = {"assigned_by_id": head, "assigned_at": self.now, **closed}
        first = {"unit_id": mail, "role": "to", **given}
        first["state"] = row["state"] if closed else "assigned"
        parent = self.assignments + 1
        rows = [
            first,
            {**row, "role": "to", "from_unit_id": mail, "parent_id": parent, **given},
        ]
        if not own and self.random.random() < 0.1:
            other, _staff = self.random.choice(self.house["others"])
            copy = {"unit_id": other, "role": "copy", "from_unit_id": mail, **given}
            copy["state"] = "done" if closed else "assigned"
            rows.append(copy)
        for one in rows:
            self.assignments += 1
            one["id"] = self.assignments
        return rows
