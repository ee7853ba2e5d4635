import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.modules import module as odoo_module

from .parapheur_folder_submit import SEAL_FIELD

_logger = logging.getLogger(__name__)

BATCH = 20
MAX_BACK_OFF_MINUTES = 60


class ParapheurFolder(models.Model):
    """After the last act: each main document is closed by the administration's seal.

    Bridges take over here: they override ``_after_last_act`` (to take a register number
    first), read ``_final_inputs`` and hand the closed files to ``_set_final``.
    """

    _inherit = "parapheur.folder"

    completed_at = fields.Datetime("Every act done on", readonly=True, copy=False)
    completed_uid = fields.Char("Event of completion", readonly=True, copy=False)
    closing_error = fields.Char("Problem", readonly=True, copy=False)
    closing_attempts = fields.Integer(readonly=True, copy=False)
    closing_next_at = fields.Datetime("Next attempt", readonly=True, copy=False)

    _closing_idx = models.Index("(id) WHERE state IN ('signed', 'closing')")

    # ------------------------------------------------------------------
    # For bridges
    # ------------------------------------------------------------------
    def _after_last_act(self):
        """Everybody acted. Called on a superuser's record whose state is ``signed``.

        Here: the batch closes the documents with the folder's own reference.
        """
        self._start_closing()

    def _start_closing(self):
        """Let the batch close the documents, after this transaction."""
        self._become("closing")
        self.env.ref("e_parapheur.ir_cron_parapheur_process_closings")._trigger()

    def _final_inputs(self):
        """What is to be closed.

        :return: list of ``{"piece", "pdf", "seal_field", "filename"}``, one a main document,
            in order; ``pdf`` are the bytes as last signed
        """
        self.ensure_one()
        inputs = []
        for piece in self.piece_ids:
            version = piece._current()
            inputs.append(
                {
                    "piece": piece,
                    "pdf": version._read_content(),
                    "seal_field": SEAL_FIELD,
                    "filename": version.filename,
                }
            )
        return inputs

    def _set_final(self, contents):
        """Keep the closed documents and end the folder. Called on a superuser's record.

        :param contents: bytes, or ``gov.document.version`` records, one a main document in
            the order of :meth:`_final_inputs`
        :raise UserError: a file that is not closed, or does not begin with what was signed
        """
        self.ensure_one()
        self._complete()
        inputs = self._final_inputs()
        for item, content in zip(inputs, contents, strict=True):
            pdf = content if isinstance(content, bytes) else content._read_content()
            self._check_closed(item, pdf)
            item["piece"].final_id = self._store_version(item["piece"], pdf)
            if isinstance(content, bytes):
                # A version belongs to another document, which is completed there.
                item["piece"].document_id._ask_completion()
        if self.state == "signed":
            self._become("closing")
        self.closing_error = False
        self._event(
            "folder.closed",
            {"documents": [piece.final_id.sha256 for piece in self.piece_ids]},
        )
        self._sealed_now()

    def _finish(self):
        """The documents are closed and no step is left: the folder ends."""
        now = fields.Datetime.now()
        self._become(
            "done",
            ended_at=now,
            sealed_at=self.sealed_at or now,
            closing_error=False,
        )
        self._tell_those_concerned(
            self.env._("%(folder)s: finished and sealed.", folder=self.reference)
        )
        self.env.ref("e_parapheur.ir_cron_parapheur_process_slips")._trigger()

    def _gov_document_completed(self, document, before, after, level):
        """A document of this folder got its timestamp: whoever reads it reads that one."""
        for piece in self.piece_ids.filtered(lambda one: one.final_id == before):
            piece.final_id = after
        if self.slip_id == before:
            self._gated().slip_id = after
        self._tell_completed(document, before, after, level)

    def _take_completed(self, before, after, level):
        """A file that was closed elsewhere got its timestamp there: keep that one too.

        :param before: ``gov.document.version`` that :meth:`_set_final` was given
        :param after: the longer one
        """
        for piece in self.piece_ids:
            if piece.final_id.sha256 == before.sha256:
                piece.final_id = self._store_version(piece, after._read_content())
                self._tell_completed(piece.document_id, before, after, level)

    def _tell_completed(self, document, before, after, level):
        self._event(
            "folder.completed_proof",
            {
                "document": document.id,
                "before": before.sha256,
                "after": after.sha256,
                "level": level,
            },
        )

    # ------------------------------------------------------------------
    # The batch
    # ------------------------------------------------------------------
    @api.model
    def _process_closings(self, limit=BATCH):
        """Cron: close the documents of folders whose acts are all done, one a transaction.

        :param int limit: at most so many folders in one run
        """
        domain = [("state", "=", "closing"), ("sealed_at", "=", False)]
        self._process_each("closing", domain, limit)

    @api.model
    def _process_each(self, what, domain, limit):
        """Do ``_<what>_now`` for each folder of a batch: idempotent, with back-off."""
        now = fields.Datetime.now()
        domain = [
            *domain,
            "|",
            ("closing_next_at", "=", False),
            ("closing_next_at", "<=", now),
        ]
        folders = self.search(domain, limit=limit, order="id")
        remaining = self.search_count(domain)
        for folder in folders:
            folder._try_now(what)
            remaining -= 1
            if not self._progress(1, remaining):
                return

    @api.model
    def _progress(self, processed, remaining):
        """Commit between two folders; a test cursor never commits."""
        if odoo_module.current_test:
            return True
        return self.env["ir.cron"]._commit_progress(processed, remaining=remaining)

    def _try_now(self, what):
        """Never raises: what went wrong is written on the folder and tried again later."""
        folder = self._gated()
        try:
            with self.env.cr.savepoint():
                getattr(folder, f"_{what}_now")()
        except Exception as error:
            attempts = folder.closing_attempts + 1
            minutes = min(2 ** min(attempts, 10), MAX_BACK_OFF_MINUTES)
            reason = str(error).strip().split("\n")[0][:200] or type(error).__name__
            folder.write(
                {
                    "closing_attempts": attempts,
                    "closing_next_at": fields.Datetime.now()
                    + timedelta(minutes=minutes),
                    "closing_error": folder._pending_sentence(reason.rstrip(".")),
                }
            )
            _logger.warning(
                "Folder %s: %s failed (attempt %s), again in %s min",
                self.id,
                what,
                attempts,
                minutes,
                exc_info=True,
            )

    def _pending_sentence(self, reason):
        if self.state in ("refused", "cancelled"):
            return self.env._(
                "The circulation slip is pending: %(reason)s. It is tried again by itself.",
                reason=reason,
            )
        return self.env._(
            "Every act is done; the seal or the slip is pending: %(reason)s. It is tried "
            "again by itself.",
            reason=reason,
        )

    def _closing_now(self):
        """Seal each main document with a block that carries reference, date and QR code."""
        self.ensure_one()
        self._complete()  # proofs refer to it
        contents = [
            self._closed_pdf(item["piece"], item["pdf"])
            for item in self._final_inputs()
        ]
        self.write({"closing_attempts": 0, "closing_next_at": False})
        self._set_final(contents)

    def _complete(self):
        """Fix, once, the instant and the event that proofs refer to."""
        if self.completed_uid:
            return
        event = self._event(
            "folder.completed",
            {"documents": [piece._current().sha256 for piece in self.piece_ids]},
        )
        self.write({"completed_at": fields.Datetime.now(), "completed_uid": event.uid})
