import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .parapheur_folder_source_lock import WRITE_BACK

_logger = logging.getLogger(__name__)
BATCH = 20
MAX_ATTEMPTS = 8
BACK_STATES = [
    ("pending", "To be written"),
    ("done", "Written in the record"),
    ("failed", "Not written in the record"),
]
ENDS = ("done", "refused", "cancelled")


class ParapheurFolder(models.Model):
    """When a folder ends its record is told: values written back, the signed files attached."""

    _inherit = "parapheur.folder"

    source_back_state = fields.Selection(
        BACK_STATES, "Written back", readonly=True, copy=False
    )
    source_back_error = fields.Char("Problem of the record", readonly=True, copy=False)
    source_back_attempts = fields.Integer(readonly=True, copy=False)
    source_back_next_at = fields.Datetime(readonly=True, copy=False)

    _source_back_idx = models.Index("(id) WHERE source_back_state = 'pending'")

    def _become(self, new, **vals):
        was_submitted = {folder.id for folder in self if folder.submitted_at}
        result = super()._become(new, **vals)
        ended = self.filtered(
            lambda one: one.source_res_id and new in ENDS and one.id in was_submitted
        )
        if ended:
            ended._gated().write(
                {
                    "source_back_state": "pending",
                    "source_back_attempts": 0,
                    "source_back_next_at": False,
                    "source_back_error": False,
                }
            )
            self.env.ref("e_parapheur.ir_cron_parapheur_process_records")._trigger()
        return result

    def action_write_back(self):
        """Try again, now, to write in the record what this ended folder says.

        :return: True
        :raise UserError: nothing is waiting, or it fails again; the sentence says why
        :raise AccessError: neither the sender nor an administrator of the signature book
        """
        self.ensure_one()
        self.check_access("read")
        if self.initiator_id != self.env.user and not self.env.user.has_group(
            "e_parapheur.group_e_parapheur_admin"
        ):
            raise AccessError(
                self.env._(
                    "Only %(name)s, who started the folder, or an administrator of the signature "
                    "book can do this.",
                    name=self.initiator_id.name,
                )
            )
        self._lock_or_tell(
            self.env._("This is being written right now. Look again in a moment.")
        )
        if self.source_back_state not in ("pending", "failed"):
            raise UserError(self.env._("There is nothing to write in the record."))
        # What is written was set up by an administrator; the folder ended by its circuit.
        folder_sudo = self.sudo()
        folder_sudo._write_back_now()
        return True

    # ------------------------------------------------------------------
    # The batch
    # ------------------------------------------------------------------
    @api.model
    def _process_records(self, limit=BATCH):
        """Cron: tell the records of folders that ended, one a transaction, with back-off.

        :param int limit: at most so many folders in one run
        """
        domain = [
            ("source_back_state", "=", "pending"),
            "|",
            ("source_back_next_at", "=", False),
            ("source_back_next_at", "<=", fields.Datetime.now()),
        ]
        folders = self.search(domain, limit=limit, order="id")
        remaining = self.search_count(domain)
        for folder in folders:
            folder._try_back()
            remaining -= 1
            if not self._progress(1, remaining):
                return

    def _try_back(self):
        """Never raises: what went wrong is written on the folder and tried again later."""
        try:
            with self.env.cr.savepoint():
                self._write_back_now()
        except Exception as error:
            attempts = self.source_back_attempts + 1
            reason = str(error).strip().split("\n")[0][:200] or type(error).__name__
            self._gated().write(
                {
                    "source_back_state": "pending"
                    if attempts < MAX_ATTEMPTS
                    else "failed",
                    "source_back_attempts": attempts,
                    "source_back_next_at": fields.Datetime.now()
                    + timedelta(minutes=2**attempts),
                    "source_back_error": self.env._(
                        "%(record)s was not told: %(reason)s",
                        record=self.source_name,
                        reason=reason,
                    ),
                }
            )
            if attempts >= MAX_ATTEMPTS:
                self._tell_those_concerned(self.source_back_error)
            _logger.info(
                "Folder %s: its record was not written (attempt %s)",
                self.id,
                attempts,
                exc_info=True,
            )

    def _write_back_now(self):
        """Write what the sending says in the record; called on a superuser's record."""
        self.ensure_one()
        source = self.source_id
        record = self._source_record()
        if not record:
            raise UserError(
                self.env._("it is not there any more, or its app was removed.")
            )
        record = record.with_context(parapheur_write_back=WRITE_BACK).with_company(
            self.company_id
        )
        vals = {}
        for row in source.back_ids.filtered(lambda one: one.moment == self.state):
            field = source._back_field(record._name, row.field_name)
            row._check_value(field)
            vals[field.name] = row._value_for(field, self)
        if vals:
            record.write(vals)
            record.flush_recordset()
        self._tell_source(record)
        self._event(
            "folder.written_back",
            {
                "source": source.id,
                "source_model": record._name,
                "source_record": record.id,
                "source_fields": sorted(vals),
            },
        )
        self._gated().write({"source_back_state": "done", "source_back_error": False})

    def _tell_source(self, record):
        """One message in the record's history; with the signed files when it was finished and is so set up."""
        bodies = {
            "done": self.env._(
                "Folder %(folder)s: finished and sealed.", folder=self.reference
            ),
            "refused": self.env._("Folder %(folder)s: refused.", folder=self.reference),
            "cancelled": self.env._(
                "Folder %(folder)s: stopped by its sender.", folder=self.reference
            ),
        }
        files = []
        # Who reads the record need not be of the people of a confidential folder.
        if (
            self.state == "done"
            and self.source_id.attach_signed
            and not self.is_confidential
        ):
            files = [
                (piece.final_id.filename, piece.final_id._read_content())
                for piece in self.piece_ids
                if piece.final_id
            ]
        record.message_post(
            body=bodies[self.state], attachments=files, subtype_xmlid="mail.mt_note"
        )
