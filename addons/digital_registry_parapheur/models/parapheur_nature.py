from odoo import api, fields, models
from odoo.exceptions import ValidationError

NUMBERING = ("outgoing", "internal")
#: of a folder with several main documents (ADR 11: one number is one document)
MODES = [
    ("each", "One number for each main document"),
    ("act", "One number: the first document is the act, the others go with it"),
]


class ParapheurNature(models.Model):
    """Acts of a nature may take a register number, after the last signature."""

    _inherit = "parapheur.nature"

    register_id = fields.Many2one(
        "registry.register",
        string="Numbered in",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('direction', 'in', ['outgoing', 'internal'])]",
        help="Each act takes its number in this register after the last signature; the "
        "closing seal prints it. Empty: the seal carries the reference of the folder.",
    )

    register_mode = fields.Selection(
        MODES,
        string="Several main documents",
        required=True,
        default="each",
        help="With one number, the register holds the digests of all documents in one line, "
        "and the seals print it with the place of each: 2026/000142 (2/3).",
    )

    @api.constrains("register_id")
    def _check_register_id(self):
        for nature in self:
            register = nature.register_id
            if register and register.direction not in NUMBERING:
                raise ValidationError(
                    self.env._(
                        "Acts leave the administration or stay in it: choose an outgoing "
                        "or an internal register, not %(register)s.",
                        register=register.name,
                    )
                )
