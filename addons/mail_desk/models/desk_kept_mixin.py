from odoo import api, models
from odoo.exceptions import AccessError


class DeskKeptMixin(models.AbstractModel):
    """Rows that the platform alone writes: whoever acts does it by the buttons, behind a gate."""

    _name = "desk.kept.mixin"
    _description = "Rows of the desk written behind a gate"
    _inherit = ["desk.role.mixin", "gov.gated"]

    @api.model_create_multi
    def create(self, vals_list):
        self._check_desk_gate()
        return super().create(vals_list)

    def write(self, vals):
        self._check_desk_gate()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        self._check_desk_gate()

    @api.model
    def _check_desk_gate(self):
        if not self._desk_gate_is_open():
            raise AccessError(self._desk_gate_sentence())

    @api.model
    def _desk_gate_sentence(self):
        """Return what is told to whoever writes these rows by himself."""
        raise NotImplementedError(f"{self._name} does not say how its rows change")
