from odoo import api, models, tools


class GovRemembered(models.AbstractModel):
    """A record that each deposit reads and that changes a few times a year.

    ``_recall`` puts its plain columns where the ORM looks first, from the memory of the
    process: business code reads fields as ever, without a statement. Every change by
    the ORM clears that memory, in every process (Odoo's own cache signals).
    """

    _name = "gov.remembered"
    _description = "Record that is read often and changes rarely"

    def _recall(self):
        """Put the plain columns of these records in the cache of this transaction.

        What the transaction read or changed already is left as it is. Access is not
        checked: call it where reading them is allowed.

        :return: self
        """
        for record in self:
            for name, value in self._remembered_values(record.id).items():
                self._fields[name]._insert_cache(record, (value,))
        return self

    @api.model
    @tools.ormcache("record_id")
    def _remembered_values(self, record_id):
        """Return {field: value as the ORM caches it} of a record, or nothing."""
        # Kept for everybody: what each may see is decided where the record is read.
        record_sudo = self.sudo().browse(record_id).exists()
        names = self._remembered_names() if record_sudo else []
        record_sudo.fetch(names)
        return {
            name: self._fields[name]._get_cache(record_sudo.env)[record_id]
            for name in names
        }

    @api.model
    def _remembered_names(self):
        """Return the columns that depend on nothing: no language, company or compute."""
        return [
            name
            for name, field in self._fields.items()
            if field.store
            and field.column_type
            and name not in models.MAGIC_COLUMNS
            and not (field.translate or field.compute or field.company_dependent)
        ]

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
