from odoo import api, models
from odoo.tools import SQL


class GovEvidence(models.AbstractModel):
    """A row of a table that only grows: written in one statement, then never changed.

    Such tables have no default, no compute, no audit column and no one2many written with
    the row. ``create`` would prepare for all of these; it is a third of a deposit's time.
    """

    _name = "gov.evidence"
    _description = "Row of an evidence table"

    @api.model
    def _insert(self, vals):
        """Write one row and return its record. The caller has the right to.

        :param dict vals: plain values of stored columns, as for ``create``
        """
        columns = {
            name: self._fields[name].convert_to_column_insert(value, self)
            for name, value in vals.items()
        }
        ((record_id,),) = self.env.execute_query(
            SQL(
                "INSERT INTO %s (%s) VALUES %s RETURNING id",
                SQL.identifier(self._table),
                SQL(", ").join(map(SQL.identifier, columns)),
                tuple(columns.values()),
            )
        )
        record = self.browse(record_id)
        for name, value in vals.items():
            field = self._fields[name]
            field._insert_cache(record, (field.convert_to_cache(value, record),))
        return record
