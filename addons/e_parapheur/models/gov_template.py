from odoo import api, fields, models


class GovTemplate(models.Model):
    """Templates of documents that are made from a record of any app."""

    _inherit = "gov.template"

    kind = fields.Selection(
        selection_add=[("record", "Document of a record, for signature")],
        ondelete={"record": "set default"},
    )

    @api.model
    def _framed_kinds(self):
        return super()._framed_kinds() | {"record"}

    @api.model
    def _merge_keys(self, kind):
        keys = super()._merge_keys(kind)
        if kind == "record":
            for row in self._source_rows().filtered(lambda one: not one.list_name):
                keys.setdefault(row.key, row.label)
        return keys

    @api.model
    def _merge_loops(self, kind):
        loops = dict(super()._merge_loops(kind))
        if kind == "record":
            for row in self._source_rows().filtered("list_name"):
                label = row.source_id._path_label(row.source_id.model, row.list_name)
                loop = loops.setdefault(row.list_name, {"label": label, "keys": {}})
                loop["keys"].setdefault(row.key, row.label)
        return loops

    @api.model
    def _source_rows(self):
        """The values of all sendings of the administrations of the user."""
        # Names and labels alone, for the list of merge fields.
        rows_sudo = self.env["parapheur.source.field"].sudo()
        return rows_sudo.search(
            [
                ("company_id", "in", self.env.companies.ids),
                ("source_id.state", "!=", "retired"),
            ]
        )
