from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import text


class DeskSlipLine(models.Model):
    """One line of a slip: a letter of ours with its pieces, or anything else."""

    _name = "desk.slip.line"
    _description = "Line of a transmission slip"
    _inherit = ["desk.role.mixin", "gov.gated"]
    _order = "slip_id, sequence, id"
    _check_company_auto = True

    slip_id = fields.Many2one(
        "desk.slip", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="slip_id.company_id", store=True, precompute=True
    )
    sequence = fields.Integer(default=10)
    outgoing_id = fields.Many2one(
        "desk.outgoing",
        string="Letter",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('company_id', '=', company_id), ('kind', '!=', 'note'), ('state', 'in', ('sealed', 'sent', 'read'))]",
    )
    designation = fields.Char(
        compute="_compute_designation", store=True, readonly=False, precompute=True
    )
    pieces = fields.Integer(
        string="Number of pieces",
        compute="_compute_designation",
        store=True,
        readonly=False,
        precompute=True,
        aggregator=None,
    )
    observations = fields.Char()
    sending_id = fields.Many2one(
        "desk.sending",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    _pieces_positive = models.Constraint(
        "CHECK(pieces > 0)", "A line of a slip has at least one piece."
    )

    @api.depends("outgoing_id")
    def _compute_designation(self):
        for line in self:
            letter = line.outgoing_id
            line.pieces = line.pieces or 1
            if letter:
                line.designation = self._letter_words(letter)
                # Annexes belong to the registered letter, whoever may read that.
                documents_sudo = letter.sudo().letter_id.document_ids
                line.pieces = max(
                    1,
                    len(documents_sudo.filtered(lambda d: d.role in ("main", "annex"))),
                )
            else:
                line.designation = line.designation or False

    @api.model
    def _letter_words(self, letter):
        spoken = letter.with_context(lang=letter.lang)
        return spoken.env._(
            "Letter no. %(number)s: %(subject)s",
            number=letter.number or letter.reference,
            subject=letter.subject or "",
        )[:400]

    @api.model
    def _gated_names(self):
        return frozenset({"sending_id"})

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._clean_vals(vals)
        lines = super().create(vals_list)
        lines._check_slips()
        lines._check_letters()
        return lines

    def write(self, vals):
        self._clean_vals(vals)
        self._check_slips()
        result = super().write(vals)
        if not self._desk_gate_is_open():
            # Nor does it move to a slip that is out.
            self._check_slips()
            self._check_letters()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_from_open_slips(self):
        self._check_slips()

    def _check_slips(self):
        if not self._desk_gate_is_open():
            for slip in self.slip_id:
                slip._check_open()

    def _check_letters(self):
        """Raise unless each letter of these lines may be read and has a number."""
        for line in self:
            letter = line.outgoing_id
            if not letter:
                continue
            letter.check_access("read")
            if letter.company_id != line.slip_id.company_id or not letter.number:
                raise UserError(
                    self.env._(
                        "The letter %(letter)s has no number yet: it is handed over once "
                        "it is sealed.",
                        letter=letter.display_name,
                    )
                )

    @api.model
    def _clean_vals(self, vals):
        vals.pop("sending_id", None) if not self._desk_gate_is_open() else None
        for name, limit in (("designation", 400), ("observations", 240)):
            if name in vals:
                vals[name] = text.clean_line(vals[name], limit) or False
