from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.gov_base.lib import given

MAX_AT_ONCE = 20


class ParapheurSend(models.TransientModel):
    """“Send to the signature book”: which way of sending, for which records, and what came of it."""

    _name = "parapheur.send"
    _description = "Send to the signature book"

    model = fields.Char(readonly=True, required=True)
    record_ids = fields.Json("Ids of the records", readonly=True)
    record_names = fields.Text("Records", compute="_compute_record_names")
    record_count = fields.Integer(compute="_compute_record_names")
    source_ids = fields.Many2many("parapheur.source", compute="_compute_source_ids")
    source_id = fields.Many2one(
        "parapheur.source", "What is it for?", domain="[('id', 'in', source_ids)]"
    )
    source_count = fields.Integer(compute="_compute_source_ids")
    nature_id = fields.Many2one(related="source_id.nature_id")
    lock = fields.Selection(related="source_id.lock")
    folder_ids = fields.Many2many(
        "parapheur.folder", string="Folders made", readonly=True
    )
    result = fields.Text("Not done", readonly=True)
    is_done = fields.Boolean(readonly=True)

    @api.model
    def default_get(self, fields):
        vals = super().default_get(fields)
        context = self.env.context
        model = context.get("active_model")
        ids = given.record_ids(context.get("active_ids") or context.get("active_id"))
        vals.update(
            model=model if isinstance(model, str) else "",
            record_ids=[one for one in ids if one > 0],
        )
        found = self._available(vals["model"])
        if len(found) == 1:
            vals["source_id"] = found.id
        return vals

    @api.model_create_multi
    def create(self, vals_list):
        # What was done is written by the action alone.
        for vals in vals_list:
            for name in ("folder_ids", "result", "is_done"):
                vals.pop(name, None)
        return super().create(vals_list)

    @api.model
    def _available(self, model):
        """The sendings in use that the user may choose from."""
        if model not in self.env or self.env[model]._abstract:
            return self.env["parapheur.source"]
        return self.env["parapheur.source"].search(
            [
                ("model", "=", model),
                ("state", "=", "published"),
                ("company_id", "in", self.env.companies.ids),
            ]
        )

    @api.depends("model")
    def _compute_source_ids(self):
        for wizard in self:
            wizard.source_ids = wizard._available(wizard.model or "")
            wizard.source_count = len(wizard.source_ids)

    def _records(self):
        """The records, when the user may read them.

        :raise UserError: none, too many, or of a model that is not sent
        :raise AccessError: the user may not read one of them
        """
        self.ensure_one()
        if not self._available(self.model or ""):
            raise UserError(
                self.env._(
                    "Nothing is set up to send these records to the signature book in your "
                    "administration."
                )
            )
        ids = [one for one in given.record_ids(self.record_ids) if one > 0]
        records = self.env[self.model].browse(ids).exists()
        if not records:
            raise UserError(
                self.env._("Choose a record first: nothing is there to be sent.")
            )
        if len(records) > MAX_AT_ONCE:
            raise UserError(
                self.env._(
                    "At most %(limit)s records are sent at once: choose fewer.",
                    limit=MAX_AT_ONCE,
                )
            )
        records.check_access("read")
        return records

    @api.depends("model", "record_ids")
    def _compute_record_names(self):
        for wizard in self:
            try:
                records = wizard._records()
            except (UserError, AccessError) as error:
                wizard.record_names, wizard.record_count = error.args[0], 0
                continue
            wizard.record_names = "\n".join(
                record.display_name or str(record.id) for record in records
            )
            wizard.record_count = len(records)

    def action_prepare(self):
        """Make a folder of each record, as a draft to read and submit.

        :return: action: the folder when there is one and nothing failed, else this dialog with what was done
        :raise UserError: nothing chosen, nothing in use
        :raise AccessError: the user may not read the records
        """
        return self._do(submit=False)

    def action_send(self):
        """Make a folder of each record and submit it at once.

        :return: as :meth:`action_prepare`
        :raise UserError: nothing chosen, nothing in use
        :raise AccessError: the user may not read the records
        """
        return self._do(submit=True)

    def _do(self, submit):
        self.ensure_one()
        self.check_access("write")
        records, source = self._records(), self.source_id
        if self.is_done:
            raise UserError(
                self.env._(
                    "This was sent already: close this window and look at the folders."
                )
            )
        if source not in self._available(self.model):
            raise UserError(self.env._("Choose what it is for."))
        folders, problems = self.env["parapheur.folder"], []
        for record in records:
            try:
                with self.env.cr.savepoint():
                    folder, missed = source._send(record)
                folders |= folder
            except (UserError, AccessError) as error:
                problems.append(self._said(record, error.args[0]))
                continue
            problems += [self._said(record, one) for one in self._missed(missed)]
            if submit:
                problems += self._submit(record, folder)
        if len(folders) == 1 and not problems:
            return self._open_folder(folders)
        # What was done is written by the action alone.
        self.sudo().write(
            {
                "folder_ids": folders.ids,
                "result": "\n".join(problems) or False,
                "is_done": True,
            }
        )
        return self._open_self()

    def _submit(self, record, folder):
        """Submit; the folder stays a draft when it cannot be."""
        try:
            with self.env.cr.savepoint():
                folder.action_submit()
        except (UserError, AccessError) as error:
            return [self._said(record, error.args[0])]
        return []

    def _missed(self, labels):
        if not labels:
            return []
        return [
            self.env._(
                "these values do not fit the form, fill them in by hand: %(labels)s",
                labels=", ".join(labels),
            )
        ]

    def _said(self, record, sentence):
        return self.env._(
            "%(record)s: %(sentence)s",
            record=record.display_name or str(record.id),
            sentence=sentence,
        )

    def _open_folder(self, folder):
        return {
            "type": "ir.actions.act_window",
            "res_model": "parapheur.folder",
            "res_id": folder.id,
            "views": [(False, "form")],
            "target": "current",
        }

    def _open_self(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send to the signature book"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_open_folders(self):
        """Open the folders that were made.

        :return: window action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "e_parapheur.parapheur_folder_action"
        )
        return {**action, "domain": [("id", "in", self.folder_ids.ids)], "context": {}}
