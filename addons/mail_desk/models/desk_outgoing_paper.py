from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import page_code


class DeskOutgoing(models.Model):
    """Signed on paper: printed with a code on each page, signed, scanned back, then numbered."""

    _inherit = "desk.outgoing"

    print_version_id = fields.Many2one(
        "gov.document.version",
        string="Printed to be signed",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    scan_version_id = fields.Many2one(
        "gov.document.version",
        string="Signed paper, as scanned",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    scan_by_hand = fields.Boolean(
        string="A person confirmed which letter the scan is", readonly=True, copy=False
    )
    can_print = fields.Boolean(compute="_compute_can_paper")
    can_scan = fields.Boolean(compute="_compute_can_paper")
    can_leave_paper = fields.Boolean(compute="_compute_can_paper")

    @api.depends("state", "unit_id", "user_id", "office_id", "nature_id")
    @api.depends_context("uid")
    def _compute_can_paper(self):
        for outgoing in self:
            outgoing.can_print = not outgoing._transition_refusal("paper")
            outgoing.can_scan = not outgoing._scan_refusal()
            outgoing.can_leave_paper = outgoing.state == "paper" and outgoing._is_ours()

    def _transition_refusal(self, new):
        refusal = super()._transition_refusal(new)
        if refusal:
            return refusal
        if new == "paper":
            return self._signing_refusal("paper")
        if new == "numbering" and self.state == "paper" and not self._scan_is_ready():
            return UserError(
                self.env._(
                    "The signed paper of the letter %(letter)s is not scanned back, or "
                    "the scan is still being checked. No number was spent.",
                    letter=self.display_name,
                )
            )
        return None

    def _scan_refusal(self):
        """Return why a signed paper of this letter cannot be scanned now, or None."""
        self.ensure_one()
        if self.state != "paper":
            return UserError(
                self.env._(
                    "The letter %(letter)s is not out to be signed on paper.",
                    letter=self.display_name,
                )
            )
        if not self._is_ours():
            return self._author_refusal()
        return None

    def _scan_is_ready(self):
        # Whether the file was checked is asked; who acts reads the letter.
        version_sudo = self.scan_version_id.sudo()
        return version_sudo.state == "released"

    def action_print_to_sign(self):
        """Print this validated letter to be signed on paper, with a code on each page.

        :return: action that opens the PDF; asked again, the same one
        :raise UserError: not validated, or paper is not allowed for this office or nature
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self.ensure_one()
        self.check_access("read")
        if self.state == "paper" and self._is_ours():
            return self.print_version_id.action_download()
        self._pass_gate("paper")
        try:
            pdf = page_code.stamp(self._signable_pdf(), self.reference, self.base)
        except page_code.CodeRefused as error:
            raise UserError(
                self.env._(
                    "This letter cannot be printed with its codes (%(why)s): take it back "
                    "and submit it again.",
                    why=str(error),
                )
            ) from error
        # Documents are written by the platform alone; the gate was passed.
        outgoing_sudo = self.sudo()
        version = outgoing_sudo.env["gov.document"]._store_generated(
            pdf,
            f"{self.reference}.pdf",
            "application/pdf",
            company=outgoing_sudo.company_id,
            owner=outgoing_sudo,
            name=self.env._("Letter to be signed on paper"),
        )
        self._desk_write(
            {
                "state": "paper",
                "print_version_id": version.id,
                "scan_version_id": False,
                "scan_by_hand": False,
            }
        )
        self._log("paper_printed", {})
        return self.print_version_id.action_download()

    def action_leave_paper(self):
        """Give up signing this letter on paper: it is validated, as before.

        :return: True
        :raise UserError: it is not out on paper
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self.ensure_one()
        self._pass_gate("validated")
        self._desk_write({"state": "validated", "scan_version_id": False})
        self._log("paper_left", {})
        return True

    def _signable_pdf(self):
        """Return what is sealed: the signed paper when there is one, else what was approved."""
        if self.state != "paper":
            return super()._signable_pdf()
        # Whoever has the letter numbered passed its gate.
        scan_sudo = self.scan_version_id.sudo()
        return page_code.as_pdf(scan_sudo._read_content())[0]
