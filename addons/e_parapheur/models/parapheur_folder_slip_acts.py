import json
from collections import Counter

from odoo import fields, models

from ..lib import slip_words

#: Lines of the journal that tell of no act: what they say is told by others.
SILENT = frozenset(
    {
        "circuit.started",
        "circuit.opened",
        "circuit.done",
        "circuit.refused",
        "circuit.told",
        "circuit.platform_retry",
        "circuit.platform_failed",
        "folder.signed",
        "folder.signed_on_paper",
        "folder.recalled",
        "folder.opened",
        "folder.commented_privately",
    }
)
#: Private words leave no trace in what is given to others.
PRIVATE = "folder.commented_privately"
#: What the platform does, whoever happened to be connected.
BY_PLATFORM = frozenset({"folder.completed", "folder.closed", "folder.completed_proof"})
#: Words for kinds whose last part says something else.
NAMED = {
    "folder.refused": "folder_refused",
    "folder.withdrawn": "withdrawn_signatures",
    "circuit.cancelled": "cancelled",
    "circuit.returned": "return",
    "folder.replaced": "document_replaced",
}
#: Digests that a line tells, by kind.
FILES = {
    "folder.replaced": ("before", "after"),
    "folder.placed": ("before", "after"),
    "folder.printed": ("base", "printed"),
    "folder.attached": ("sha256",),
}
#: Signatures that one act brought: told with it.
BROUGHT = ("folder.signed", "folder.signed_on_paper")


class ParapheurFolder(models.Model):
    """The acts on a slip: one row for each line of the journal that tells of one.

    The journal cannot be changed, so that nothing that was done is missing; words that
    people wrote are taken from the circuit, which keeps them for readers of the folder.
    """

    _inherit = "parapheur.folder"

    def _slip_events(self):
        """Lines of the journal about this folder, in order (superuser)."""
        # The slip is made by the platform, for whoever reads the folder.
        events_sudo = self.env["gov.journal.event"].sudo()
        return events_sudo.search(
            [
                ("subject_model", "=", self._name),
                ("subject_id", "=", self.id),
                ("kind", "!=", PRIVATE),
            ],
            order="id",
        )

    def _slip_acts(self, events=None):
        """Rows of the acts, in order; those that were undone are there too, and say it."""
        rows, signed, seen = [], [], Counter()
        for event in self._slip_events() if events is None else events:
            body = json.loads(event.body)
            if event.kind in BROUGHT:
                signed.append(body)
            if event.kind in SILENT:
                continue
            if event.kind == "circuit.acted":
                rows.append(self._slip_decision(event, body, signed, seen))
                signed = []
            else:
                rows.append(self._slip_operation(event, body, seen))
        return rows

    def _slip_row(self, event, body, **more):
        """What every row has."""
        step = self.run_id.step_ids.browse()
        if isinstance(body.get("step"), int):
            step = self.env["gov.circuit.run.step"].browse(body["step"]).exists()
        at = fields.Datetime.to_datetime(body["recorded_at"][:19].replace("T", " "))
        return {
            "event": event.uid,
            "kind": event.kind,
            "step": step and self._slip_name(step) or None,
            "person": "" if event.kind in BY_PLATFORM else event.actor_name or "",
            "for": "",
            "quality": "",
            "decision": "other",
            "to": "",
            "date": self._local_text(at, with_zone=False),
            "words": "",
            "digests": [],
            "facts": [],
            "withdrawn": False,
            **more,
        }

    def _slip_name(self, record, name="name"):
        """A name in both languages; one line where they are the same."""
        names = [record.with_context(lang=code)[name] for code in self._slip_codes()]
        return list(dict.fromkeys(name for name in names if name))

    def _slip_codes(self):
        """Codes of the two languages of the slip, as far as they are installed."""
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        return [
            next((one for one in installed if one.startswith(wanted)), installed[0])
            for wanted in slip_words.LANGUAGES
        ]

    # ------------------------------------------------------------------
    # Decisions at a step
    # ------------------------------------------------------------------
    def _slip_decision(self, event, body, signed, seen):
        actor = self._slip_actor(body, body.get("decision"), seen)
        signed = [one for one in signed if one.get("step") == body.get("step")]
        found = [one.get("signed") or one.get("version") for one in signed]
        signatures = self.signature_ids.filtered(lambda one: one.sha256 in found)
        papers = self.paper_ids.filtered(lambda one: one.version_id.sha256 in found)
        decision = body.get("decision")
        if decision == "approve":
            decision = body.get("kind") or "approve"
        quality = signatures[:1].quality
        if not quality and actor.user_id:
            quality = self._quality(actor.user_id)
        return self._slip_row(
            event,
            body,
            decision=decision,
            quality=quality or "",
            words=actor.comment or "",
            digests=[one for one in found if one] or [body.get("base") or ""],
            facts=[
                *self._slip_delegation(signatures[:1]),
                *self._slip_signed_facts(signed or [body], signatures),
                *self._slip_paper(papers[:1]),
            ],
            withdrawn=actor.state == "recalled" or actor.step_id.state == "returned",
            **self._slip_for(actor),
        )

    def _slip_actor(self, body, decision, seen):
        """The row of the circuit that a line of the journal tells of; may be empty."""
        key = (body.get("step"), body.get("user"), decision)
        rows = self.run_id.actor_ids.filtered(
            lambda one: (
                one.step_id.id == key[0]
                and key[1] in (one.user_id.id, one.acted_by_id.id)
                and one.decision == decision
            )
        ).sorted("id")
        place = seen[key]
        seen[key] += 1
        return rows[place : place + 1] or rows[-1:]

    def _slip_for(self, actor):
        """Of whom a person took the place, when somebody was absent."""
        if not actor.acted_by_id:
            return {}
        until = actor.absent_until
        return {"for": actor.name, "until": f"{until:%d/%m/%Y}" if until else ""}

    def _slip_delegation(self, signature):
        """By which act a person signed for another one, and the file of that act."""
        if not signature.delegation_id:
            return []
        return [
            ("delegation", signature.formula or signature.act_reference),
            ("act", signature.act_reference),
            ("act_digest", signature.act_sha256 or "–"),
            ("consent_delegation", signature.delegation_consent_id),
        ]

    def _slip_paper(self, paper):
        """Who signed by hand, as the person who scanned it declares."""
        if not paper:
            return []
        on = paper.signed_on
        return [
            ("by_hand", f"{paper.signed_by} {on:%d/%m/%Y}" if on else paper.signed_by),
            ("scan", paper.scan_id.sha256),
        ]

    def _slip_signed_facts(self, signed, signatures):
        """(key of the label, text) of what proves an act; each once."""
        facts = []
        for one in signatures:
            facts += [
                ("certificate", one.certificate_sha256),
                ("level", f"{one.level} · {one.trust}"),
                ("consent", one.consent_id),
            ]
        for body in signed:
            facts += [
                ("auth", f"auth_{method}")
                for method in self._slip_methods(body, bool(signatures))
            ]
        return list(dict.fromkeys(facts))

    def _slip_methods(self, body, signed):
        """How a person proved who he is: parts of ``auth_…`` words."""
        told = body.get("authentication")
        method = told.get("kind") if isinstance(told, dict) else None
        first = "pin" if signed else "session"
        if body.get("made") == "elsewhere":
            first = "elsewhere"
        return [first, *([method] if slip_words.knows(f"auth_{method}") else [])]

    def _slip_left(self, body):
        """Who handed on, withdrew or was replaced at a step: with his words."""
        return self.run_id.actor_ids.filtered(
            lambda one: (
                one.step_id.id == body.get("step")
                and one.user_id.id == body.get("user")
                and one.state in ("transferred", "recused", "replaced")
            )
        ).sorted("id")[-1:]

    # ------------------------------------------------------------------
    # Everything else
    # ------------------------------------------------------------------
    def _slip_operation(self, event, body, seen):
        key = NAMED.get(event.kind) or event.kind.partition(".")[2]
        more = {"decision": key if slip_words.knows(key) else "other"}
        if event.kind == "circuit.returned":
            actor = self._slip_actor(body, "return", seen)
            more |= {
                "words": actor.comment or "",
                **self._slip_for(actor),
            }
            target = self.env["gov.circuit.run.step"].browse(body.get("to")).exists()
            more["to"] = " / ".join(self._slip_name(target)) if target else ""
        elif event.kind == "folder.withdrawn":
            more["digests"] = body.get("signatures") or []
        elif event.kind == "folder.closed":
            more["digests"] = body.get("documents") or []
        elif event.kind in ("circuit.bypass_asked", "circuit.bypassed"):
            step = self.env["gov.circuit.run.step"].browse(body.get("step")).exists()
            more["words"] = step.bypass_reason or ""
        elif event.kind == "circuit.platform_done":
            more |= {"decision": body.get("kind") or "other", "person": ""}
        elif event.kind in FILES:
            more["digests"] = [
                body[name] for name in FILES[event.kind] if body.get(name)
            ]
        elif isinstance(body.get("to"), int):
            # Names of colleagues are read by whoever reads the folder.
            user_sudo = self.env["res.users"].sudo().browse(body["to"]).exists()
            more["to"] = user_sudo.name or ""
            actor = self._slip_left(body)
            more["words"] = actor.comment or ""
            if actor and actor.user_id.id != event.actor_id:
                more["for"] = actor.name
        return self._slip_row(event, body, **more)
