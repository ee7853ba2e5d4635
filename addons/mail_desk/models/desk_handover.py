from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.gov_base.lib import text

PROTECTED = {"state", "done_at", "line_ids"}
PARTS = ("letters", "opinions", "validations", "drafts")


class DeskHandover(models.Model):
    """Everything that is open of a person goes to others: somebody leaves, or is away for long (D16).

    What could not go is kept with its reason.
    """

    _name = "desk.handover"
    _description = "Handing over of somebody's letters"
    _inherit = ["desk.role.mixin", "gov.gated"]
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        index=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Who leaves",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        context={"active_test": False},
    )
    reason = fields.Char(required=True, size=240)
    letters = fields.Boolean(default=True)
    opinions = fields.Boolean("Opinions asked", default=True)
    validations = fields.Boolean("Visas and validations", default=True)
    drafts = fields.Boolean("Letters in preparation", default=True)
    target_ids = fields.One2many("desk.handover.target", "handover_id", string="To")
    state = fields.Selection(
        [("draft", "To do"), ("done", "Done")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    done_at = fields.Datetime("Done on", readonly=True, copy=False)
    line_ids = fields.One2many(
        "desk.handover.line", "handover_id", string="Report", readonly=True
    )
    open_count = fields.Integer("Open now", compute="_compute_open_count")
    moved_count = fields.Integer("Moved", compute="_compute_counts")
    left_count = fields.Integer("Could not be moved", compute="_compute_counts")

    @api.depends("user_id.name")
    def _compute_display_name(self):
        for handover in self:
            handover.display_name = self.env._(
                # Names of colleagues are shown to who hands their letters over.
                "Letters of %(name)s",
                name=handover.sudo().user_id.name or "–",
            )

    @api.depends("user_id", "company_id")
    def _compute_open_count(self):
        for handover in self:
            handover.open_count = self.env["desk.assignment"].search_count(
                handover._open_domain()
            )

    @api.depends("line_ids.moved")
    def _compute_counts(self):
        for handover in self:
            moved = handover.line_ids.filtered("moved")
            handover.moved_count = len(moved)
            handover.left_count = len(handover.line_ids - moved)

    def _open_domain(self):
        return [
            ("user_id", "=", self.user_id.id),
            ("company_id", "=", self.company_id.id),
            ("state", "=", "assigned"),
        ]

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------
    @api.model
    def _gated_names(self):
        return super()._gated_names() | PROTECTED

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_vals(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_vals(vals)
        if not self._desk_gate_is_open():
            self._check_open()
        return super().write(vals)

    def _check_open(self):
        """Raise when one of these was done: what was asked, and of whom, stays written."""
        if any(one.state == "done" for one in self):
            raise UserError(
                self.env._("This was done already: begin another one for the rest.")
            )

    @api.model
    def _check_vals(self, vals):
        if "reason" in vals:
            vals["reason"] = text.clean_line(vals["reason"]) or False
        if PROTECTED & vals.keys() and not self._desk_gate_is_open():
            raise AccessError(self.env._("The report is written by the platform."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if any(one.state == "done" for one in self):
            raise UserError(self.env._("What was handed over stays written."))

    # ------------------------------------------------------------------
    # Doing it
    # ------------------------------------------------------------------
    def action_process(self):
        """Move everything that is open of this person; say of each what could not be moved, and why.

        :return: True
        :raise UserError: done already, nobody to give it to, no reason
        :raise AccessError: neither head of a unit of this person, somebody above, nor supervisor
        """
        self.ensure_one()
        self.check_access("write")
        self._lock()
        self._check_ready()
        lines = []
        for part in self._parts():
            if self[part]:
                lines += getattr(self, f"_move_{part}")()
        # The report is the platform's; the gate was passed just before.
        handover_sudo = self.sudo()._desk_gated()
        handover_sudo.write(
            {
                "state": "done",
                "done_at": fields.Datetime.now(),
                "line_ids": [fields.Command.create(line) for line in lines],
            }
        )
        return True

    @api.model
    def _parts(self):
        """Names of what is handed over, in order; a bridge adds its own."""
        return PARTS

    def _lock(self):
        self._lock_or_tell(
            self.env._("This is being done at this very moment: reload it.")
        )

    def _check_ready(self):
        self._check_open()
        if not self.reason or not self.target_ids.user_ids:
            raise UserError(
                self.env._("Say why, and to whom the letters go. Nothing was moved.")
            )
        if not self._may():
            raise AccessError(
                self.env._(
                    "Only who heads a unit of this person, somebody above or a supervisor "
                    "of the desk hands these letters over."
                )
            )
        receivers = self.target_ids.user_ids
        present = self.env["gov.access"]._present(receivers, self.company_id)
        if receivers - present or self.user_id in receivers:
            raise UserError(
                self.env._(
                    "Give the letters to other active people of %(company)s.",
                    company=self.company_id.display_name,
                )
            )

    def _may(self):
        """Tell whether the user may begin this; each letter has its own gate besides."""
        if self._desk_is("supervisor") or self._is_above():
            return True
        # Where the person's letters are is compared, whoever asks.
        rows_sudo = self.env["desk.assignment"].sudo().search(self._open_domain())
        return bool(set(rows_sudo.unit_id.ids) & set(self._desk_headed().ids))

    def _is_above(self):
        standing = self.env["gov.absence"]._standing(self.user_id, self.company_id)
        return standing == "above"

    def _receivers(self, unit=None):
        """Return who gets what is in ``unit``: those named for it, else those named for all."""
        found = self.target_ids.filtered(lambda one: unit and one.unit_id == unit)
        found = found or self.target_ids.filtered(lambda one: not one.unit_id)
        return found.user_ids
