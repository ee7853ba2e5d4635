from odoo import fields, models


class RegistryOffice(models.Model):
    """How the letters of this office are signed before they take their number."""

    _inherit = "registry.office"

    desk_allow_paper = fields.Boolean(
        string="May be signed on paper",
        help="Printed with a code on each page, signed, scanned back: the scan takes the "
        "number and the seal.",
    )
    desk_allow_internal = fields.Boolean(
        string="May be numbered without a signature",
        compute="_compute_desk_allow_internal",
        store=True,
        readonly=False,
        precompute=True,
        help="The validation is enough: the letter takes its number and the seal of the "
        "administration, and nobody signs it.",
    )

    desk_rank_id = fields.Many2one(
        "hr.department",
        string="Validated at least up to",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Letters written in this unit or below it go up to its head, whatever their "
        "authors choose. Empty: the authors choose.",
    )

    def _compute_desk_allow_internal(self):
        """Allowed until the administrator, or a way to sign that a bridge adds, says no."""
        self.desk_allow_internal = True

    def _desk_signing_ways(self):
        """Return the codes of the ways allowed, the usual one first."""
        self.ensure_one()
        ways = ["paper"] if self.desk_allow_paper else []
        return [*ways, "internal"] if self.desk_allow_internal else ways

    def _desk_can_sign(self, way):
        """Tell whether the office is set up for a way that a nature of letter asks for."""
        return way in ("paper", "internal")
