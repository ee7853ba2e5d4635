import logging

from psycopg2.errors import LockNotAvailable

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain

from odoo.addons.gov_trust.lib.canonical import canonical

from ..lib import content
from .registry_letter_gate import GATE

_logger = logging.getLogger(__name__)

BATCH = 50
#: how long a download waits for the batch that is sealing the same receipt
SEALING_WAIT = "5s"


class RegistryReceipt(models.Model):
    """After the number: snapshot, PDF, seal, chatter. Idempotent, with back-off."""

    _name = "registry.receipt"
    _inherit = ["registry.receipt", "registry.batch.mixin"]

    @api.model
    def _process_sequenced(self, limit=BATCH):
        """Cron: make what the numbering left to do, one document a transaction.

        :param int limit: at most so many letters to close and receipts in one run
        """
        # First what a person waits for at the screen: it is rare.
        if not self.env["registry.letter"]._process_closings(limit):
            return
        domain = (
            Domain("state", "=", "pending")
            & Domain("entry_id.sequence", "!=", False)
            & self._due_domain("next_attempt_at")
        )
        receipts = self.search(domain, limit=limit, order="id")
        remaining = self.search_count(domain)
        self.env["registry.register"]._note_years(
            (entry.register_id.id, entry.year) for entry in receipts.entry_id
        )
        for receipt in receipts:
            receipt._ensure_pdf()
            remaining -= 1
            if not self._progress(1, remaining):
                return

    def _ensure_pdf(self):
        """Return the bytes of the sealed PDF, made now if need be, or None.

        Never raises for what may fail outside (fonts, keys, disk): the error is written
        on the receipt and tried again later. Call it with the rights to write evidence.

        :return: bytes, or None while the number or the seal is pending
        """
        self.ensure_one()
        # The platform seals, whoever happens to ask first: not the reader's name.
        self = self.with_user(SUPERUSER_ID)
        if self.state == "pending" and self.entry_id.sequence:
            # Two downloads, or a download and the batch: one of them makes it.
            if not self._lock_alone():
                return self._sealed_by_another()
            if self.state == "pending":
                self._attempt(
                    self._seal_now,
                    ("attempts", "next_attempt_at", "error"),
                    self._error_sentence,
                    _logger,
                )
        return self._stored_pdf()

    def _sealed_by_another(self):
        """Wait a moment for whoever seals this receipt now; its bytes, or None."""
        with self.pool.cursor() as cr:
            cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            cr.execute("SELECT set_config('lock_timeout', %s, true)", (SEALING_WAIT,))
            try:
                cr.execute(
                    "SELECT 1 FROM registry_receipt WHERE id = %s FOR SHARE",
                    (self.id,),
                    log_exceptions=False,
                )
            except LockNotAvailable:
                return None
            return self.with_env(self.env(cr=cr))._stored_pdf()

    def _error_sentence(self, error):
        return self.env._(
            "The letter is registered; its receipt is pending: %(reason)s It is tried "
            "again by itself.",
            reason=self._reason(error),
        )

    def _seal_now(self):
        """Build the snapshot, set it, seal it, store it and issue its proof."""
        self.ensure_one()
        event = self._event()
        proof = self._issue_proof(event)
        snapshot = self._build_snapshot(event)
        snapshot_text = canonical(snapshot).decode()
        pdf = self._render_pdf(snapshot, snapshot_text, event, proof)
        sealed = self.env["gov.seal"]._seal_pdf(
            self.company_id, pdf, reason=self._seal_reason(snapshot)
        )
        version = self._store_pdf(sealed)
        digest = content.digest(sealed)
        proof._set_document(digest)
        version.document_id._ask_completion("B-T")
        self.with_context(registry_gate=GATE).write(
            {
                "snapshot": snapshot_text,
                "pdf_sha256": digest,
                "pdf_size": len(sealed),
                "version_id": version.id,
                "proof_id": proof.id,
                "sealed_at": fields.Datetime.now(),
                "state": "sealed",
                "error": False,
            }
        )
        self._after_seal()

    def _event(self):
        """Return the journal event this receipt proves: the registration."""
        return self.env["gov.journal.event"].search(
            [("uid", "=", self.entry_id.event_uid)], limit=1
        )

    def _issue_proof(self, event):
        entry, letter = self.entry_id, self.letter_id
        digests = [
            {
                "order": part["order"],
                "label": part["filename"],
                "sha256": part["sha256"],
                "size": part["size"],
            }
            for part in self._content_parts()
        ]
        return self.env["gov.proof"]._issue(
            kind=self.kind,
            company=self.company_id,
            public_ref=self.public_id,
            number=entry.number,
            issued_at=entry.registered_at,
            journal_event=event,
            digests=digests,
            subject=letter,
        )

    def _seal_reason(self, snapshot):
        return f"{snapshot['kind']} {snapshot['number']['registration_number']}"

    def _store_pdf(self, sealed):
        """Keep the sealed bytes in the vault: every download gives these and no other."""
        return self.env["gov.document"]._store_generated(
            sealed,
            self.pdf_filename,
            "application/pdf",
            company=self.company_id,
            owner=self,
        )

    def _stored_pdf(self):
        """Return the bytes kept in the vault, or None: with the timestamp once it came."""
        self.ensure_one()
        version = self.version_id.document_id.current_version_id or self.version_id
        return version._read_content() if version else None

    def _gov_document_check(self, version, operation):
        """Answer the document controller: who reads the receipt reads its PDF."""
        self.check_access("read" if operation == "read" else "write")

    def _gov_document_locked(self, documents):
        """Answer the document: a receipt is never deleted."""
        return True

    def _after_seal(self):
        """Say it in the letter's timeline and settle what this receipt replaces."""
        letter = self.letter_id
        if self.supersedes_id:
            self.supersedes_id._close_superseded(self)
        if letter.state == "cancelled":
            self._mark_cancelled()
        if self.mail_state == "pending" and self.state == "sealed":
            self.env.ref("digital_registry.ir_cron_registry_process_mails")._trigger()
        # Only the number: what is in a message outlives the reader's rights.
        letter.with_context(mail_notify_author=False).message_post(
            body=self.env._(
                "%(number)s: the receipt is sealed.", number=self.entry_id.number
            )
        )

    def _supersede_by(self, new):
        """Let ``new`` replace this receipt; the old one is valid until it is sealed."""
        # Receipts are evidence: the gate of the letter was passed before.
        old_sudo, new_sudo = self.sudo(), new.sudo()
        if not old_sudo:
            return
        new_sudo.with_context(registry_gate=GATE).write(
            {
                "supersedes_id": old_sudo.id,
                "receipt_version": old_sudo.receipt_version + 1,
            }
        )
        cron_sudo = self.env.ref(
            "digital_registry.ir_cron_registry_process_sequenced"
        ).sudo()
        cron_sudo._trigger()

    def _close_superseded(self, new):
        self.write(
            {"state": "superseded", "superseded_by_id": new.id, **self._no_mail()}
        )
        if self.proof_id:
            self.proof_id._supersede(new.proof_id)

    def _no_mail(self):
        """Values that stop an e-mail not sent yet: the receipt does not hold any more."""
        return {} if self.mail_state == "sent" else {"mail_state": "none"}

    def _mark_cancelled(self):
        """Mark a sealed receipt and its proof cancelled (a pending one follows later)."""
        for receipt_sudo in self.sudo():
            if receipt_sudo.state != "sealed":
                continue
            receipt_sudo.write({"state": "cancelled", **receipt_sudo._no_mail()})
            if receipt_sudo.proof_id:
                receipt_sudo.proof_id._cancel()
