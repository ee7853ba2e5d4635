import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import NO_ACCESS

from odoo.addons.gov_trust.lib.canonical import canonical

#: what the platform alone writes about the record that a folder was made from
SOURCE_NAMES = frozenset(
    {
        "source_id",
        "source_model",
        "source_res_id",
        "source_name",
        "source_facts",
        "source_digest",
        "source_document_id",
        "source_back_state",
        "source_back_error",
        "source_back_attempts",
        "source_back_next_at",
    }
)
#: while a folder is in one of these states its record is in signature
IN_SIGNATURE = ("running", "signed", "closing")


class ParapheurFolder(models.Model):
    """A folder that was made from a record: what the record said, and whether it still says so."""

    _inherit = "parapheur.folder"

    source_id = fields.Many2one(
        "parapheur.source",
        "Sent as",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    source_model = fields.Char("Model of the record", readonly=True, copy=False)
    source_res_id = fields.Many2oneReference(
        "Record", model_field="source_model", readonly=True, copy=False
    )
    source_name = fields.Char("Made from", readonly=True, copy=False)
    # What the sender could read of the record is not for everybody in the circuit.
    source_facts = fields.Json(readonly=True, copy=False, groups=NO_ACCESS)
    source_digest = fields.Char(
        "Digest of the values",
        readonly=True,
        copy=False,
        help="SHA-256 of the values that stand in the document.",
    )
    source_document_id = fields.Many2one(
        "gov.document",
        "Document of the record",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    source_notice = fields.Char(compute="_compute_source_notice")
    can_refresh_source = fields.Boolean(compute="_compute_source_notice")

    _source_idx = models.Index(
        "(source_model, source_res_id) WHERE source_res_id IS NOT NULL"
    )

    # ------------------------------------------------------------------
    # Gate
    # ------------------------------------------------------------------
    @api.model
    def _gated_names(self):
        return super()._gated_names() | SOURCE_NAMES

    def _check_protected(self, vals):
        super()._check_protected(vals)
        if self._gate_is_open() or not SOURCE_NAMES & vals.keys():
            return
        if self or any(vals[name] for name in SOURCE_NAMES & vals.keys()):
            raise AccessError(
                self.env._(
                    "From which record a folder was made is written by “Send to the signature "
                    "book” alone."
                )
            )

    # ------------------------------------------------------------------
    # The record as it is now
    # ------------------------------------------------------------------
    def _source_record(self):
        """The record, or an empty one of its model; None when there is none or its app is gone."""
        self.ensure_one()
        if not self.source_res_id or self.source_model not in self.env:
            return None
        return self.env[self.source_model].browse(self.source_res_id).exists()

    def _source_changes(self):
        """Labels of the values that are not what they were; None when they cannot be compared.

        Compared as the platform: it is said that something differs, never what it is now.
        """
        self.ensure_one()
        # Only the labels of what differs leave, for whoever reads the folder.
        folder_sudo = self.sudo()
        record_sudo = folder_sudo._source_record()
        if not record_sudo:
            return None
        try:
            now = folder_sudo.source_id._facts(record_sudo)
        except UserError:
            # A field is gone with its app: nothing can be compared any more.
            return None
        before = {one["path"]: one["raw"] for one in folder_sudo.source_facts or []}
        return [
            one["label"]
            for one in now
            if self._raw_digest(one["raw"]) != self._raw_digest(before.get(one["path"]))
        ]

    @staticmethod
    def _raw_digest(raw):
        return hashlib.sha256(canonical(raw)).digest()

    @api.depends("source_res_id", "state", "source_back_state")
    @api.depends_context("uid", "lang")
    def _compute_source_notice(self):
        for folder in self:
            folder.source_notice = folder._source_sentence()
            folder.can_refresh_source = bool(
                folder.source_notice
                and folder.state == "draft"
                and folder.initiator_id == self.env.user
                and folder._source_record()
            )

    def _source_sentence(self):
        """What differs between this folder and its record, in one sentence; False when nothing does."""
        self.ensure_one()
        if not self.source_res_id or self.state in ("refused", "cancelled"):
            return False
        changes = self._source_changes()
        if changes is None:
            return self.env._(
                "%(record)s, from which this folder was made, is not there any more or cannot "
                "be read.",
                record=self.source_name,
            )
        if not changes:
            return False
        return self.env._(
            "%(record)s was changed since the document was made. It differs in: %(labels)s.",
            record=self.source_name,
            labels=", ".join(changes),
        )

    def action_open_source(self):
        """Open the record from which this folder was made.

        :return: window action
        :raise UserError: the record is not there any more
        :raise AccessError: the user may not read it
        """
        self.ensure_one()
        self.check_access("read")
        record = self._source_record()
        if not record:
            raise UserError(
                self.env._(
                    "%(record)s is not there any more.", record=self.source_name or "–"
                )
            )
        record.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    # ------------------------------------------------------------------
    # Submitting
    # ------------------------------------------------------------------
    def _submit(self):
        self.ensure_one()
        self._take_source()
        return super()._submit()

    def _take_source(self):
        """Of somebody who changes the record at this moment and this submission, the second one is played again."""
        # Whether the sender may change the record does not matter: nothing of it changes.
        record_sudo = self.sudo()._source_record()
        if not record_sudo:
            return
        record_sudo.flush_recordset()
        self._take_records(record_sudo._name, record_sudo.ids)
        record_sudo.invalidate_recordset()

    def _submit_problems(self):
        problems = super()._submit_problems()
        if self.source_res_id:
            problems += self._source_problems()
        return problems

    def _source_problems(self):
        """Why a folder that was made from a record cannot circulate as it is."""
        if self.source_document_id not in self.main_ids:
            return [
                self.env._(
                    "The document that was made from %(record)s was taken out: press “Make the "
                    "document again”, or start a folder without the record.",
                    record=self.source_name,
                )
            ]
        sentence = self._source_sentence()
        if sentence:
            return [
                self.env._(
                    "%(sentence)s Press “Make the document again”, read it, and submit.",
                    sentence=sentence,
                )
            ]
        other = self._source_in_signature(self.source_model, [self.source_res_id])
        other = other.filtered(lambda one: one.source_id.lock != "none") - self
        if other:
            return [
                self.env._(
                    "%(record)s is in signature already: folder %(folder)s. Wait until it ends.",
                    record=self.source_name,
                    folder=other[0].reference,
                )
            ]
        return []

    @api.model
    def _source_in_signature(self, model, ids):
        """Folders under way that were made from these records, as superuser."""
        # Whoever changes a record may not read the folder that locks it; its reference alone is told.
        folders_sudo = self.sudo()
        return folders_sudo.search(
            [
                ("source_model", "=", model),
                ("source_res_id", "in", list(ids)),
                ("state", "in", IN_SIGNATURE),
            ],
            order="id",
        )
