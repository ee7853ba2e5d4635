"""Circuits, natures and keys; letters dispatched, discussed and answered; folders to sign."""

from __future__ import annotations

import base64
from datetime import date, timedelta

from odoo.fields import Command

from . import natures, papers, sendings
from .store import Store

SECOND = {"tizi": "2"}


class Work:
    """Plays what the units do, each step once, each by the person whose step it is."""

    def __init__(self, store: Store, data: dict) -> None:
        self.store = store
        self.data = data
        self.today = date.today()

    def prepare(self) -> None:
        """Make the personal keys, the circuits and the natures."""
        for key, logins in self.data["signers"].items():
            for login in logins:
                self._key(self.store.get(f"company_{key}"), login)
        for said in self.data["circuits"]:
            self._circuit(said)
        for said in self.data["natures"]:
            natures.make(self.store, said)
        for said in self.data["sending"]:
            sendings.make(self.store, said)

    def play(self) -> None:
        """Dispatch, ask, answer, submit and sign what the data say."""
        for said in self.data["dispatch"]:
            self._once(f"dispatch_{said['letter']}", self._dispatch, said)
            if "opinion" in said:
                self._once(f"opinion_{said['letter']}", self._opinion, said)
            if "no_reply" in said:
                self._once(f"no_reply_{said['letter']}", self._no_reply, said)
        for said in self.data["reply"]:
            self._once(f"reply_{said['letter']}", self._reply, said)
            self._go_on(said)
        for said in self.data["mailing"]:
            self._once(f"mailing_{said['key']}", self._mailing, said)
        for said in self.data["folder"]:
            self._once(f"folder_{said['key']}", self._folder, said)
        for said in self.data["secretary"]:
            self._once(f"secretary_{said['signatory']}", self._secretary, said)

    def _once(self, name, method, said) -> None:
        """Do a step and note the record it made, in one transaction."""
        if not self.store.get(name):
            self.store.note(name, method(said).sudo())
            self.store.commit()

    def _as(self, login, record):
        """Return ``record`` as the person sees it, with the person's rights."""
        user = self.store.get(f"user_{login}")
        return record.with_env(self.store.acting(user)).with_company(user.company_id)

    def _day(self, days: int) -> date:
        return self.today + timedelta(days=days)

    # ------------------------------------------------------------------
    # Configuration
    # ------------------------------------------------------------------
    def _key(self, company, login) -> None:
        user = self.store.get(f"user_{login}")
        keys = self.store.env["gov.key"]
        if not keys._personal(user):
            keys._make_personal(user, company, self.data["pin"])
            self.store.commit()

    def _circuit(self, said) -> None:
        name = f"circuit_{said['key']}"
        if self.store.get(name):
            return
        company = self.store.get(f"company_{said['company']}")
        circuit = self.store.env["gov.circuit"].create(
            {
                "name": said["name"]["en"],
                "company_id": company.id,
                "subject_model": said.get("subject", False),
                "step_ids": [
                    Command.create({"rank": rank, **self._step(step)})
                    for rank, step in enumerate(said["steps"], start=1)
                ],
            }
        )
        self.store.translate(circuit, {"name": said["name"]})
        for step, words in zip(circuit.step_ids, said["steps"], strict=True):
            names = {lang: words[lang] for lang in ("fr", "ar", "en")}
            self.store.translate(step, {"name": names})
        circuit.action_publish()
        self.store.note(name, circuit)
        self.store.commit()

    def _step(self, said) -> dict:
        """One step of a circuit: who acts, how many must agree, above which amount."""
        people = said.get("who", [])
        people = [people] if isinstance(people, str) else people
        amount = {"field": "amount", "operator": "at_least", "value": said.get("above")}
        chair = said.get("chair")
        return {
            "name": said["en"],
            "kind": said["kind"],
            # What nobody is named for is done by the application.
            "actor_rule": "person" if people else "platform",
            "user_ids": [self.store.get(f"user_{login}").id for login in people],
            "deadline_days": said.get("days", 0),
            "mode": "quorum" if said.get("quorum") else "all",
            "quorum": said.get("quorum", 1),
            "chair_id": self.store.get(f"user_{chair}").id if chair else False,
            "conditions": [amount] if said.get("above") else [],
        }

    # ------------------------------------------------------------------
    # Letters
    # ------------------------------------------------------------------
    def _letter(self, key):
        deposit = self.store.get(f"deposit_{key}")
        return deposit.letter_id if deposit else self.store.get(f"letter_{key}")

    def _dispatch(self, said):
        company = "tizi" if said["letter"].startswith("t") else "zitoune"
        row = self._as(said["by"], self._letter(said["letter"]))._desk_row()
        agent = self.store.get(f"user_{said['agent']}") if "agent" in said else None
        instruction = f"mail_desk.desk_instruction_{said['instruction']}"
        row.action_dispatch(
            unit_id=self.store.get(f"unit_{company}_{said['to']}").id,
            user_id=agent.id if agent else None,
            instruction_id=self.store.env.ref(instruction).id,
            due_date=self._day(said["days"]),
        )
        return row

    def _opinion(self, said):
        asked = said["opinion"]
        letter = self._as(asked["by"], self._letter(said["letter"]))
        users = [self.store.get(f"user_{login}").id for login in asked["ask"]]
        letter.action_ask_opinion(users, asked["question"], asked["days"])
        run = letter.run_id
        self._as(asked["ask"][0], run).action_act("opinion", comment=asked["answer"])
        return run

    def _no_reply(self, said):
        """The agent asks to end the letter without a reply; it waits for the head."""
        letter = self._as(said["agent"], self._letter(said["letter"]))
        letter.action_close(said["no_reply"], kind="no_reply")
        return letter

    def _reply(self, said):
        letter = self._as(said["by"], self._letter(said["letter"]))
        reply = letter.env["desk.outgoing"].create(
            {"kind": "reply", "answers_id": letter.id}
        )
        paragraphs = "".join(f"<p>{line}</p>" for line in said["text"].split("\n"))
        reply.write(
            {
                "lang": {"ar": "ar_MA", "fr": "fr_FR"}[said["lang"]],
                "subject": said["subject"],
                "body": paragraphs,
            }
        )
        return reply

    def _mailing(self, said):
        """A letter to many, written and not yet submitted."""
        letters = self._as(said["by"], self.store.env["desk.outgoing"])
        letter = letters.create(
            {
                "kind": "letter",
                "lang": {"ar": "ar_MA", "fr": "fr_FR"}[said["lang"]],
                "subject": said["subject"],
                "body": f"<p>{said['text']}</p>",
            }
        )
        mailing = letter._begin_mailing()
        mailing.numbering = said["numbering"]
        mailing.action_add_recipients("\n".join(said["recipients"]))
        return mailing

    def _go_on(self, said) -> None:
        """Take a reply from its draft as far as it goes; each step is a transaction."""
        reply = self.store.get(f"reply_{said['letter']}")
        until = said["until"]
        if reply.state == "draft" and until != "draft":
            self._as(said["by"], reply).action_submit(levels=1)
            self.store.commit()
        for login in said.get("approve", ()):
            if reply.state == "validating":
                self._as(login, reply).action_decide("approve", base=reply.base)
                self.store.commit()
        if until not in ("signing", "sent"):
            return
        if reply.state == "validated":
            self._as(said["by"], reply).action_to_sign()
            self.store.commit()
        signers = ["head", "director"] if until == "sent" else ["head"]
        folder = reply.folder_id
        for login in signers:
            user = self.store.get(f"user_{login}")
            if folder.state == "running" and user in folder.run_id.current_user_ids:
                mine = self._as(login, folder)
                mine.action_sign(
                    self.data["pin"],
                    base=folder._circuit_base(),
                    consent=mine.get_consent()["id"],
                )
                self.store.commit()
        if reply.state == "numbering":
            self.store.env["registry.letter"]._process_closings()
            self.store.commit()
        if reply.state == "sealed" and until == "sent":
            self._as(said["by"], reply).action_send("portal")
            self.store.commit()

    # ------------------------------------------------------------------
    # Folders
    # ------------------------------------------------------------------
    def _folder(self, said):
        folders = self._as(said["by"], self.store.env["parapheur.folder"])
        company = folders.env.company
        folder = folders.create(
            {
                "title": said["title"],
                "nature_id": self.store.get(f"nature_{said['nature']}").id,
                "deadline": self._day(said["days"]),
                "language": said["lang"],
                "recipient_name": said.get("recipient"),
                "form_values": said.get("answers"),
                "priority": said.get("priority", "sign"),
            }
        )
        page = papers.letter_pdf(
            papers.Paper(
                lang=said["lang"],
                sender=company.gov_name,
                address=" ".join((company.gov_address or "").split()),
                recipient=said.get("recipient", ""),
                day=self.today,
                subject=said["title"],
                text=said["text"],
                signed=False,
            )
        )
        if said.get("hidden"):
            page = papers.hiding(page, said["hidden"])
        content = base64.b64encode(page).decode()
        folder.action_add_document(f"{said['key']}.pdf", content)
        if said.get("draft"):
            folder.action_check_documents()
            return folder
        folder.action_submit()
        if said.get("visa"):
            agrees = self._as(said["visa"], folder)
            agrees.action_approve(base=folder._circuit_base())
        return folder

    def _secretary(self, said):
        """Somebody prepares the desk of a signatory: the folder that came last is urgent."""
        secretary = self.store.get(f"user_{said['secretary']}")
        rows = self._as(said["signatory"], self.store.env["parapheur.secretary"])
        row = rows.create({"secretary_id": secretary.id})
        folders = self._as(said["secretary"], self.store.env["parapheur.folder"])
        waiting = folders.get_desk("prepare", row.signatory_id.id)["folders"]
        for folder in waiting[-1:]:
            item = {"id": folder["id"], "priority": "urgent"}
            folders.action_set_order(row.signatory_id.id, [item])
        return row


def build(store: Store, data: dict) -> Work:
    """Prepare the work of the demo and return it, ready to be played."""
    work = Work(store, data)
    work.prepare()
    return work
