import logging

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS, Domain

from odoo.addons.gov_trust.exceptions import SealRefused

from ..lib import content

_logger = logging.getLogger(__name__)

BATCH = 50
ATTEMPT = ("closing_attempts", "closing_next_at", "closing_error")
#: states in which the seal is still to be made
TO_CLOSE = ("waiting", "failed")


class RegistryLetter(models.Model):
    """The closing seal of letters made here: number, date and QR in its own box.

    Proof, drawing, seal, stored copy and what the app does with it are one transaction:
    killed anywhere, it is as if it had not begun, and the batch begins again.
    """

    _name = "registry.letter"
    _inherit = ["registry.letter", "registry.batch.mixin"]

    closing_state = fields.Selection(
        [
            ("none", "None"),
            ("waiting", "To be sealed"),
            ("closed", "Sealed"),
            ("failed", "Not sealed yet"),
        ],
        string="Final document",
        default="none",
        required=True,
        readonly=True,
        copy=False,
    )
    closing_error = fields.Char(readonly=True, copy=False)
    closing_attempts = fields.Integer(readonly=True, copy=False, aggregator=None)
    closing_next_at = fields.Datetime(string="Next attempt", readonly=True, copy=False)
    closing_version_id = fields.Many2one(
        "gov.document.version",
        string="Sealed copy",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    closing_sentence = fields.Char(
        string="Proof of time",
        related="closing_version_id.document_id.signature_sentence",
    )
    closing_field = fields.Char(readonly=True, copy=False)
    closing_ref = fields.Char(copy=False, groups=NO_ACCESS)
    closing_proof_id = fields.Many2one(
        "gov.proof", copy=False, groups=NO_ACCESS, ondelete="restrict"
    )
    closing_caller_model = fields.Char(copy=False, groups=NO_ACCESS)
    closing_caller_id = fields.Integer(copy=False, groups=NO_ACCESS)
    can_retry_closing = fields.Boolean(compute="_compute_can_retry_closing")

    _closing_idx = models.Index("(id) WHERE closing_state IN ('waiting', 'failed')")

    @api.depends("closing_state", "state")
    @api.depends_context("uid")
    def _compute_can_retry_closing(self):
        for letter in self:
            letter.can_retry_closing = (
                self._may("registrar", "head") and not letter._retry_closing_refusal()
            )

    @api.model
    def _process_closings(self, limit=BATCH):
        """Batch after the number: close what waits for its seal, one a transaction.

        :param int limit: at most so many letters in one run
        :return: False when the time of the run is over
        """
        domain = (
            Domain("closing_state", "in", TO_CLOSE)
            & Domain("state", "=", "registered")
            & Domain("entry_id.sequence", "!=", False)
            & self._due_domain("closing_next_at")
        )
        letters = self.search(domain, limit=limit, order="id")
        if not letters:
            return True
        remaining = self.search_count(domain)
        self.env["registry.register"]._note_years(
            (entry.register_id.id, entry.year) for entry in letters.entry_id
        )
        for letter in letters:
            letter._ensure_closed()
            remaining -= 1
            if not self._progress(1, remaining):
                return False
        return True

    def _ensure_closed(self):
        """Return the sealed copy, made now if need be; empty while something is missing.

        Never raises for what may fail outside (fonts, keys, disk): the error is written
        on the letter and tried again later. Call it with the rights to write evidence.

        :return: ``gov.document.version``
        """
        self.ensure_one()
        # The platform seals, whoever happens to ask first: not the reader's name.
        self = self.with_user(SUPERUSER_ID)
        if self._may_close() and self._lock_alone() and self._may_close():
            self._attempt(self._close_now, ATTEMPT, self._closing_sentence, _logger)
        return self.closing_version_id

    def _may_close(self):
        return (
            self.closing_state in TO_CLOSE
            and self.state == "registered"
            and bool(self.entry_id.sequence)
        )

    def _write_attempt(self, vals):
        self._gated().write({"closing_state": "failed", **vals})

    def _closing_sentence(self, error):
        return self.env._(
            "The letter has its number; its final document is not sealed yet: "
            "%(reason)s It is tried again by itself.",
            reason=self._reason(error),
        )

    def _close_now(self):
        """Issue the proof, draw the block, seal, keep the copy, tell the app."""
        self.ensure_one()
        main = self._current_versions()[:1]
        pdf = main._read_content()
        if content.digest(pdf) != main.sha256:
            raise SealRefused(self.env._("The registered file is not what it was."))
        proof = self._closing_proof()
        closed = self.env["gov.sign"]._close(
            self.company_id,
            pdf,
            self.closing_field,
            appearance=self._closing_block(pdf, proof),
            reason=self.number,
        )
        if not closed.startswith(pdf):
            raise SealRefused(
                self.env._("The sealed file does not begin with the registered one.")
            )
        digest = content.digest(closed)
        version = self.env["gov.document"]._store_generated(
            closed,
            self._closing_filename(),
            "application/pdf",
            company=self.company_id,
            owner=self,
            pages=main.pages,
        )
        proof._set_document(digest, closed)
        version.document_id._ask_completion()
        self.register_id._append_event(
            "letter.sealed",
            {
                "entry": self.entry_id.event_uid,
                "number": self.number,
                "document": {"sha256": digest, "size": len(closed)},
            },
            subject=self,
        )
        self._gated().write(
            {
                "closing_state": "closed",
                "closing_version_id": version.id,
                "closing_proof_id": proof.id,
                "closing_error": False,
                "closing_next_at": False,
            }
        )
        # Only the number: what is in a message outlives the reader's rights.
        self.message_post(
            body=self.env._(
                "%(number)s: the final document is sealed.", number=self.number
            )
        )
        self._closing_done()
        if self.closing_caller_model:
            caller = self.env[self.closing_caller_model].browse(self.closing_caller_id)
            caller.exists()._letter_closed(self)

    def _gov_document_completed(self, document, before, after, level):
        """The sealed copy got its timestamp: whoever reads it reads that one."""
        if self.closing_version_id != before:
            return
        self._gated().write({"closing_version_id": after.id})
        self.register_id._append_event(
            "letter.completed_proof",
            {
                "entry": self.entry_id.event_uid,
                "before": before.sha256,
                "after": after.sha256,
                "level": level,
            },
            subject=self,
        )

    def _closing_done(self):
        """Hook: the sealed copy of these letters is there (``closing_version_id``).

        Called once a letter, as superuser, in the transaction that closes it: what is
        raised here takes the closing back, is shown on the letter and is tried again.
        """

    def _retry_closing_refusal(self):
        """Return why this user cannot have the seal tried again, or None."""
        self.ensure_one()
        if self.closing_state not in TO_CLOSE or self.state != "registered":
            return UserError(
                self.env._(
                    "The final document of %(letter)s does not wait for its seal: "
                    "nothing was done.",
                    letter=self.display_name,
                )
            )
        return None

    def action_retry_closing(self):
        """Try again now to seal the final document of these letters.

        :return: True; ``closing_state`` and ``closing_error`` say what came of it
        :raise UserError: a letter waits for no seal
        :raise AccessError: neither registrar nor head of the office
        """
        self.check_access("read")
        self._check_may("registrar", "head")
        for letter in self:
            refusal = letter._retry_closing_refusal()
            if refusal:
                raise refusal
            # The batch writes evidence; role and right to read were checked.
            letter_sudo = letter.sudo()
            letter_sudo._ensure_closed()
        return True

    def action_final_document(self):
        """Open the final document of this letter, sealed now when it still waits.

        :return: URL action
        :raise UserError: it is not there yet, with what is missing
        """
        self.ensure_one()
        self.check_access("read")
        # Sealing writes evidence; the reader's right on the letter was checked.
        letter_sudo = self.sudo()
        version = letter_sudo._ensure_closed()
        if not version:
            raise UserError(
                letter_sudo.closing_error
                or self.env._(
                    "The final document is made when the number is there, within a "
                    "minute. Try again then."
                )
            )
        return version.with_env(self.env).action_download()
