from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: what colleagues say about a record is not the record
FREE_STARTS = ("message_", "activity_", "my_activity", "website_message")
#: types of which the value that is there can be compared with the one that is written
COMPARED = ("char", "text", "boolean", "integer", "selection", "many2one")
#: set in the context by our own methods only: a plain object cannot come by RPC
WRITE_BACK = object()


class ParapheurFolder(models.Model):
    """The lock of a record in signature; asked by ``base`` at every create, write and unlink of what is watched."""

    _inherit = "parapheur.folder"

    @api.model
    def _check_source_locks(self, model, ids, vals=None, child=None):
        """Raise when one of these records is locked.

        :param str model: model of the records
        :param list ids: their ids
        :param dict vals: what would be written; None: deleted, or a row of it changes
        :param str child: model of the row that changes, when it is a row
        :raise UserError: locked; the sentence names the record and the folder
        """
        if self.env.context.get("parapheur_write_back") is WRITE_BACK:
            return
        changed = self._changed_names(model, ids, vals)
        if changed is not None and not changed:
            return
        self._take_records(model, ids)
        for folder_sudo in self._source_in_signature(model, ids):
            touched = folder_sudo._locked_touched(changed, child)
            if touched:
                raise UserError(self._lock_sentence(folder_sudo, touched))

    @api.model
    def _take_records(self, model, ids):
        """Of a change and a submission at the same moment, the second one is played again.

        Each of them writes the record itself, also when what changes is a row or a delegated half of it.
        """
        if self.env[model]._auto:
            self.env.execute_query(
                SQL(
                    "UPDATE %s SET id = id WHERE id IN %s RETURNING id",
                    SQL.identifier(self.env[model]._table),
                    tuple(sorted(set(ids))),
                )
            )

    @api.model
    def _changed_names(self, model, ids, vals):
        """Names of what would really change, without chatter; None when it is not about fields."""
        if vals is None:
            return None
        # Whether a value changes is found out whoever writes it.
        records_sudo = self.env[model].sudo().browse(ids)
        known = records_sudo._fields
        return {
            name
            for name, value in vals.items()
            if not name.startswith(FREE_STARTS)
            and name in known
            and (
                known[name].type not in COMPARED
                or any(
                    known[name].convert_to_write(record[name], record) != value
                    for record in records_sudo
                )
            )
        }

    def _locked_touched(self, changed, child):
        """Names of locked fields that are touched, ``["*"]`` for the whole record; empty when it is free."""
        self.ensure_one()
        source = self.source_id
        if source.lock == "none":
            return []
        if source.lock == "record":
            return sorted(changed) if changed else ["*"]
        roots = {
            row.path.partition(".")[0]: row.label
            for row in source.field_ids
            if row.is_locked
        }
        fields = self.env[self.source_model]._fields
        if child:
            return sorted(
                name
                for name in roots
                if name in fields
                and child in (fields[name].comodel_name, self._half_of(fields[name]))
            )
        return sorted(changed & roots.keys()) if changed is not None else ["*"]

    @staticmethod
    def _half_of(field):
        """The model to which a delegated field belongs."""
        return field.related_field.model_name if field.inherited else None

    @api.model
    def _lock_sentence(self, folder_sudo, touched):
        env = self.env
        model = folder_sudo.source_model
        known = env[model]._fields
        labels = [
            env["parapheur.source"]._field_label(known[name])
            for name in touched
            if name in known
        ]
        if not labels or folder_sudo.source_id.lock == "record":
            return env._(
                "%(record)s is in signature (folder %(folder)s): it cannot be changed or deleted "
                "until the folder is finished, refused or taken back.",
                record=folder_sudo.source_name,
                folder=folder_sudo.reference,
            )
        return env._(
            "%(record)s is in signature (folder %(folder)s): %(labels)s cannot be changed until "
            "the folder is finished, refused or taken back.",
            record=folder_sudo.source_name,
            folder=folder_sudo.reference,
            labels=", ".join(labels),
        )
