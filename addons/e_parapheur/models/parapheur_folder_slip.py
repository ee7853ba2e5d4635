import hashlib
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_trust.lib.canonical import canonical

from ..lib import slip_words

BATCH = 20
#: states in which a folder has its slip
ENDED = ("done", "refused", "cancelled")


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
        """Cron: make the slips of folders that ended, one a transaction.

        Refused and given up too: who refused what, and when, is to be proven as well.

        :param int limit: at most so many folders in one run
        """
        domain = [
            ("state", "in", ENDED),
            ("slip_id", "=", False),
            ("submitted_at", "!=", False),
        ]
        self._process_each("slip", domain, limit)

    def _become(self, new, **vals):
        result = super()._become(new, **vals)
        if new in ("refused", "cancelled"):
            self.env.ref("e_parapheur.ir_cron_parapheur_process_slips")._trigger()
        return result

    def _slip_now(self):
        """Typeset the slip, seal it, keep it and issue its proof."""
        self.ensure_one()
        if not self.slip_ref:
            self.slip_ref = secrets.token_urlsafe(18)
        proof = self._slip_proof()
        values = self._slip_values(proof)
        pdf = self.env["gov.typeset"]._render_pdf(
            "e_parapheur.slip_document",
            values,
            lang="fr_FR",
            title=f"{slip_words.word('title', 'fr')} {self.reference}",
            attachments=[
                (
                    "circulation.json",
                    canonical(self._slip_data(values)),
                    "application/json",
                    "Circulation",
                    "Data",
                )
            ],
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
            journal_event=self._completed_event() or self._slip_events()[-1:],
            digests=[
                {
                    "order": number,
                    "label": version.filename,
                    "sha256": version.sha256,
                    "size": version.size,
                }
                for number, version in enumerate(self._slip_versions(), 1)
            ],
            subject=self,
        )

    def _slip_versions(self):
        """The last version of each main document: closed, or what it had come to."""
        return [piece.final_id or piece._current() for piece in self.piece_ids]

    @api.model
    def _sha256(self, content):
        return hashlib.sha256(content).hexdigest()
