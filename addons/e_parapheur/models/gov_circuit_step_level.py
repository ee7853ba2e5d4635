from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.gov_trust.lib.trust import LEVELS

from .gov_circuit_step import SIGNATURE

#: what a certificate may be worth, the least first
SIGNATURE_LEVELS = [
    ("simple", "Simple"),
    ("advanced", "Advanced"),
    ("qualified", "Qualified"),
]


class GovCircuitStep(models.Model):
    """A signature step says what the certificate of who signs is worth, and may be done by delegation."""

    _inherit = "gov.circuit.step"

    level_min = fields.Selection(
        SIGNATURE_LEVELS,
        "At least",
        help="What the certificate of who signs has to be worth. Empty: as the nature says.",
    )
    level_max = fields.Selection(
        SIGNATURE_LEVELS,
        "At most",
        help="Certificates above this are not used for this step. Empty: as the nature says.",
    )

    @api.constrains("level_min", "level_max")
    def _check_levels(self):
        for step in self.filtered(lambda one: one.level_min and one.level_max):
            if LEVELS.index(step.level_min) > LEVELS.index(step.level_max):
                raise ValidationError(
                    self.env._(
                        "“%(step)s”: no certificate is at least and at most what is asked. "
                        "Choose a highest level that is not below the lowest one.",
                        step=step.name,
                    )
                )

    @api.model
    def _delegable_kinds(self):
        return (*super()._delegable_kinds(), SIGNATURE)
