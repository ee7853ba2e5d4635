from urllib.parse import urlsplit

from odoo import models
from odoo.tools import groupby

from odoo.addons.gov_base.lib import hygiene, typeset
from odoo.addons.gov_trust.lib import codes

from ..lib import qr_image, slip_words


class ParapheurFolder(models.Model):
    """What is printed on a slip, and what is joined to it for programs."""

    _inherit = "parapheur.folder"

    def _slip_values(self, proof):
        """Values of the template of the slip.

        :param proof: ``gov.proof`` of the slip itself
        """
        url = proof._qr_url()
        address = urlsplit(url)
        events = self._slip_events()
        return {
            "languages": slip_words.LANGUAGES,
            "word": slip_words.word,
            "direction": lambda language: "rtl" if language == "ar" else "ltr",
            "issuer": self.company_id._gov_identity(),
            "emblem": self.company_id._gov_emblem_uri(),
            "reference": self.reference,
            "facts": self._slip_facts(events),
            "way": self._slip_way(),
            "documents": [self._slip_document(piece) for piece in self.piece_ids],
            "annexes": [
                (version.filename, version.sha256) for version in self._slip_annexes()
            ],
            "acts": self._slip_acts(events),
            "texts": self._slip_texts(),
            "code": codes.grouped(proof._code()),
            "host": f"{address.netloc}{address.path.rpartition('/')[0]}",
            "qr": typeset.data_uri(qr_image.png(url)),
        }

    def _slip_facts(self, events):
        """Rows (key of the label, lines of text, css) about the folder."""
        end = [
            slip_words.word(f"end_{self.state}", code) for code in slip_words.LANGUAGES
        ]
        facts = [
            ("object", [self.title], ""),
            ("number", [self._slip_number()], "num"),
            ("nature", self._slip_name(self.nature_id), ""),
            ("circuit", [self.run_id.name], ""),
            ("unit", self._slip_name(self.unit_id), ""),
            ("initiator", [self.initiator_id.name], ""),
            ("submitted_at", [self._local_text(self.submitted_at)], "num"),
            ("ended_at", [self._local_text(self.ended_at)], "num"),
            ("outcome", end, ""),
            ("journal", [f"{len(events)}"], "num"),
        ]
        kept = [(key, [one for one in texts if one], css) for key, texts, css in facts]
        return [fact for fact in kept if fact[1]]

    def _slip_number(self):
        """Register number of the act, or nothing. Hook of bridges."""
        return ""

    # ------------------------------------------------------------------
    # Picture of the circuit
    # ------------------------------------------------------------------
    def _slip_way(self):
        """Groups of boxes from left to right; those of a group were asked together."""
        steps = self.run_id._live_steps().sorted(lambda one: (one.rank, one.id))
        return [
            [self._slip_box(step) for step in group]
            for _rank, group in groupby(steps, key=lambda one: one.rank)
        ]

    def _slip_box(self, step):
        people = step.actor_ids.filtered(
            lambda one: (
                one.state not in ("transferred", "recalled", "recused", "replaced")
                or one.vacant
            )
        )
        return {
            "name": self._slip_name(step),
            "kind": step.kind,
            "mode": self._slip_mode(step, people),
            "state": step.state,
            "people": [self._slip_person(actor) for actor in people.sorted("id")],
            "reason": self._slip_reasons(step),
            "condition": self._slip_name(step, "condition_text"),
        }

    def _slip_reasons(self, step):
        """Why a step was left out, or passed over and by whom; in both languages."""
        if step.state == "left_out":
            told = [
                step.with_context(lang=code)._left_out_sentence(
                    step.left_out_code,
                    step.left_out_args,
                    step.with_context(lang=code).condition_text,
                )
                for code in self._slip_codes()
            ]
            return list(dict.fromkeys(told))
        if step.state == "bypassed":
            names = (step.bypass_asked_name, step.bypass_confirmed_name)
            return [" + ".join(name for name in names if name)]
        return [step.reason] if step.reason else []

    def _slip_mode(self, step, people):
        """(figures, key of the words) that say how many have to agree, or None."""
        if len(people) < 2:
            return None
        if step.mode == "quorum":
            return (f"{step.quorum} / {len(people)}", None)
        return ("", f"mode_{step.mode}")

    def _slip_person(self, actor):
        done = actor.state == "done"
        at = actor.acted_at if done else None
        return {
            "name": actor.acted_by_name or actor.name,
            "for": actor.name if actor.acted_by_name else "",
            "done": done,
            "vacant": actor.vacant,
            "against": actor.decision in ("refuse", "return"),
            "date": self._local_text(at, with_zone=False) if at else "",
        }

    # ------------------------------------------------------------------
    # Documents
    # ------------------------------------------------------------------
    def _slip_document(self, piece):
        """A main document: what it was at each stage, by digest."""
        last = piece.final_id or piece._current()
        rows = [
            ("digest_submitted", "", piece.original_id.sha256),
            ("digest_prepared", "", piece.prepared_id.sha256),
        ]
        for one in self.signature_ids.filtered(lambda one: one.piece_id == piece):
            gone = one.state == "withdrawn"
            rows.append(
                (
                    "digest_withdrawn" if gone else "digest_signed",
                    one.certificate_name or one.signer_name,
                    one.sha256,
                )
            )
        for paper in self.paper_ids.filtered(
            lambda one: one.piece_id == piece and one.state in ("valid", "withdrawn")
        ):
            rows.append(("digest_paper", paper.signed_by or "", paper.scan_id.sha256))
        rows.append(
            ("digest_closed" if piece.final_id else "digest_last", "", last.sha256)
        )
        return {
            "name": piece.document_id.name,
            "pages": last.pages,
            "rows": [row for row in rows if row[2]] + self._slip_page_rows(piece),
        }

    def _slip_page_rows(self, piece):
        """Rows on what was shown of a document: the check of it, its pages as pictures."""
        rows = []
        if report := self._hygiene_digest_of(piece):
            rows.append(("digest_hygiene", "", report))
        if pages := piece._page_digests():
            rows.append(("digest_pages", f"{len(pages)}", hygiene.digest(pages)))
        return rows

    def _slip_annexes(self):
        return [
            document.current_version_id for document in self._in_order(self.annex_ids)
        ]

    # ------------------------------------------------------------------
    # Texts, data
    # ------------------------------------------------------------------
    def _slip_texts(self):
        """(id, SHA-256) of the texts that signers accepted, each once."""
        texts = [(one.consent_id, one.consent_sha256) for one in self.signature_ids]
        texts += [
            (one.delegation_consent_id, one.delegation_consent_sha256)
            for one in self.signature_ids
            if one.delegation_consent_id
        ]
        return list(dict.fromkeys(texts))

    def _slip_data(self, values):
        """What is joined to the slip: the same facts, and the lines of the journal."""
        return {
            "v": 1,
            "folder": self.reference,
            "state": self.state,
            "documents": [
                {
                    "name": document["name"],
                    "digests": [list(row) for row in document["rows"]],
                    "pages": piece._page_digests(),
                }
                for document, piece in zip(
                    values["documents"], self.piece_ids, strict=True
                )
            ],
            "annexes": [list(one) for one in values["annexes"]],
            "texts": [list(one) for one in values["texts"]],
            "events": [
                {
                    "uid": event.uid,
                    "kind": event.kind,
                    "sha256": self._sha256(event.body.encode()),
                }
                for event in self._slip_events()
            ],
        }
