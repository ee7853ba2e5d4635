from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .gov_circuit_step import SIGNATURE_LEVELS


class ParapheurNature(models.Model):
    """What is asked of who signs an act of this nature: power, certificate, time, proof of who he is."""

    _inherit = "parapheur.nature"

    act_nature_id = fields.Many2one(
        "gov.act.nature",
        string="Nature in delegations",
        ondelete="restrict",
        domain="[('company_id', 'in', (company_id, False))]",
        help="Delegations of signature that are limited to natures cover these folders when "
        "they name this one. Empty: only delegations for every nature cover them.",
    )
    timestamp_rule = fields.Selection(
        [
            ("pending", "Sign now, the timestamp comes later"),
            ("wait", "Do not sign without a timestamp"),
        ],
        string="Without timestamp authority",
        required=True,
        default="pending",
        help="What happens when no timestamp authority answers at the moment of signing.",
    )
