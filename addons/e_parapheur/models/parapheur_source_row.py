from odoo import api, fields, models


class ParapheurSourceRow(models.AbstractModel):
    """A line of what is sent from records; it changes with its draft alone.

    A model gives ``_clean_vals`` and adds what must fit to ``_check_open``.
    """

    _name = "parapheur.source.row"
    _description = "Line of what is sent from records"

    source_id = fields.Many2one(
        "parapheur.source", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="source_id.company_id", store=True, precompute=True, index=True
    )
    sequence = fields.Integer(default=10)

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create([self._clean_vals(vals) for vals in vals_list])
        rows._check_open()
        return rows

    def write(self, vals):
        self._check_open()
        result = super().write(self._clean_vals(vals))
        self._check_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self.source_id._check_draft()

    def _check_open(self):
        """Raise unless the lines may change: a version in use does not."""
        if not self.source_id._gate_is_open():
            self.source_id._check_draft()

    @api.model
    def _clean_vals(self, vals):
        return dict(vals)
