from odoo import api, models

from .registry_office import DIRECTIONS

CODES = {"incoming": "IN", "outgoing": "OUT", "internal": "INT"}


class RegistryRegister(models.Model):
    """The usual three registers of an office: what is proposed, in every language."""

    _inherit = "registry.register"

    @api.onchange("direction")
    def _onchange_direction(self):
        """Propose code and name, unless somebody typed his own."""
        if not self.direction:
            return
        usual_names = {self._usual_name(direction) for direction, _label in DIRECTIONS}
        if not self.code or self.code in CODES.values():
            self.code = CODES[self.direction]
        if not self.name or self.name in usual_names:
            self.name = self._usual_name(self.direction)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            direction = vals.get("direction") or "incoming"
            vals.setdefault("code", CODES.get(direction))
            vals.setdefault("name", self._usual_name(direction))
        registers = super().create(vals_list)
        registers._translate_usual_names()
        return registers

    @api.model
    def _usual_name(self, direction):
        return {
            "incoming": self.env._("Incoming letters"),
            "outgoing": self.env._("Outgoing letters"),
            "internal": self.env._("Internal letters"),
        }.get(direction)

    @api.model
    def _usual_registers(self, directions=None):
        """Return the values of the usual registers, as a form proposes them.

        :param directions: only these; all three by default
        """
        wanted = directions or [direction for direction, _label in DIRECTIONS]
        return [
            {
                "direction": direction,
                "code": CODES[direction],
                "name": self._usual_name(direction),
            }
            for direction in wanted
        ]

    def _translate_usual_names(self):
        """Write the usual names in every language: receipts print two at once."""
        usual = self.filtered(
            lambda register: register.name == self._usual_name(register.direction)
        )
        for lang in self.env["res.lang"]._gov_languages() if usual else ():
            for register in usual.with_context(lang=lang.code):
                register.name = register._usual_name(register.direction)
