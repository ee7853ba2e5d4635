from odoo import api, fields, models
from odoo.exceptions import AccessError

from .parapheur_folder_gate import GATE

#: what happens to a row: the scan comes, it is handed in, later it may be withdrawn
CHANGING = {
    "scan_id",
    "scanned_at",
    "is_by_hand",
    "signed_by",
    "signed_on",
    "version_id",
    "state",
}


class ParapheurPaper(models.Model):
    """One document that was printed, signed by hand and scanned back: who declares it.

    Written by the folder's own methods only; what was printed and scanned stays.
    """

    _name = "parapheur.paper"
    _description = "Signature on paper"
    _order = "folder_id, id"
    _rec_name = "signed_by"
    _log_access = False
    _check_company_auto = True

    folder_id = fields.Many2one(
        "parapheur.folder",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    piece_id = fields.Many2one(
        "parapheur.piece",
        string="Document",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    step_id = fields.Many2one(
        "gov.circuit.run.step", required=True, readonly=True, ondelete="restrict"
    )
    # A copied name and a plain number: the row outlives the account.
    user_id = fields.Integer(readonly=True, index=True)
    user_name = fields.Char("Declared by", required=True, readonly=True)
    base_id = fields.Many2one(
        "gov.document.version",
        string="Version that was printed",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    printed_id = fields.Many2one(
        "gov.document.version",
        string="Printed, with its codes",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    printed_at = fields.Datetime("Printed on", required=True, readonly=True)
    piece_facts = fields.Json(
        readonly=True, help="Boxes and pages of the version that was printed."
    )
    scan_id = fields.Many2one(
        "gov.document.version", readonly=True, ondelete="restrict"
    )
    scanned_at = fields.Datetime("Scanned on", readonly=True)
    is_by_hand = fields.Boolean(
        "Pages compared by a person",
        readonly=True,
        help="The code of a page could not be read.",
    )
    signed_by = fields.Char("Signed by hand by", readonly=True)
    signed_on = fields.Date("Signed by hand on", readonly=True)
    version_id = fields.Many2one(
        "gov.document.version",
        string="What goes on in the circuit",
        readonly=True,
        ondelete="restrict",
        help="The scan, with the boxes of what is still to be signed and sealed.",
    )
    state = fields.Selection(
        [
            ("printed", "Printed"),
            ("scanned", "Scanned, not handed in yet"),
            ("valid", "Signed on paper"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="printed",
    )

    def _gated(self):
        """These rows for the folder's own methods."""
        return self.with_context(parapheur_gate=GATE)

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.context.get("parapheur_gate") is not GATE:
            raise AccessError(self._closed_sentence())
        return super().create(vals_list)

    def write(self, vals):
        """Refused, except what the folder's own methods write."""
        gate = self.env.context.get("parapheur_gate") is GATE
        if not gate or set(vals) - CHANGING:
            raise AccessError(self._closed_sentence())
        if any(one.state == "withdrawn" for one in self) or (
            set(vals) != {"state"} and any(one.state == "valid" for one in self)
        ):
            raise AccessError(self._closed_sentence())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self._closed_sentence())

    @api.model
    def _closed_sentence(self):
        return self.env._(
            "What was signed on paper is written by the folder's own buttons and never "
            "changes."
        )
