import hashlib
import secrets
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import typeset
from odoo.addons.gov_trust.lib import codes

from ..lib import qr_image, slip_words

BATCH = 20


class ParapheurFolder(models.Model):
    """The circulation slip: who did what, when and on which version; sealed, in two languages."""

    _inherit = "parapheur.folder"

    slip_ref = fields.Char(readonly=True, copy=False)

    def action_slip(self):
        """Open the circulation slip as a download.

        :return: address action
        :raise UserError: there is none yet
        """
        self.ensure_one()
        self.check_access("read")
        if not self.slip_id:
            raise UserError(
                self.env._(
                    "The circulation slip of %(folder)s is made once the folder is finished.",
                    folder=self.display_name,
                )
            )
        return self.slip_id.action_download()

    @api.model
    def _process_slips(self, limit=BATCH):
        """Cron: make the slips of finished folders, one a transaction.

        :param int limit: at most so many folders in one run
        """
        domain = [("state", "=", "done"), ("slip_id", "=", False)]
        self._process_each("slip", domain, limit)

    def _slip_now(self):
        """Typeset the slip, seal it, keep it and issue its proof."""
        self.ensure_one()
        if not self.slip_ref:
            self.slip_ref = secrets.token_urlsafe(18)
        proof = self._slip_proof()
        pdf = self.env["gov.typeset"]._render_pdf(
            "e_parapheur.slip_document",
            self._slip_values(proof),
            lang="fr_FR",
            title=f"{slip_words.word('title', 'fr')} {self.reference}",
            date=self.ended_at,
        )
        sealed = self.env["gov.seal"]._seal_pdf(
            self.company_id, pdf, reason=f"{self.reference} slip", level="B-LTA"
        )
        proof._set_document(self._sha256(sealed), sealed)
        version = self.env["gov.document"]._store_generated(
            sealed,
            f"{self.reference}-slip.pdf",
            "application/pdf",
            company=self.company_id,
            owner=self,
        )
        version.document_id._ask_completion()
        self.write(
            {
                "slip_id": version.id,
                "closing_error": False,
                "closing_attempts": 0,
                "closing_next_at": False,
            }
        )

    def _slip_proof(self):
        return self.env["gov.proof"]._issue(
            kind="document",
            company=self.company_id,
            public_ref=self.slip_ref,
            number=self.reference,
            issued_at=self.ended_at,
            journal_event=self._completed_event(),
            digests=[
                {
                    "order": number,
                    "label": piece.final_id.filename,
                    "sha256": piece.final_id.sha256,
                    "size": piece.final_id.size,
                }
                for number, piece in enumerate(self.piece_ids, 1)
            ],
            subject=self,
        )

    # ------------------------------------------------------------------
    # What is printed
    # ------------------------------------------------------------------
    def _slip_values(self, proof):
        url = proof._qr_url()
        address = urlsplit(url)
        return {
            "languages": slip_words.LANGUAGES,
            "word": slip_words.word,
            "direction": lambda language: "rtl" if language == "ar" else "ltr",
            "issuer": self.company_id._gov_identity(),
            "emblem": self.company_id._gov_emblem_uri(),
            "reference": self.reference,
            "facts": self._slip_facts(),
            "documents": [
                {
                    "name": piece.document_id.name,
                    "submitted": piece.original_id.sha256,
                    "closed": piece.final_id.sha256,
                }
                for piece in self.piece_ids
            ],
            "acts": self._slip_acts(),
            "code": codes.grouped(proof._code()),
            "host": f"{address.netloc}{address.path.rpartition('/')[0]}",
            "qr": typeset.data_uri(qr_image.png(url)),
        }

    def _slip_facts(self):
        """Rows (key of the label, text, css) about the folder."""
        facts = [
            ("object", self.title, ""),
            ("nature", self.nature_id.with_context(lang="fr_FR").name, ""),
            ("circuit", self.run_id.name, ""),
            ("unit", self.unit_id.name, ""),
            ("initiator", self.initiator_id.name, ""),
            ("submitted_at", self._local_text(self.submitted_at), "num"),
            ("ended_at", self._local_text(self.ended_at), "num"),
        ]
        return [fact for fact in facts if fact[1]]

    def _slip_acts(self):
        """One row for each act, in order; those that were undone are there too, and say it."""
        rows = []
        acted = self.run_id.actor_ids.filtered("decision")
        for actor in acted.sorted(lambda one: (one.acted_at, one.id)):
            signatures = self.signature_ids.filtered(
                lambda one, actor=actor: (
                    one.step_id == actor.step_id and one.signer_id == actor.user_id.id
                )
            )
            decision = actor.decision
            if decision == "approve":
                decision = actor.step_id.kind
            rows.append(
                {
                    "step": actor.step_id.name,
                    "person": actor.acted_name,
                    "quality": signatures[:1].quality or self._quality(actor.user_id),
                    "decision": decision,
                    "date": self._local_text(actor.acted_at, with_zone=False),
                    "digests": signatures.mapped("sha256") or [actor.base or ""],
                    "withdrawn": actor.state == "recalled"
                    or actor.step_id.state == "returned",
                }
            )
        return rows

    @api.model
    def _sha256(self, content):
        return hashlib.sha256(content).hexdigest()
